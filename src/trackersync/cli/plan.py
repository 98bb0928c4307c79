"""`trackersync plan`."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.costs import cost_lines
from trackersync.cli.messages import tell_error
from trackersync.cli.options import allow_option
from trackersync.cli.progress import progress
from trackersync.cli.pull import failure_code, tell_failures
from trackersync.cli.terminal import on_terminal, print_lines, print_table, say
from trackersync.cli.workspace import opened
from trackersync.errors import GuardError
from trackersync.report.tables import many
from trackersync.report.told import value_text

if TYPE_CHECKING:
    from trackersync.change import Change, Forecast, FoundOverride
    from trackersync.model import IssueKey, Value
    from trackersync.plan.document import Plan
    from trackersync.sync import Workspace

log = logging.getLogger("trackersync")

EXIT_CHANGES = 4
EXIT_REFUSED = 5
SHOWN = 200
"""Changes that a terminal shows unless all are asked for; what is piped is always complete."""


@click.command("plan")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Save the plan for `apply`.")
@click.option("--offline", is_flag=True, help="Plan on the stored snapshots, reading nothing.")
@click.option("--all", "whole", is_flag=True, help=f"Show every change on a terminal too, not the first {SHOWN}.")
@click.option("--exit-code", is_flag=True, help="Exit with 4 where the plan has changes.")
@allow_option
@click.pass_context
def command(
    ctx: click.Context, *, out: Path | None, offline: bool, whole: bool, exit_code: bool, allow: tuple[str, ...]
) -> None:
    """Show the changes that would be written, and why; writes to no tracker.

    A terminal shows the first 200 of them and what they all come to; a pipe and a saved plan have every one.

    \b
    trackersync plan --out plan.json
    trackersync apply plan.json
    """
    from trackersync.plan.document import write_plan
    from trackersync.sync import forecast, make_plan

    with opened(ctx.obj) as workspace, progress("reading") as told:
        plan, results = make_plan(workspace, offline=offline, allow=allow, progress=told)
        forecasts = forecast(workspace, plan, offline=offline)
    print_plan(plan, whole=whole)
    print_summary(plan)
    print_forecasts(workspace, forecasts)
    if out is not None:
        write_plan(plan, out)
        log.info("wrote %s; apply it with `trackersync apply %s`", out, out)
    tell_failures(results)
    if plan.refused:
        tell_error(GuardError(plan.refused))
        ctx.exit(EXIT_REFUSED)
    ctx.exit(failure_code(results) or (EXIT_CHANGES if exit_code and plan.changes else 0))


def print_forecasts(workspace: Workspace, forecasts: Mapping[str, Forecast]) -> None:
    """What applying takes on each tracker."""
    for tracker, cost in forecasts.items():
        for line in cost_lines(tracker, cost, workspace.config.budget.get(tracker)):
            say(line)


def print_plan(plan: Plan, *, whole: bool = False) -> None:
    """The changes with their reasons, on a terminal the first unless `whole`, and all that is not written."""
    print_changes(plan, len(plan.changes) if whole or not on_terminal() else SHOWN)
    print_left_alone(plan)
    print_skipped(plan)
    for note in plan.notes:
        say(f"note: {note}")


def print_skipped(plan: Plan) -> None:
    """A line for every tracker that the plan does not write to."""
    for skipped in plan.skipped:
        say(f"skipped: {skipped.tracker}: {skipped.reason}")


def print_left_alone(plan: Plan) -> None:
    """A line for everything that people decided otherwise."""
    keys = {standing.ref.issue_key: standing.ref.key for standing in plan.standings}
    for override in plan.overrides:
        say(f"left alone: {override.ref} {override.target}: {override_text(override, keys)}")


def print_changes(plan: Plan, shown: int) -> None:
    """The first changes: a few as a table that fits the terminal, many as a line each, since a table takes long."""
    if not plan.changes:
        return
    rows = change_rows(plan.changes[:shown])
    if shown > SHOWN:
        print_lines(COLUMNS, rows)
    else:
        print_table([(heading, "") for heading in COLUMNS], rows)
    if more := len(plan.changes[shown:]):
        say(f"… and {more:,} more: --all shows them, --out FILE saves them all")
    say()


COLUMNS = ("Issue", "What", "Now", "", "Then", "Why")


def change_rows(changes: Sequence[Change]) -> Iterator[tuple[object, ...]]:
    """A row a change; what repeats the row above is left out, so that the eye finds the issues."""
    above: tuple[object, str] = (None, "")
    for change in changes:
        ref, why = change.ref, change.reason
        shown = ("" if ref == above[0] else ref, "" if (ref, why) == above else why)
        above = (ref, why)
        # A place is told by its neighbour, whom the reason names; the ids in the values are for the connector.
        now, then = ("", "moves") if change.target.kind == "order" else map(value_text, (change.before, change.after))
        yield shown[0], change.target, now, "→", then, shown[1]


def print_summary(plan: Plan) -> None:
    """What the plan comes to, and how many issues it does without."""
    say(_changes(plan))
    if plan.needs_input:
        need = "issue needs input and is" if plan.needs_input == 1 else "issues need input and are"
        say(f"{plan.needs_input:,} {need} not ranked: `trackersync score` tells what is missing.")


def _changes(plan: Plan) -> str:
    issues = len({change.ref.issue_key for change in plan.changes})
    if not plan.trackers:
        return "Nothing is planned: no tracker could be read."
    if not plan.changes:
        return f"No changes: {_carrying(len(plan.standings))}"
    moves = sum(change.target.kind == "order" for change in plan.changes)
    ranked = many(len(plan.standings), "ranked issue")
    return f"{many(len(plan.changes), 'change')} to {issues:,} of {ranked}, {moves:,} of them moves."


def _carrying(issues: int) -> str:
    if not issues:
        return "no issue is ranked."
    return (
        f"{issues:,} ranked issues carry what they should." if issues > 1 else "1 ranked issue carries what it should."
    )


def override_text(override: FoundOverride, keys: Mapping[IssueKey, str]) -> str:
    """What somebody did; a place in the order is told by the key of the issue before it."""
    if override.target.kind != "order":
        return f"somebody changed {value_text(override.wrote)} to {value_text(override.found)}"
    tracker = override.ref.tracker
    was, now = (_place_text(place, tracker, keys) for place in (override.wrote, override.found))
    return f"somebody moved it from {was} to {now}; it stays there, and the others are ordered around it"


def _place_text(place: Value, tracker: str, keys: Mapping[IssueKey, str]) -> str:
    match place:
        case ("after", id_):
            return f"after {keys.get((tracker, id_), id_)}"
        case _:
            return "the top"
