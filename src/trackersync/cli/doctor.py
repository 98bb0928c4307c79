"""`trackersync doctor`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from trackersync.cli.terminal import print_table, say
from trackersync.cli.workspace import load

PATIENCE = 60.0
"""Seconds one request may wait: who asks what is wrong wants to be told of a limit, not kept until it is over."""
ATTEMPTS = 2


@click.command("doctor")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def command(ctx: click.Context, *, form: str) -> None:
    """Find everything that is missing on the trackers or will bite, at once; writes nothing.

    Scopes, permissions, fields, screens, options, priorities, boards, limits, expiry, clocks: each with what to do
    about it. The exit code is 0 where no error was found.

    \b
    trackersync doctor
    trackersync doctor --format json
    """
    from trackersync.report.diagnosis import COLUMNS, diagnosis_document, diagnosis_rows, summary
    from trackersync.report.escape import json_text
    from trackersync.sync import diagnose
    from trackersync.transport import Transport

    file: Path = ctx.obj
    config = load(file)
    with Transport(max_wait=PATIENCE, attempts=ATTEMPTS) as transport:
        diagnoses = diagnose(config, transport=transport, env=os.environ)
    if form == "json":
        click.echo(json_text(diagnosis_document(diagnoses)))
    else:
        if any(each.findings for each in diagnoses):
            print_table(COLUMNS, diagnosis_rows(diagnoses))
            say()
        say(summary(diagnoses))
    ctx.exit(1 if any(each.count("error") for each in diagnoses) else 0)
