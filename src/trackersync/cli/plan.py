"""`trackersync plan`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.options import allow_option
from trackersync.cli.pull import tell_failures
from trackersync.cli.terminal import print_table, progress, say
from trackersync.cli.workspace import opened

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
    from trackersync.sync import make_plan

    with opened(ctx.obj) as workspace, progress("reading") as told:
        plan, results = make_plan(workspace, offline=offline, allow=allow, progress=told)
    print_plan(plan)
    if out is not None:
        write_plan(plan, out)
        log.info("wrote %s; apply it with `trackersync apply %s`", out, out)
    failed = tell_failures(results)
    if plan.refused:
        for verdict in plan.refused:
            log.error("refused by guard %s: %s", verdict.name, verdict.message)
        ctx.exit(EXIT_REFUSED)
    ctx.exit(failed or (EXIT_CHANGES if exit_code and plan.changes else 0))


def print_plan(plan: Plan) -> None:
    """Every change with its reason, then what it comes to."""
    if plan.changes:
        rows = ((c.ref, c.target, value_text(c.before), "→", value_text(c.after), c.reason) for c in plan.changes)
        columns = [("Issue", ""), ("What", ""), ("Now", ""), ("", ""), ("Then", ""), ("Why", "")]
        print_table(columns, rows)
        say()
    for override in plan.overrides:
        say(
            f"left alone: {override.ref} {override.target}: somebody changed {value_text(override.wrote)} "
            f"to {value_text(override.found)}"
        )
    for skipped in plan.skipped:
        say(f"skipped: {skipped.tracker}: {skipped.reason}")
    for note in plan.notes:
        say(f"note: {note}")
    say(summary(plan))


def summary(plan: Plan) -> str:
    """What the plan comes to, in one line."""
    issues = len({change.ref.issue_key for change in plan.changes})
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
