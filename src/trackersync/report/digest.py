"""The report in Markdown, short enough for a chat or a wiki, in the words and columns of those who read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from trackersync.report.escape import markdown_cell, markdown_link
from trackersync.report.ranking import listed_disputes, listed_gaps, score_value, why
from trackersync.report.tables import Ready, Table, many, markdown_list, markdown_table

if TYPE_CHECKING:
    from trackersync.model import Issue
    from trackersync.report.contents import Contents, Delivered
    from trackersync.scoring.engine import Ranking, Scored

Audience = Literal["executives", "engineers", "support"]
_LENGTHS: dict[Audience, int] = {"executives": 5, "engineers": 20, "support": 15}
_TITLE = 100


def render_digest(contents: Contents, audience: Audience) -> str:
    """What matters to them, with a heading."""
    ranking = contents.reasoned()
    parts = {"executives": _for_executives, "engineers": _for_engineers, "support": _for_support}[audience]
    head = [f"# Priorities, {contents.made_at:%Y-%m-%d}", "", _sentence(contents)]
    return "\n".join([*head, *parts(contents, ranking, _LENGTHS[audience])]) + "\n"


def _sentence(contents: Contents) -> str:
    ranked, gaps = contents.ranking.ranked, contents.ranking.needs_input
    trackers = markdown_cell(", ".join(each.name for each in contents.trackers))
    told = f"{many(len(ranked), 'issue')} of {trackers}"
    if when := contents.moved_when():
        moved = sum(1 for entry in ranked if contents.moved(entry))
        told += f"; {many(moved, 'issue')} moved {when}"
    return f"{told}; {many(len(gaps), 'issue')} could not be ranked for want of input."


def _for_executives(contents: Contents, ranking: Ranking, length: int) -> Iterator[str]:
    """What comes first, what changed its band, what the goals get, what was delivered: no scores."""
    rows = [
        (str(entry.rank), _cut(entry.issue), entry.band, _moved(contents, entry)) for entry in ranking.ranked[:length]
    ]
    yield from _section("What comes first", [("Rank", "right"), ("Issue", ""), ("Band", ""), ("Moved", "right")], rows)
    yield from _rebanded(contents, ranking, length)
    yield from _goals(contents)
    yield from _delivered(contents, length)
    yield from _list("Worth a decision", [warning for warning in ranking.warnings if warning.startswith("inflation")])


def _for_engineers(contents: Contents, ranking: Ranking, length: int) -> Iterator[str]:
    """The list with its reasons, and what is asked of them."""
    columns = [("Rank", "right"), ("Moved", "right"), ("Band", ""), ("Score", "right"), ("Issue", ""), ("Title", ""),
               ("Owner", ""), ("Why", "")]  # fmt: skip
    rows = [
        (str(entry.rank), _moved(contents, entry), entry.band, str(score_value(entry)), str(entry.issue.ref),
         _cut(entry.issue), ", ".join(each.name for each in entry.issue.assignees), why(entry.why))
        for entry in ranking.ranked[:length]
    ]  # fmt: skip
    yield from _section("The list", columns, rows)
    if ranking.needs_input:
        yield from ("", "## Needs input", "", *markdown_table(listed_gaps(ranking, length)))
    if ranking.disputed:
        yield from ("", "## People disagree", "", *markdown_table(listed_disputes(ranking, length)))
    yield from _list("Remarks", ranking.warnings)


def _for_support(contents: Contents, ranking: Ranking, length: int) -> Iterator[str]:
    """What to tell those who ask: when it comes, and what is there already."""
    rows = [
        (str(entry.issue.ref), _cut(entry.issue), horizon or entry.band, _moved(contents, entry))
        for entry, horizon in list(zip(ranking.ranked, contents.horizons(), strict=True))[:length]
    ]
    yield from _section("What is coming", [("Issue", ""), ("Title", ""), ("When", ""), ("Moved", "right")], rows)
    yield from _delivered(contents, length)


def _section(title: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    table = markdown_table(Table(columns, rows)) if rows else ["No issue is ranked."]
    yield from ("", f"## {title}", "", *table)


def _list(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield from ("", f"## {title}", "", *markdown_list(items))


def _rebanded(contents: Contents, ranking: Ranking, length: int) -> Iterator[str]:
    changed = [(entry, was) for entry in ranking.ranked if (was := contents.was(entry)) and was.band != entry.band]
    lines = [Ready(f"{_cut(entry.issue)}: {markdown_cell(f'{was.band} → {entry.band}')}") for entry, was in changed]
    yield from _list("What changed its band", _first(lines, length))


def _first(lines: Sequence[str], length: int) -> Sequence[str]:
    return [*lines[:length], f"and {len(lines) - length} more"] if len(lines) > length else lines


def _goals(contents: Contents) -> Iterator[str]:
    served = [account.goal for account in contents.accounts]
    lines = [f"{goal.name}: {many(served.count(goal.name), 'issue')}" for goal in contents.rules.goals]
    yield from _list("What the goals get", lines)


def _delivered(contents: Contents, length: int) -> Iterator[str]:
    bands = [band.name for band in contents.rules.bands]
    yield from _list("Delivered", _first([_told(each, bands) for each in contents.delivered], length))


def _told(each: Delivered, bands: Sequence[str]) -> Ready:
    """What was done and, of the two highest bands that it was in, how long it had been there."""
    stays = ", ".join(f"{band} for {_long(time)}" for band, time in each.time_in(bands)[:2])
    return Ready(_cut(each.issue) + (f" ({markdown_cell(stays)})" if stays else ""))


def _long(time: timedelta) -> str:
    days = round(time / timedelta(days=1))
    return many(days, "day") if days else "less than a day"


def _cut(issue: Issue) -> Ready:
    """The title, not all of a long one, leading to the issue."""
    title = issue.title if len(issue.title) <= _TITLE else f"{issue.title[:_TITLE]}…"
    return Ready(markdown_link(title or "(no title)", issue.url))


def _moved(contents: Contents, entry: Scored) -> str:
    places = contents.moved(entry)
    if places is None:
        return "new" if contents.moved_when() else ""
    return "" if not places else f"{'▲' if places > 0 else '▼'} {abs(places)}"
