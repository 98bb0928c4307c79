"""Writes docs/reference/commands.md from the commands' own help: `make docs`; a test says when the page is behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from trackersync.cli.program import program

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "commands.md"
WIDTH = 100
"""Columns of the help on the page, whatever the terminal of whoever writes it."""

HEAD = """# Commands

Every command with what its `--help` prints, of the core and of the plugins in this repository. `make docs` writes this
page, and a test fails where it is behind. [Exit codes](exit-codes.md), [environment variables](environment.md) and
[what `--format json` prints](formats.md) have pages of their own.
"""


def render() -> str:
    """The whole page."""
    found = list(_commands(program, "trackersync", None))
    index = "\n".join(f"- [`{name}`](#{name.replace(' ', '-')})" for name, _ in found[1:])
    sections = "".join(f"\n## `{name}`\n\n```text\n{help_text}\n```\n" for name, help_text in found)
    return f"{HEAD}\n{index}\n{sections}"


def _commands(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    """Each command's whole name and help, groups before what is in them."""
    word = name.rpartition(" ")[2]
    settings = {"terminal_width": WIDTH, **command.context_settings}
    context = click.Context(command, info_name=word, parent=parent, **settings)
    yield name, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            assert found is not None
            yield from _commands(found, f"{name} {each}", context)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
