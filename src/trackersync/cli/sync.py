"""`trackersync sync`."""

from __future__ import annotations

import click

from trackersync.cli.apply import EXIT_PARTLY, exit_code, print_result
from trackersync.cli.options import allow_option
from trackersync.cli.plan import print_left_alone, print_summary
from trackersync.cli.progress import progress
from trackersync.cli.pull import failure_code, tell_failures
from trackersync.cli.workspace import opened


@click.command("sync")
@allow_option
@click.pass_context
def command(ctx: click.Context, *, allow: tuple[str, ...]) -> None:
    """Pull, score, plan and apply, never asking: for cron, CI and queues.

    One at a time on one store; guards refuse what looks wrong, with exit code 5.

    \b
    trackersync sync
    trackersync --log-format json sync --allow max_changed_share
    """
    from trackersync.sync import sync

    with opened(ctx.obj) as workspace, progress("working on") as told:
        plan, results, result = sync(workspace, allow=allow, progress=told, pulled=tell_failures)
    failed = failure_code(results)
    print_left_alone(plan)
    print_summary(plan)
    print_result(result)
    code = exit_code(result)
    if failed and code == 0:
        # Some trackers could not be read: the others were brought up to date, or there was nothing to do at all.
        code = EXIT_PARTLY if plan.trackers else failed
    ctx.exit(code)
