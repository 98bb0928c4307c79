"""Questions whose answers may come from a tracker: nothing of it reaches the terminal but escaped."""

from __future__ import annotations

from collections.abc import Sequence

import click

from trackersync.cli.terminal import print_table, say


def choose(what: str, options: Sequence[tuple[str, str]], default: int | None) -> int:
    """Which of these (name, what it is): by its number in the list, or by its name."""
    say()
    say(f"{what}?")
    rows = [(number, name, doc) for number, (name, doc) in enumerate(options, start=1)]
    print_table([("", "right"), ("", ""), ("", "wrap")], rows)
    names = [name.strip().casefold() for name, _ in options]
    while True:
        # A name is never offered as it is: click prints it raw, and what is typed comes without blanks around it.
        said: str = click.prompt("Number or name", default=None if default is None else str(default + 1)).strip()
        if said.isdecimal() and 0 < int(said) <= len(names):
            return int(said) - 1
        if said.casefold() in names:
            return names.index(said.casefold())
        say(f"  {said!r} is not in the list")


def ask_secret(text: str) -> str:
    """A secret, typed unseen; empty where there is none."""
    said: str = click.prompt(text, hide_input=True, default="", show_default=False)
    return said.strip()
