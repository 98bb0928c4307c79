"""`trackersync pull`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.messages import described
from trackersync.cli.options import allow_option
from trackersync.cli.terminal import progress, say
from trackersync.cli.workspace import opened

if TYPE_CHECKING:
    from trackersync.sync import PullResult

log = logging.getLogger("trackersync")

SHOWN = 10
"""Issues that are named where many have one fate."""


@click.command("pull")
@click.option("--full", is_flag=True, help="Read every issue anew, also those that nobody touched.")
@allow_option
@click.pass_context
def command(ctx: click.Context, *, full: bool, allow: tuple[str, ...]) -> None:
    """Read the trackers into the store; say of each whether it is complete.

    Reads what was touched since the last pull and, once in the file's `census`, looks at everything: only that finds
    what was deleted, moved elsewhere or went out of sight. For that Jira lists ids alone, thousands a request, unless
    the rules use what changes unseen, such as votes; all else is read whole, as everything is with --full. A tracker
    that cannot be read completely keeps its last snapshot, and the others go on.
    """
    from trackersync.sync import pull

    file: Path = ctx.obj
    with opened(file) as workspace, progress("reading") as told:
        results = pull(workspace, allow=allow, full=full, progress=told)
    for result in results:
        if result.error is None and result.info is not None:
            say(f"{result.tracker}: {result.info.count} issues, complete{_since(result)}")
            tell_gone(result)
    tell_failures(results)
    ctx.exit(failure_code(results))


def _since(result: PullResult) -> str:
    """What changed since the last pull, in brackets; nothing where all was read anew."""
    if result.touched is None:
        return ""
    touched = f"{result.touched or 'none of them'} touched"  # what left was touched as well, and is not among them
    told = [f"{'unchanged' if result.unchanged else touched} since the last pull"]
    if result.came:
        told.append(f"{result.came} more found by their ids")
    if result.listed is not None:
        told.append("all ids looked at")
    return f" ({', '.join(told)})"


def tell_gone(result: PullResult) -> None:
    """Say what became of issues that are not found any more, a line for each fate."""
    for fate, refs in sorted(_by_fate(result).items()):
        more = f" and {len(refs) - SHOWN} more" if len(refs) > SHOWN else ""
        say(f"  {len(refs)} {fate}: {', '.join(refs[:SHOWN])}{more}")


def _by_fate(result: PullResult) -> dict[str, list[str]]:
    by_fate: dict[str, list[str]] = {}
    for ref, where in result.gone.items():
        by_fate.setdefault(where.fate, []).append(f"{ref} to {where.to}" if where.to else str(ref))
    return by_fate


def tell_failures(results: Sequence[PullResult]) -> None:
    """Say which trackers could not be read and why."""
    for result in results:
        if result.error is not None:
            kept = f"; its last snapshot of {result.info.count} issues is kept" if result.info else ""
            log.error(
                "%s: not read: %s%s%s",
                result.tracker,
                described(result.error, result.identity),
                kept,
                _missing(result),
                extra={"hint": result.error.hint},
            )


def _missing(result: PullResult) -> str:
    """What became of some of what a refused read did not find."""
    fates = [f"{len(refs)} {fate}" for fate, refs in sorted(_by_fate(result).items())]
    return f"; of {len(result.gone)} that are missing, {', '.join(fates)}" if fates else ""


def failure_code(results: Sequence[PullResult]) -> int:
    """The exit code that goes with what could not be read."""
    from trackersync.errors import GuardError

    errors = [result.error for result in results if result.error is not None]
    if not errors:
        return 0
    return 5 if all(isinstance(error, GuardError) for error in errors) else 1
