"""What the page works with: columns rather than rows, and every text that comes again kept once.

Private to this version of the page: whoever wants the data takes `--format json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from trackersync.plan.overrides import expires_at
from trackersync.report.escape import printable, web_address
from trackersync.report.explanation import counted, plain
from trackersync.report.history import ended, what_moved
from trackersync.report.overrides import fate
from trackersync.report.ranking import left_out, score_value
from trackersync.report.told import shown_value
from trackersync.scoring.steps import strongest_of

if TYPE_CHECKING:
    from trackersync.change import Outcome, WriteTarget
    from trackersync.model import Issue, IssueKey, IssueRef, Standing, Value
    from trackersync.report.contents import Contents, Delivered, Run, TrackerHealth
    from trackersync.scoring.accounts import Account
    from trackersync.scoring.engine import NeedsInput, Scored
    from trackersync.scoring.votes import Dispute
    from trackersync.store import Movement, Place

_KEPT = 400
"""Characters of a title, or of whatever else a tracker holds, that are kept: there are some of tens of thousands."""


class _Texts:
    """Every text once, told by its number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))


def page_data(contents: Contents) -> dict[str, Any]:
    """Everything, ready for JSON."""
    texts, ranking, rules = _Texts(), contents.ranking, contents.rules
    issues = _issues(contents, texts)
    data = {
        "made": contents.made_at.isoformat(),
        "since": _moment(contents.since),
        "last": _moment(contents.before_at),
        "moved": "in the last run" if contents.applied else "since the last run",
        "framework": rules.framework,
        "formula": contents.formula,
        "size": contents.size,
        "sized": "input" if any(each.name == contents.size for each in rules.inputs) else "column",
        "bands": [band.name for band in rules.bands],
        "goals": [[goal.name, goal.weight, goal.because] for goal in rules.goals],
        "axes": [contents.axes.across, contents.axes.up] if contents.axes else None,
        "capacity": _capacity(contents),
        "warnings": [printable(warning) for warning in ranking.warnings],
        "issues": issues,
        "gaps": [_gap(entry) for entry in ranking.needs_input],
        "disputes": [_dispute(entry) for entry in ranking.disputed],
        "leftOut": [printable(line) for line in left_out(ranking)],
        "overrides": _overrides(contents),
        "corrected": [[each.kind, each.name, each.decided, each.overridden] for each in contents.corrected],
        "runs": [_run(run, contents, newest=not place) for place, run in enumerate(contents.runs)],
        "delivered": [_delivered(each, contents) for each in contents.delivered],
        "trackers": [_health(each, contents) for each in contents.trackers],
    }
    return data | {"texts": [*texts.numbers]}


def cut(text: str) -> str:
    """What is shown of any text: harmless, and the rest of a very long one left out."""
    shown = printable(text[: _KEPT + 1])
    return shown if len(text) <= _KEPT else f"{shown[:_KEPT]}…"


def _named(issue: Issue) -> list[str]:
    return [printable(issue.ref.key), cut(issue.title), web_address(issue.url), issue.ref.tracker]


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _issues(contents: Contents, texts: _Texts) -> dict[str, list[Any]]:
    """The ranked list, a column for everything told of an issue."""
    ranked = contents.ranking.ranked
    columns: dict[str, list[Any]] = {
        "key": [printable(entry.issue.ref.key) for entry in ranked],
        "title": [cut(entry.issue.title) for entry in ranked],
        "url": [web_address(entry.issue.url) for entry in ranked],
        "tracker": [texts(entry.issue.ref.tracker) for entry in ranked],
        "state": [texts(cut(entry.issue.state)) for entry in ranked],
        "band": [texts(entry.band) for entry in ranked],
        "score": [score_value(entry) for entry in ranked],
        "labels": [[texts(label) for label in _labels(contents, entry.issue)] for entry in ranked],
        "people": [[texts(cut(person.name)) for person in entry.issue.assignees] for entry in ranked],
    }
    columns |= _movements(contents, ranked, texts)
    columns |= _reasons(contents.accounts, texts)
    if contents.axes:
        columns["across"], columns["up"] = map(list, zip(*contents.axes.points, strict=True)) if ranked else ([], [])
    if contents.roadmap:
        columns["horizon"] = [texts(name) for name in contents.roadmap.horizons]
    return columns


def _labels(contents: Contents, issue: Issue) -> list[str]:
    """Those that people gave it."""
    ours = contents.label_prefixes.get(issue.ref.tracker)
    return [cut(label) for label in issue.labels if not (ours and label.startswith(ours))]


def _movements(contents: Contents, ranked: Sequence[Scored], texts: _Texts) -> dict[str, list[Any]]:
    """Rank and band in the list that was last applied, 0 and -1 where it was in none; the same at `since`."""
    keys = [entry.issue.ref.issue_key for entry in ranked]
    lists: list[tuple[str, Mapping[IssueKey, Standing | Place]]] = [("Before", contents.before)]
    if contents.since:
        lists.append(("Then", contents.then))
    moves = (contents.movements.get(key, ()) for key in keys)
    found: dict[str, list[Any]] = {"history": [_history(each, contents.moves_told, texts) for each in moves]}
    for name, places in lists:
        was = [places.get(key) for key in keys]
        found[f"rank{name}"] = [each.rank if each else 0 for each in was]
        found[f"band{name}"] = [texts(each.band) if each else -1 for each in was]
    return found


