"""`trackersync history`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.costs import outcomes
from trackersync.cli.terminal import print_table, say
from trackersync.cli.workspace import opened

if TYPE_CHECKING:
    from trackersync.store import Entry, Movement, RunInfo
    from trackersync.sync import Workspace

SHOWN = 20
"""Runs or values when nobody says how many."""


@click.command("history")
@click.argument("ref", required=False)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help=f"Only the newest N. [table: {SHOWN}, else all]")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_obj
def command(file: Path, *, ref: str | None, limit: int | None, form: str) -> None:
    """Show the runs, newest first, or with REF where one issue stood in them, what moved it, and what was written.

    \b
    trackersync history
    trackersync history jira:CORE-7
    """
    with opened(file) as workspace:
        shown = limit or (SHOWN if form == "table" else None)
        if ref is None:
            _tell_runs(workspace, shown, form)
        else:
            _tell_issue(workspace, ref, shown, form)


def _tell_runs(workspace: Workspace, shown: int | None, form: str) -> None:
    from trackersync.report.escape import json_text
    from trackersync.report.history import history_document

    runs = workspace.store.runs(shown)
    newest = runs[0].id if runs else None
    if form == "json":
        click.echo(json_text(history_document(runs, newest)))
    elif runs:
        print_runs(runs)
    else:
        say("Nothing was ever written.")


def print_runs(runs: Sequence[RunInfo]) -> None:
    """A row a run; the first is the newest of all."""
    from trackersync.report.history import ended

    rows = (
        (
            run.id,
            f"{run.at:%Y-%m-%d %H:%M:%S}",
            run.by or "–",
            ended(run, newest=place == 0),
            outcomes(dict(sorted(run.outcomes.items()))),
            ", ".join(run.allowed),
        )
        for place, run in enumerate(runs)
    )
    columns = [
        ("Run", ""),
        ("Began (UTC)", ""),
        ("By", ""),
        ("Ended", ""),
        ("What came of it", "wrap"),
        ("Guards allowed", ""),
    ]
    print_table(columns, rows)


def _tell_issue(workspace: Workspace, name: str, shown: int | None, form: str) -> None:
    from trackersync.report.escape import json_text
    from trackersync.report.history import issue_history_document
    from trackersync.sync.naming import find_ref

    ref = find_ref(workspace, name)
    entries = workspace.store.entries(ref.issue_key)
    movements = workspace.store.movements([ref.issue_key]).get(ref.issue_key, [])
    if form == "json":
        click.echo(json_text(issue_history_document(ref, entries, movements, workspace.store.runs(), shown)))
        return
    say(str(ref))
    if movements:
        _print_movements(movements, shown)
        say()
    if entries:
        _print_entries(workspace, entries[:shown])
    else:
        say(f"Nothing was ever written to {ref}.")


def _print_movements(movements: Sequence[Movement], most: int | None) -> None:
    """A line of bars, oldest first, the higher the better; then a row a run that moved the issue, the newest."""
    from trackersync.report.history import sparkline, what_moved

    if len(movements) > 1:
        oldest_first = movements[:most][::-1]
        say(f"Rank   {sparkline([None if each.rank is None else -each.rank for each in oldest_first])}")
        say(f"Score  {sparkline([each.score for each in oldest_first])}")
        say()
    columns = [("Run", ""), ("Began (UTC)", ""), ("Rank", "right"), ("Band", ""), ("Score", "right")]
    rows = (
        (each.run, f"{each.at:%Y-%m-%d %H:%M}", _or_none(each.rank), each.band or "–", _or_none(each.score), why)
        for each, why in zip(movements, what_moved(movements), strict=True)
    )
    print_table([*columns, ("What moved it", "wrap")], islice(rows, most))


def _or_none(number: float | None) -> str:
    return "–" if number is None else f"{number:g}"


def _print_entries(workspace: Workspace, entries: Sequence[Entry]) -> None:
    from trackersync.report.told import shown_value
    from trackersync.sync.naming import known_refs

    refs = {ref.issue_key: ref for ref in known_refs(workspace)}
    rows = []
    for entry in entries:
        change, outcome = entry.outcome.change, entry.outcome
        before, after = (
            shown_value(value, change.target, change.ref.tracker, refs) for value in (change.before, change.after)
        )
        became = f"{outcome.status}: {outcome.detail}" if outcome.detail else str(outcome.status)
        rows.append(
            (f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.run, change.target, before, "→", after, became, change.reason)
        )
    heads = ("Written (UTC)", "Run", "What", "Before", "", "After")
    print_table([*((head, "") for head in heads), ("Outcome", "wrap"), ("Why", "wrap")], rows)
