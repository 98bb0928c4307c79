"""`trackersync rescore`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.apply import EXIT_PARTLY, exit_code, print_result
from trackersync.cli.asking import confirm
from trackersync.cli.compare import print_section
from trackersync.cli.messages import tell_error
from trackersync.cli.options import allow_option
from trackersync.cli.plan import EXIT_REFUSED, print_forecasts, print_left_alone, print_skipped, print_summary
from trackersync.cli.progress import progress
from trackersync.cli.pull import failure_code, tell_failures, tell_gone
from trackersync.cli.terminal import say
from trackersync.cli.workspace import load, opened, tell_unread_for
from trackersync.errors import GuardError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackersync.change import Change
    from trackersync.plan.document import Plan
    from trackersync.sync import Rescored

log = logging.getLogger("trackersync")

SHOWN = 10
"""Issues that move along, when nobody says how many."""


def _parts(
    _ctx: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str, str], ...]:
    """Issue, input and value of each answer; a ref may itself have points."""
    return tuple(_split(value) for value in values)


def _split(text: str) -> tuple[str, str, str]:
    place, _, said = text.partition("=")
    ref, _, name = place.rpartition(".")
    parts = (ref.strip(), name.strip(), said.strip())
    if not all(parts):
        raise click.BadParameter(f"{text!r} is not of the form REF.input=value, as jira:CORE-7.effort=3 is")
    return parts


@click.command("rescore")
@click.argument("refs", metavar="[REF]...", nargs=-1)
@click.option(
    "--set",
    "answers",
    metavar="REF.input=VALUE",
    multiple=True,
    callback=_parts,
    help="Answer an input of one issue on the spot; may be given several times.",
)
@click.option(
    "--what-if", "other", type=click.Path(path_type=Path), metavar="FILE", help="Try the rules of FILE; write nothing."
)
@click.option(
    "--top", type=click.IntRange(min=1), default=SHOWN, show_default=True, help="Show so many that move along."
)
@click.option("--yes", is_flag=True, help="Do not ask: write the changes, and answers where a tracker can keep them.")
@allow_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    refs: tuple[str, ...],
    answers: tuple[tuple[str, str, str], ...],
    other: Path | None,
    top: int,
    yes: bool,
    allow: tuple[str, ...],
) -> None:
    """Read issues anew, show who would move, from where to where and why, ask, and write it.

    Only what is named is read, everything that was touched where nothing is named. Where there is no terminal to ask
    on nothing is written without --yes, and the exit code is 1.

    \b
    trackersync rescore
    trackersync rescore jira:CORE-7 github:acme/web#12
    trackersync rescore --set jira:CORE-7.effort=3
    trackersync rescore --what-if bolder.yaml
    """
    from trackersync.sync import rescore

    if other is not None and yes:
        raise click.UsageError("--what-if writes nothing, so there is nothing to say --yes to")
    rules = load(other).rules if other else None
    with opened(ctx.obj) as workspace:
        if rules and other:
            tell_unread_for(workspace, rules, other)
        with progress("reading") as told:
            rescored = rescore(workspace, refs, answers=answers, rules=rules, explained=top, allow=allow, progress=told)
        print_rescored(rescored, top)
        failed = failure_code(rescored.results)
        if rescored.plan is None:
            log.info("nothing was written: the rules of %s were only tried", other)
            ctx.exit(failed)
        ctx.exit(_written(rescored, rescored.plan, failed, yes=yes))


def print_rescored(rescored: Rescored, top: int) -> None:
    """What could not be read, what is gone, and who would move."""
    from trackersync.report.rescored import sections, summary

    tell_failures(rescored.results)
    for result in rescored.results:
        tell_gone(result)
    say(summary(rescored))
    for section in sections(rescored, top=top):
        print_section(section)


def _written(rescored: Rescored, plan: Plan, failed: int, *, yes: bool) -> int:
    """Ask for what is to be written, write it, and the exit code."""
    from trackersync.sync.rescoring import answers_kept, let_pass

    kept, unkept = answers_kept(rescored)
    for line in unkept:
        log.warning("%s", line)
    say()
    print_left_alone(plan)
    print_skipped(plan)
    print_summary(plan)
    for change in kept:
        say(f"Can be written to {change.ref}: {change.target}, {change.reason}.")
    _print_cost(rescored, plan, kept)
    if plan.refused:
        tell_error(GuardError(plan.refused))
        if yes or not sys.stdin.isatty() or not confirm("Let it pass this once?", default=False):
            return EXIT_REFUSED
        rescored = let_pass(rescored)
        plan = rescored.plan or plan
    if not plan.changes and not kept:
        return failed
    agreed = _agreed(plan, kept, yes=yes)
    if agreed is None:
        log.info("nothing was written")
        return 1
    return _apply(rescored, agreed, kept) or (EXIT_PARTLY if failed else 0)


def _print_cost(rescored: Rescored, plan: Plan, kept: Sequence[Change]) -> None:
    from trackersync.sync import forecast
    from trackersync.sync.rescoring import with_answers

    print_forecasts(rescored.workspace, forecast(rescored.workspace, with_answers(plan, kept)))


def _agreed(plan: Plan, kept: Sequence[Change], *, yes: bool) -> Plan | None:
    """The plan that somebody agreed to, with the answers or without; None: nothing shall be written."""
    from trackersync.sync.rescoring import with_answers

    if not yes and not sys.stdin.isatty():
        log.warning("there is no terminal to ask on", extra={"hint": "give --yes to write this"})
        return None
    if kept and (yes or confirm("Write the answers to the trackers too?", default=True)):
        plan = with_answers(plan, kept)
    elif kept and plan.changes:
        log.warning("what is written then counts the answers once, and the next run does not know them")
    if not plan.changes:
        return None
    return plan if yes or confirm("Write all this?", default=False) else None


def _apply(rescored: Rescored, plan: Plan, kept: Sequence[Change]) -> int:
    from trackersync.sync import apply_plan

    asked = {(change.ref.issue_key, change.target) for change in kept}
    with progress("writing") as told:
        result = apply_plan(rescored.workspace, plan, asked=asked, progress=told)
    print_result(result)
    return exit_code(result)
