"""`trackersync rules`: what concerns the rules alone, as a pull request that changes them needs it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.compare import compare, print_comparison, top_option
from trackersync.cli.plan import EXIT_CHANGES
from trackersync.cli.terminal import say
from trackersync.cli.workspace import load

if TYPE_CHECKING:
    from trackersync.scoring.explain import Explanation
    from trackersync.sync.rule_tests import Verdict

log = logging.getLogger("trackersync")


@click.group("rules")
def command() -> None:
    """Test the rules, and see what other rules would change.

    \b
    trackersync rules test
    trackersync rules diff new.yaml --format md
    """


@command.command("diff")
@click.argument("other", metavar="FILE", type=click.Path(path_type=Path))
@top_option
@click.option("--format", "form", type=click.Choice(["text", "md", "json"]), default="text", show_default=True)
@click.option("--exit-code", is_flag=True, help="Exit with 4 where anything changes.")
@click.pass_context
def diff(ctx: click.Context, *, other: Path, top: int | None, form: str, exit_code: bool) -> None:
    """Show what the rules of FILE would change on the stored issues, in place of the team's; touches no network.

    \b
    trackersync rules diff new.yaml --format md
    """
    file: Path = ctx.obj
    compared = compare(file, other, top)
    title = f"What the rules of {other} would change"
    print_comparison(title, (file, other), compared, top=top, form=form, rules_first=True)
    ctx.exit(EXIT_CHANGES if exit_code and compared.comparison.changed else 0)


@command.command("test")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def test(ctx: click.Context, *, form: str) -> None:
    """Run the team's own examples, the `tests` of the file; offline, needs no snapshot.

    \b
    trackersync rules test --format json
    """
    from trackersync.report.escape import json_text
    from trackersync.report.rule_tests import verdicts_document
    from trackersync.sync import run_tests

    file: Path = ctx.obj
    config = load(file)
    verdicts = run_tests(config.rules, config.tests, now=datetime.now(UTC))
    if form == "json":
        click.echo(json_text(verdicts_document(verdicts)))
    else:
        print_verdicts(verdicts)
    if not verdicts:
        log.warning("%s has no tests", file, extra={"hint": "add `tests:` with what is given and what to expect of it"})
    ctx.exit(0 if all(verdict.passed for verdict in verdicts) else 1)


def print_verdicts(verdicts: Sequence[Verdict]) -> None:
    """A line each; where one failed also what was expected and how its issues came by their scores."""
    for verdict in verdicts:
        say(f"{'ok' if verdict.passed else 'FAILED':<7} {verdict.name}")
        for failure in verdict.failures:
            say(f"        expected {failure.expected}, found {failure.found}")
        for explanation in verdict.explanations:
            _print_steps(explanation)
    failed = sum(not verdict.passed for verdict in verdicts)
    say(f"{len(verdicts) - failed} passed, {failed} failed")


def _print_steps(explanation: Explanation) -> None:
    from trackersync.report.explanation import short

    name = "the given issue" if explanation.issue.ref.key == "given" else "the other"
    say(f"        {name}:" if explanation.steps else f"        {name} has no score: {explanation.detail}")
    width = max((len(step.name) for step in explanation.steps), default=0)
    for step in explanation.steps:
        change = short(step.delta, signed=True) if step.applied else "·"
        say(f"          {step.name:<{width}} {change:>10} {short(step.after):>10}  {step.operation}")
