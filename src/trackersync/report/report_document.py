"""The report as JSON. It is stable: keys are added, never renamed or removed; `docs/report.md` tells them all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from trackersync.report.escape import json_text
from trackersync.report.history import history_document
from trackersync.report.overrides import corrections_document, overrides_document
from trackersync.report.ranking import disputed_row, excluded_row, missing_row, row

if TYPE_CHECKING:
    from trackersync.report.contents import Contents, Delivered, TrackerHealth
    from trackersync.scoring.accounts import Account
    from trackersync.scoring.engine import Scored


def render_document(contents: Contents) -> str:
    """Everything that a report tells."""
    ranking = contents.reasoned()
    runs = [run.info for run in contents.runs]
    entries = zip(ranking.ranked, contents.accounts, contents.horizons(), strict=True)
    document = {
        "made_at": contents.made_at.isoformat(),
        "since": _moment(contents.since),
        "before_at": _moment(contents.before_at),
        "framework": contents.rules.framework,
        "formula": contents.formula,
        "ranked": [_ranked(contents, *entry) for entry in entries],
        "needs_input": [missing_row(entry) for entry in ranking.needs_input],
        "excluded": [excluded_row(entry) for entry in ranking.excluded],
        "disputed": [disputed_row(entry) for entry in ranking.disputed],
        "warnings": list(ranking.warnings),
        "delivered": [_delivered(each, contents) for each in contents.delivered],
        "trackers": [_tracker(each) for each in contents.trackers],
        **overrides_document(contents.overrides, contents.policy, contents.made_at),
        **corrections_document(contents.corrected),
        **history_document(runs, runs[0].id if runs else None),
    }
    return json_text(document) + "\n"


def _ranked(contents: Contents, entry: Scored, account: Account, horizon: str | None) -> dict[str, Any]:
    issue, was = entry.issue, contents.before.get(entry.issue.ref.issue_key)
    then = contents.then.get(issue.ref.issue_key)
    return row(entry) | {
        "rank_before": was.rank if was else None,
        "band_before": (was.band or None) if was else None,
        "state": issue.state,
        "owners": [person.name for person in issue.assignees],
        "labels": list(issue.labels),
        "size": account.size,
        "goal": account.goal,
        "roadmap": horizon,
        "rank_then": then.rank if then else None,
        "band_then": (then.band or None) if then else None,
    }


def _delivered(each: Delivered, contents: Contents) -> dict[str, Any]:
    issue, bands = each.issue, [band.name for band in contents.rules.bands]
    return {
        "ref": str(issue.ref), "tracker": issue.ref.tracker, "title": issue.title, "url": issue.url,
        "closed_at": _moment(issue.closed_at), "band": each.band(),
        "in_band_since": _moment(each.stays[-1].began if each.stays else None),
        "days_in_bands": {band: round(time / timedelta(days=1), 2) for band, time in each.time_in(bands)},
    }  # fmt: skip


def _tracker(each: TrackerHealth) -> dict[str, Any]:
    known = each.snapshot
    return {
        "name": each.name, "connector": each.connector, "issues": known.count if known else None,
        "taken_at": _moment(known.taken_at if known else None), "whole_at": _moment(known.whole_at if known else None),
        "unread": list(each.unread), "failed_at": _moment(each.failed.at if each.failed else None),
        "error": each.failed.error if each.failed else None,
    }  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