def _history(movements: Sequence[Movement], most: int, texts: _Texts) -> list[Any]:
    """The last moves of an issue, newest first, five entries each; rank 0 is not in the list."""
    flat: list[Any] = []
    for move, why in list(zip(movements, what_moved(movements), strict=True))[:most]:
        flat += [texts(move.at.isoformat()), move.rank or 0, texts(move.band or ""), move.score, texts(cut(why))]
    return flat


def _reasons(accounts: Sequence[Account], texts: _Texts) -> dict[str, list[Any]]:
    """Of every issue its steps, five entries each, and its inputs, three each; both flat, which is half the size."""
    return {
        "steps": [_steps(account, texts) for account in accounts],
        "why": [_strongest(account) for account in accounts],
        "uses": [
            [cell for use in account.uses for cell in (texts(use.name), texts(cut(counted(use))),
             texts(cut(use.origin)))]
            for account in accounts
        ],
        "size": [account.size for account in accounts],
        "goal": [-1 if account.goal is None else texts(account.goal) for account in accounts],
    }  # fmt: skip


def _steps(account: Account, texts: _Texts) -> list[Any]:
    flat: list[Any] = []
    for step in account.steps:
        because = texts(step.because or "")
        flat += [texts(step.name), because, texts(cut(step.operation)), plain(step.after), int(step.applied)]
    return flat


def _strongest(account: Account) -> list[int]:
    steps = account.steps[: account.reasons]
    did = strongest_of(steps)
    return [place for place, step in enumerate(steps) if any(step is each for each in did)]


def _gap(entry: NeedsInput) -> list[Any]:
    missing, ask = ([cut(each) for each in names] for names in (entry.missing, entry.ask))
    return [*_named(entry.issue), missing, cut(entry.detail), ask, entry.best_rank]


def _dispute(entry: Dispute) -> list[Any]:
    people = [[cut(person), value] for person, value in entry.people]
    return [*_named(entry.issue), entry.input, entry.disagreement, entry.low, entry.high, people]


def _overrides(contents: Contents) -> list[Any]:
    found = []
    for each in contents.overrides:
        override = each.override
        ref, target = override.ref, override.target
        values = (_value(contents, ref, target, value) for value in (override.wrote, override.found))
        told = [printable(ref.key), ref.tracker, printable(str(target)), *values]
        until = _moment(expires_at(each, contents.policy))
        found.append([*told, each.since.isoformat(), until, fate(each, contents.policy, contents.made_at)])
    return found


def _value(contents: Contents, ref: IssueRef, target: WriteTarget, value: Value) -> str:
    return cut(shown_value(value, target, ref.tracker, contents.refs))


def _run(run: Run, contents: Contents, *, newest: bool) -> dict[str, Any]:
    info = run.info
    return {
        "id": info.id,
        "at": info.at.isoformat(),
        "by": printable(info.by or ""),
        "ended": ended(info, newest=newest),
        "allowed": list(info.allowed),
        "outcomes": {str(status): count for status, count in sorted(info.outcomes.items())},
        "changes": _changed(run.outcomes, contents),
        "more": sum(info.outcomes.values()) - len(run.outcomes),
    }


def _changed(outcomes: Sequence[Outcome], contents: Contents) -> list[list[Any]]:
    """By issue, in the order of the first write to each: all its changes, and why."""
    by_issue: dict[IssueKey, list[Outcome]] = {}
    for outcome in outcomes:
        by_issue.setdefault(outcome.change.ref.issue_key, []).append(outcome)
    return [
        [
            printable(mine[0].change.ref.key), mine[0].change.ref.tracker,
            [_change(outcome, contents) for outcome in mine],
            [*dict.fromkeys(cut(outcome.change.reason) for outcome in mine)],
        ]
        for mine in by_issue.values()
    ]  # fmt: skip


def _change(outcome: Outcome, contents: Contents) -> list[str]:
    change = outcome.change
    before, after = (_value(contents, change.ref, change.target, value) for value in (change.before, change.after))
    return [printable(str(change.target)), before, after, str(outcome.status), cut(outcome.detail)]


def _delivered(each: Delivered, contents: Contents) -> list[Any]:
    bands = [band.name for band in contents.rules.bands]
    held = [[band, round(time / timedelta(days=1), 1)] for band, time in each.time_in(bands)]
    return [*_named(each.issue), _moment(each.issue.closed_at), held]


def _health(each: TrackerHealth, contents: Contents) -> dict[str, Any]:
    ranking, known = contents.ranking, each.snapshot
    parts = (ranking.ranked, ranking.needs_input, ranking.excluded)
    ranked, gaps, left_out = (sum(entry.issue.ref.tracker == each.name for entry in entries) for entries in parts)
    count = known.count if known else 0
    return {
        "name": each.name,
        "connector": each.connector,
        "taken": _moment(known.taken_at if known else None),
        "whole": _moment(known.whole_at if known else None),
        "count": count,
        "unread": list(each.unread),
        "failed": [each.failed.at.isoformat(), cut(each.failed.error)] if each.failed else None,
        "ranked": ranked,
        "gaps": gaps,
        "leftOut": left_out,
        # Whatever is not done is one of these.
        "done": count - ranked - gaps - left_out,
    }


def _capacity(contents: Contents) -> list[Any] | None:
    if contents.roadmap is None:
        return None
    capacity = contents.roadmap.capacity
    return [capacity.points, capacity.per / timedelta(days=1)]
