"""`trackersync explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.plan import value_text
from trackersync.cli.terminal import print_table, say
from trackersync.cli.workspace import opened

if TYPE_CHECKING:
    from trackersync.scoring.explain import Explanation


@click.command("explain")
@click.argument("ref")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_obj
def command(file: Path, *, ref: str, form: str) -> None:
    """Show how one issue came by its score, step by step; the steps add up exactly.

    \b
    trackersync explain jira:CORE-7
    trackersync explain github:acme/web#12
    """
    from trackersync.report.escape import json_text
    from trackersync.report.explanation import explanation_document
    from trackersync.sync import explain_issue

    with opened(file) as workspace:
        explanation = explain_issue(workspace, ref)
    if form == "json":
        click.echo(json_text(explanation_document(explanation)))
    else:
        print_explanation(explanation)


def print_explanation(explanation: Explanation) -> None:
    """The inputs, the formula with its numbers, the waterfall, and where it leads."""
    from trackersync.report.explanation import short

    say(f"{explanation.issue.ref}  {explanation.issue.title}")
    say(explanation.issue.url)
    say()
    if explanation.inputs:
        rows = ((use.name, value_text(use.value), use.origin) for use in explanation.inputs)
        print_table([("Input", ""), ("Value", "right"), ("From", "")], rows)
        say()
    say(f"{explanation.formula}  =  {explanation.filled}")
    say()
    if explanation.score is None:
        say(f"No score, no rank, nothing written: {explanation.detail}")
        return
    print_table(
        [("Step", ""), ("Change", "right"), ("Score", "right"), ("What", ""), ("Because", "")],
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
    say(f"Score {short(explanation.steps[-1].after)}, rank {explanation.rank} of {explanation.ranked}{band}.")
