"""The report as CSV: a line an issue, for spreadsheets; nothing in it is taken for a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from trackersync.report.escape import csv_cell
from trackersync.report.ranking import score_value, why

if TYPE_CHECKING:
    from trackersync.report.contents import Contents

COLUMNS = (
    "rank", "rank_before", "band", "band_before", "score", "ref", "tracker", "title", "url", "state", "owners",
    "labels", "size", "goal", "roadmap", "why", "rank_then", "band_then",
)  # fmt: skip


def render_flat(contents: Contents) -> str:
    """A header and a line an issue, first to last."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    ranked = contents.reasoned().ranked
    for entry, account, horizon in zip(ranked, contents.accounts, contents.horizons(), strict=True):
        issue, key = entry.issue, entry.issue.ref.issue_key
        was, then = contents.before.get(key), contents.then.get(key)
        cells = (
            entry.rank, was and was.rank, entry.band, was and was.band, score_value(entry), str(issue.ref),
            issue.ref.tracker, issue.title, issue.url, issue.state, ", ".join(each.name for each in issue.assignees),
            ", ".join(issue.labels), account.size, account.goal, horizon, why(entry.why),
            then and then.rank, then and then.band,
        )  # fmt: skip
        writer.writerow([csv_cell(cell) for cell in cells])
    return out.getvalue()
