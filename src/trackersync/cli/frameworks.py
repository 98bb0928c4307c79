"""`trackersync frameworks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from trackersync.cli.terminal import print_table, say
from trackersync.errors import TrackersyncError

if TYPE_CHECKING:
    from trackersync.scoring.framework import Framework


@click.command("frameworks")
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["table", "yaml", "json"]), default="table", show_default=True)
def command(*, name: str | None, form: str) -> None:
    """List the scoring frameworks, or show one, ready to be pasted into the team's file and changed.

    \b
    trackersync frameworks
    trackersync frameworks wsjf
    trackersync frameworks wsjf --format yaml > wsjf-sections.yaml
    """
    if name is None:
        _list(form)
    else:
        _show(name, _framework(name), form)


def _framework(name: str) -> Framework:
    from trackersync.config.starter import framework_named

    try:
        return framework_named(name)
    except TrackersyncError as error:
        raise click.BadParameter(f"{error.message}; {error.hint}", param_hint="NAME") from error


def _list(form: str) -> None:
    from trackersync.report.escape import json_text
    from trackersync.report.frameworks import framework_document, frameworks_table
    from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS

    known = {**FRAMEWORKS, **VARIANTS}
    if form == "yaml":
        raise click.UsageError("--format yaml needs a NAME: a file has one framework")
    if form == "json":
        click.echo(json_text({"frameworks": [framework_document(name, each) for name, each in known.items()]}))
        return
    print_table(*frameworks_table(known))
    say()
    say("trackersync frameworks NAME shows one with its scales, published cases, and sections for the team's file")


def _show(name: str, framework: Framework, form: str) -> None:
    from trackersync.config.starter import sections
    from trackersync.report.escape import json_text
    from trackersync.report.frameworks import framework_document

    if form == "json":
        click.echo(json_text({**framework_document(name, framework), "yaml": sections(name)}))
        return
    if form == "table":
        _describe(name, framework)
        say("Ready to be pasted into the team's file and changed; remove the tracker that you do not have:")
        say()
    click.echo(sections(name), nl=False)


def _describe(name: str, framework: Framework) -> None:
    from trackersync.report.frameworks import formula_text, inputs_table, published

    say(f"{name}: {framework.doc}")
    say(f"Formula: {formula_text(framework)}")
    if framework.classes:
        say("The score is a class, and no adjustment takes an issue out of its own.")
    say(f"Source: {framework.source}")
    say()
    print_table(*inputs_table(framework))
    say()
    say("Published cases:")
    for source, cases in published(framework):
        for case in cases:
            say(f"  {case}")
        say(f"      {source}")
    say()
