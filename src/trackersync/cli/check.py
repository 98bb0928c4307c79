"""`trackersync check`."""

from __future__ import annotations

from pathlib import Path

import click

from trackersync.cli.terminal import say
from trackersync.cli.workspace import load


@click.command("check")
@click.pass_obj
def command(file: Path) -> None:
    """Find every problem of the file at once, with its line and the nearest valid name; offline.

    \b
    trackersync check
    trackersync -c teams/web.yaml check
    """
    from trackersync.report.tables import many

    config = load(file)
    rules = config.rules
    trackers, inputs = many(len(config.trackers), "tracker"), many(len(rules.inputs), "input")
    adjustments, bands = many(len(rules.adjustments), "adjustment"), many(len(rules.bands), "band")
    say(f"{file}: ok: {trackers}, {inputs}, framework {rules.framework}, {adjustments}, {bands}")
