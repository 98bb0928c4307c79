"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])

GUARDS = ("max_changed_share", "max_changes", "max_shrink", "band_budget")
"""Those that refuse what was read and what would be written."""
APPLYING_GUARDS = ("rules_changed",)
"""Those that refuse a plan which all others let pass."""


def _allowing(guards: Sequence[str]) -> Callable[[Command], Command]:
    return click.option(
        "--allow",
        multiple=True,
        type=click.Choice(guards),
        help="Let this guard pass for this one run; may be given several times.",
    )


allow_option = _allowing(GUARDS)
allow_applying_option = _allowing(APPLYING_GUARDS)
