"""`trackersync connectors`."""

from __future__ import annotations

import click

from trackersync.cli.terminal import print_table


@click.command("connectors")
@click.pass_context
def command(ctx: click.Context) -> None:
    """List the installed connectors and whether each loads.

    \b
    trackersync connectors
    """
    from trackersync.registry import Registry

    found = Registry().status()
    print_table(
        [("Connector", ""), ("Distribution", ""), ("Version", ""), ("Loads", "")],
        ((s.name, s.distribution, s.version, "yes" if s.loads else f"no: {s.error}") for s in found),
    )
    ctx.exit(0 if all(status.loads for status in found) else 1)
