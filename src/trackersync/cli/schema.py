"""`trackersync schema`."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of the file, for editors.

    \b
    trackersync schema > trackersync.schema.json
    """
    from trackersync.config import schema

    click.echo(json.dumps(schema(), indent=2))
