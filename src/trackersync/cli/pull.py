"""`trackersync pull`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.messages import described
from trackersync.cli.options import allow_option
from trackersync.cli.progress import progress
from trackersync.cli.terminal import say
from trackersync.cli.workspace import opened

if TYPE_CHECKING:
    from trackersync.sync import PullResult

log = logging.getLogger("trackersync")

SHOWN = 10
"""Issues that are named where many have one fate."""


@click.command("pull")
@click.option("--full", is_flag=True, help="Read every issue anew, also those that nobody touched.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@allow_option
@click.pass_context
def command(ctx: click.Context, *, full: bool, form: str, allow: tuple[str, ...]) -> None:
    """Read the trackers into the store; say of each whether it is complete, partial or unchanged.

    Reads what was touched since the last pull and, once in the file's `census`, looks at everything: only that finds
    what was deleted, moved elsewhere or went out of sight. For that Jira lists ids alone, thousands a request, unless
    the rules use what changes unseen, such as votes; all else is read whole, as everything is with --full. Of a tracker
    that was read in part nothing counts: it keeps its last snapshot, stderr says why, and the others go on.

    \b
    trackersync pull
    trackersync pull --full
    trackersync pull --format json > pulled.json
    """
    from trackersync.sync import pull

    file: Path = ctx.obj
    with opened(file) as workspace, progress("reading") as told:
        results = pull(workspace, allow=allow, full=full, progress=told)
    if form == "json":
        from trackersync.report.escape import json_text
        from trackersync.report.pulled import pull_document

        click.echo(json_text(pull_document(results)))
    else:
        for result in results:
            say(f"{result.tracker}: {verdict_words(result)}")
            tell_gone(result)
    tell_failures(results)
    ctx.exit(failure_code(results))


def verdict_words(result: PullResult) -> str:
    """The verdict on one tracker and what its snapshot is now; why a read is partial is told on stderr."""
    count = f"{result.info.count:,} issues" if result.info else "no snapshot"
    match result.verdict:
        case "partial":
            return f"partial, {count} kept" if result.info else f"partial, {count} yet"
        case "unchanged":
            return f"{count}, unchanged since the last pull{_brackets(_looks(result))}"
        case _:
            touched = [f"{result.touched} touched since the last pull"] if result.touched else []
            return f"{count}, complete{_brackets([*touched, *_looks(result)])}"


def _looks(result: PullResult) -> list[str]:
    """What a look at all ids told."""
    came = [f"{result.came:,} of them found by their ids"] if result.came else []
    return came if result.listed is None else [*came, "all ids looked at"]


def _brackets(notes: list[str]) -> str:
    return f" ({', '.join(notes)})" if notes else ""


def tell_gone(result: PullResult) -> None:
    """Say what became of issues that are not found any more, a line for each fate."""
    for fate, refs in sorted(_by_fate(result).items()):
        more = f" and {len(refs) - SHOWN:,} more" if len(refs) > SHOWN else ""
        say(f"  {len(refs):,} {fate}: {', '.join(refs[:SHOWN])}{more}")


def _by_fate(result: PullResult) -> dict[str, list[str]]:
    by_fate: dict[str, list[str]] = {}
    for ref, where in result.gone.items():
        by_fate.setdefault(where.fate, []).append(f"{ref} to {where.to}" if where.to else str(ref))
    return by_fate


def tell_failures(results: Sequence[PullResult]) -> None:
    """Say which trackers could not be read and why."""
    for result in results:
        if result.error is not None:
            kept = f"; its last snapshot of {result.info.count:,} issues is kept" if result.info else ""
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
    fates = [f"{len(refs):,} {fate}" for fate, refs in sorted(_by_fate(result).items())]
    return f"; of {len(result.gone):,} that are missing, {', '.join(fates)}" if fates else ""


def failure_code(results: Sequence[PullResult]) -> int:
    """The exit code that goes with what could not be read."""
    from trackersync.errors import GuardError

    errors = [result.error for result in results if result.error is not None]
    if not errors:
        return 0
    return 5 if all(isinstance(error, GuardError) for error in errors) else 1
