"""`trackersync plan`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.costs import cost_lines
from trackersync.cli.messages import tell_error
from trackersync.cli.options import allow_option
from trackersync.cli.pull import failure_code, tell_failures
from trackersync.cli.terminal import print_table, progress, say
from trackersync.cli.workspace import opened
from trackersync.errors import GuardError

if TYPE_CHECKING:
    from trackersync.model import Value
    from trackersync.plan.document import Plan

log = logging.getLogger("trackersync")

EXIT_CHANGES = 4
EXIT_REFUSED = 5


@click.command("plan")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Save the plan for `apply`.")
@click.option("--offline", is_flag=True, help="Plan on the stored snapshots, reading nothing.")
@click.option("--exit-code", is_flag=True, help="Exit with 4 where the plan has changes.")
@allow_option
@click.pass_context
def command(ctx: click.Context, *, out: Path | None, offline: bool, exit_code: bool, allow: tuple[str, ...]) -> None:
    """Show every change that would be written, and why; writes to no tracker.

    \b
    trackersync plan --out plan.json
    trackersync apply plan.json
    """
    from trackersync.plan.document import write_plan
    from trackersync.sync import forecast, make_plan

    with opened(ctx.obj) as workspace, progress("reading") as told:
        plan, results = make_plan(workspace, offline=offline, allow=allow, progress=told)
        forecasts = forecast(workspace, plan, offline=offline)
    print_plan(plan)
    for tracker, cost in forecasts.items():
        for line in cost_lines(tracker, cost, workspace.config.budget.get(tracker)):
            say(line)
    if out is not None:
        write_plan(plan, out)
        log.info("wrote %s; apply it with `trackersync apply %s`", out, out)
    tell_failures(results)
    if plan.refused:
        tell_error(GuardError(plan.refused))
        ctx.exit(EXIT_REFUSED)
    ctx.exit(failure_code(results) or (EXIT_CHANGES if exit_code and plan.changes else 0))


def print_plan(plan: Plan) -> None:
    """Every change with its reason, then what it comes to."""
    if plan.changes:
        columns = [("Issue", ""), ("What", ""), ("Now", ""), ("", ""), ("Then", ""), ("Why", "")]
        print_table(columns, change_rows(plan))
        say()
    for override in plan.overrides:
        wrote, found = value_text(override.wrote), value_text(override.found)
        say(f"left alone: {override.ref} {override.target}: somebody changed {wrote} to {found}")
    for skipped in plan.skipped:
        say(f"skipped: {skipped.tracker}: {skipped.reason}")
    for note in plan.notes:
        say(f"note: {note}")
    say(summary(plan))


def change_rows(plan: Plan) -> Iterator[tuple[object, ...]]:
    """A row a change; what repeats the row above is left out, so that the eye finds the issues."""
    above: tuple[object, str] = (None, "")
    for change in plan.changes:
        ref, why = change.ref, change.reason
        shown = ("" if ref == above[0] else ref, "" if (ref, why) == above else why)
        above = (ref, why)
        # A place is told by its neighbour, whom the reason names; the ids in the values are for the connector.
        now, then = ("", "moves") if change.target.kind == "order" else map(value_text, (change.before, change.after))
        yield shown[0], change.target, now, "→", then, shown[1]


def summary(plan: Plan) -> str:
    """What the plan comes to, in one line."""
    issues = len({change.ref.issue_key for change in plan.changes})
    if not plan.trackers:
        return "Nothing is planned: no tracker could be read."
    if not plan.changes:
        return f"No changes: {len(plan.standings)} ranked issues carry what they should."
    moves = sum(change.target.kind == "order" for change in plan.changes)
    return f"{len(plan.changes)} changes to {issues} of {len(plan.standings)} ranked issues, {moves} of them moves."


def value_text(value: Value) -> str:
    """A value as people read it."""
    match value:
        case None | ():
            return "–"
        case tuple():
            return " ".join(value)
        case _:
            return str(value)
