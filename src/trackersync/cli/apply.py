"""`trackersync apply`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.costs import outcomes
from trackersync.cli.messages import described
from trackersync.cli.options import allow_applying_option
from trackersync.cli.progress import progress
from trackersync.cli.terminal import print_table, say
from trackersync.cli.workspace import opened

if TYPE_CHECKING:
    from trackersync.sync import RunResult

log = logging.getLogger("trackersync")

EXIT_PARTLY = 3
_RESUME = "nothing is sent that cannot be noted before; make room, then run it again: it goes on where it stopped"


@click.command("apply")
@click.argument("plan_file", metavar="FILE", type=click.Path(path_type=Path))
@allow_applying_option
@click.pass_context
def command(ctx: click.Context, *, plan_file: Path, allow: tuple[str, ...]) -> None:
    """Write exactly a saved plan; what somebody changed since is left alone.

    Applying the same plan again finishes what is left and writes nothing twice. A plan made by other rules than the
    file has now is refused, with exit code 5.

    \b
    trackersync apply plan.json
    """
    from trackersync.plan.document import read_plan
    from trackersync.sync import apply_plan

    plan = read_plan(plan_file)
    with opened(ctx.obj) as workspace, progress("writing") as told:
        result = apply_plan(workspace, plan, allow=allow, progress=told)
    print_result(result)
    ctx.exit(exit_code(result))


def print_result(result: RunResult) -> None:
    """How many changes ended how, and every one that did not end well with the tracker's reason."""
    from trackersync.sync import DONE

    for tracker, error in result.errors.items():
        log.error("%s: %s", tracker, described(error), extra={"hint": error.hint})
    if result.stopped:
        log.error("%s", described(result.stopped), extra={"hint": _RESUME})
    failed = [outcome for outcome in result.outcomes if outcome.status not in DONE]
    if failed:
        rows = ((o.change.ref, o.change.target, o.status, o.detail) for o in failed)
        print_table([("Issue", ""), ("What", ""), ("Outcome", ""), ("Why", "")], rows)
        say()
    say(f"run {result.run}: {outcomes(result.counts)}")


def exit_code(result: RunResult) -> int:
    """0 where all is as planned, 3 where a part is, 1 where nothing is."""
    from trackersync.sync import DONE

    if result.complete:
        return 0
    return EXIT_PARTLY if any(outcome.status in DONE for outcome in result.outcomes) else 1
