"""`trackersync revert`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.apply import EXIT_PARTLY, exit_code, print_result
from trackersync.cli.asking import confirm
from trackersync.cli.plan import print_forecasts, print_plan
from trackersync.cli.progress import progress
from trackersync.cli.pull import failure_code, tell_failures
from trackersync.cli.terminal import say
from trackersync.cli.workspace import opened
from trackersync.report.tables import many

if TYPE_CHECKING:
    from trackersync.plan.document import Plan

log = logging.getLogger("trackersync")


@click.command("revert")
@click.argument("run")
@click.option("--ref", "refs", multiple=True, metavar="REF", help="Only this issue; may be given several times.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Only save the plan, for `apply`.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def command(ctx: click.Context, *, run: str, refs: tuple[str, ...], out: Path | None, yes: bool) -> None:
    """Put back what a run found, wherever nobody touched it since.

    It is shown as any plan, and is a run of its own, which can be reverted in turn. `history` lists the runs.

    \b
    trackersync revert 20261122-221503-3fa2
    trackersync revert 20261122-221503-3fa2 --ref jira:CORE-7 --yes
    trackersync revert 20261122-221503-3fa2 --out undo.json
    """
    from trackersync.plan.document import write_plan
    from trackersync.sync import apply_plan, forecast, plan_reversal
    from trackersync.sync.naming import find_ref

    if out is not None and yes:
        raise click.UsageError("--out writes nothing but the file, so there is nothing to say --yes to")
    if out is None and not yes and not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on; give --yes, or --out FILE and then `apply FILE`")
    with opened(ctx.obj) as workspace:
        chosen = {find_ref(workspace, ref).issue_key for ref in refs} if refs else None
        with progress("reading") as told:
            plan, results = plan_reversal(workspace, run, chosen=chosen, progress=told)
            forecasts = forecast(workspace, plan)
        print_plan(plan)
        say(summary(plan, run))
        print_forecasts(workspace, forecasts)
        tell_failures(results)
        failed = failure_code(results) or int(bool(plan.skipped))
        if out is not None:
            write_plan(plan, out)
            log.info("wrote %s; apply it with `trackersync apply %s`", out, out)
        if out is not None or not plan.changes:
            ctx.exit(failed)
        if not yes and not confirm("Put all this back?", default=False):
            log.info("nothing was written")
            ctx.exit(1)
        with progress("writing") as told:
            result = apply_plan(workspace, plan, progress=told)
    print_result(result)
    ctx.exit(exit_code(result) or (EXIT_PARTLY if failed else 0))


def summary(plan: Plan, run: str) -> str:
    """What the undo comes to, in one line."""
    if not plan.changes:
        return f"There is nothing to put back of run {run}."
    issues = len({change.ref.issue_key for change in plan.changes})
    moves = sum(change.target.kind == "order" for change in plan.changes)
    verb = "puts" if len(plan.changes) == 1 else "put"
    what = f"{many(len(plan.changes), 'change')} to {many(issues, 'issue')}"
    return f"{what} {verb} back what run {run} found, {moves:,} of them moves."
