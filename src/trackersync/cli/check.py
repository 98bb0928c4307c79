"""`trackersync check`."""

from __future__ import annotations

from pathlib import Path

import click

from trackersync.cli.terminal import say
from trackersync.cli.workspace import load


@click.command("check")
@click.pass_obj
def command(file: Path) -> None:
    """Find every problem of the file at once, with its line and the nearest valid name; offline."""
    config = load(file)
    rules = config.rules
    say(
        f"{file}: ok: {len(config.trackers)} trackers, {len(rules.inputs)} inputs, framework {rules.framework}, "
        f"{len(rules.adjustments)} adjustments, {len(rules.bands)} bands"
    )
