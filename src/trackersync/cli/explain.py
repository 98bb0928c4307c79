"""`trackersync explain`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from trackersync.cli.terminal import print_table, say
from trackersync.cli.workspace import opened, tell_unread

if TYPE_CHECKING:
    from trackersync.scoring.explain import Explanation
    from trackersync.scoring.sensitivity import Way
    from trackersync.scoring.versus import Versus

Found = TypeVar("Found")


@click.command("explain")
@click.argument("ref")
@click.option("--vs", "other", metavar="REF", help="What separates it from another, and what would swap them.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_obj
def command(file: Path, *, ref: str, other: str | None, form: str) -> None:
    """Show how one issue came by its score, step by step; the steps add up exactly.

    \b
    trackersync explain jira:CORE-7
    trackersync explain jira:CORE-7 --vs github:acme/web#12
    """
    from trackersync.report.explanation import explanation_document, versus_document
    from trackersync.sync import explain_issue, set_apart

    with opened(file) as workspace:
        tell_unread(workspace, "explanation")
        if other is None:
            _tell(explain_issue(workspace, ref), print_explanation, explanation_document, form)
        else:
            _tell(set_apart(workspace, ref, other), print_versus, versus_document, form)


def _tell(found: Found, show: Callable[[Found], None], document: Callable[[Found], dict[str, Any]], form: str) -> None:
    from trackersync.report.escape import json_text

    if form == "json":
        click.echo(json_text(document(found)))
    else:
        show(found)


def print_explanation(explanation: Explanation) -> None:
    """The inputs, the formula with its numbers, the waterfall, and where it leads."""
    from trackersync.report.explanation import counted, short

    say(f"{explanation.issue.ref}  {explanation.issue.title}")
    say(explanation.issue.url)
    say()
    if explanation.inputs:
        rows = ((use.name, counted(use), _for_days(use.days), use.origin) for use in explanation.inputs)
        print_table([("Input", ""), ("Value", "wrap"), ("Days old", "right"), ("From", "wrap")], rows)
        say()
    say(f"{explanation.formula}  =  {explanation.filled}")
    say()
    if explanation.score is None:
        say(f"No score, no rank, nothing written: {explanation.detail}")
        return
    print_table(
        [("Step", "wrap"), ("Change", "right"), ("Score", "right"), ("What", "wrap"), ("Because", "wrap")],
        (
            (
                step.name,
                short(step.delta, signed=True) if step.applied else "·",
                short(step.after),
                step.operation,
                step.because,
            )
            for step in explanation.steps
        ),
    )
    say()
    band = f", band {explanation.band}" if explanation.band else ""
    say(f"Score {short(explanation.steps[-1].after)}, rank {explanation.rank:,} of {explanation.ranked:,}{band}.")
    if explanation.next_band:
        say()
        say(f"Into {explanation.next_band}, all else being as it is, by any one of:")
        _print_ways(explanation.ways_up)


def _for_days(days: int | None) -> str:
    return "" if days is None else f"{days}+"


def _print_ways(ways: Sequence[Way]) -> None:
    from trackersync.report.explanation import now_and_needed

    if not ways:
        say("  no change of a single input is enough")
        return
    print_table(
        [("Input", ""), ("Now", "right"), ("Needed", "right"), ("Issue", "")],
        ((way.input, *now_and_needed(way), way.issue.ref) for way in ways),
    )


def print_versus(versus: Versus) -> None:
    """Two issues side by side."""
    from trackersync.report.explanation import short

    higher, lower = versus.higher, versus.lower
    for explanation in (higher, lower):
        score = short(explanation.steps[-1].after)
        band = f", band {explanation.band}" if explanation.band else ""
        say(f"rank {explanation.rank:,}, score {score}{band}: {explanation.issue.ref}  {explanation.issue.title}")
    say()
    say("What separates them:")
    refs = (str(higher.issue.ref), str(lower.issue.ref))
    print_table(
        [("", ""), (refs[0], "wrap"), (refs[1], "wrap")],
        ((each.name, each.higher, each.lower) for each in versus.apart),
    )
    say()
    say("They change places, all else being as it is, by any one of:")
    _print_ways(versus.ways)
