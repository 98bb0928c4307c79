"""Options that several commands share."""

from __future__ import annotations

import click

GUARDS = ("max_changed_share", "max_changes", "max_shrink")

allow_option = click.option(
    "--allow",
    multiple=True,
    type=click.Choice(GUARDS),
    help="Let this guard pass for this one run; may be given several times.",
)
