"""`trackersync compare`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.terminal import print_table, say
from trackersync.cli.workspace import load, opened, tell_unread, tell_unread_for

if TYPE_CHECKING:
    from trackersync.report.comparison import Section
    from trackersync.scoring.comparison import RulesCompared

SHOWN = 10
"""Issues of a list when nobody says how many."""
_TITLE = 40
"""Characters of a title in a table, so that there is room to say why."""

top_option = click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"Only the N issues that move furthest. [{SHOWN}, json: all, {SHOWN} with the reason]",
)


@click.command("compare")
@click.argument("first", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("second", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@top_option
@click.option("--format", "form", type=click.Choice(["table", "md", "json"]), default="table", show_default=True)
@click.pass_obj
def command(file: Path, *, first: Path, second: Path | None, top: int | None, form: str) -> None:
    """Rank the stored issues by the rules of two files: who moves, how far, and how alike the two orders are.

    With one FILE the team's file comes before it. The issues are those of the file that comes before; of the other
    only the rules count. Touches no network.

    \b
    trackersync compare bolder.yaml
    trackersync compare old.yaml new.yaml --top 30
    """
    before, after = (file, first) if second is None else (first, second)
    compared = compare(before, after, top)
    print_comparison(f"{before} and {after} compared", (before, after), compared, top=top, form=form, rules_first=False)


def compare(before: Path, after: Path, top: int | None) -> RulesCompared:
    """Two files on the stored issues of the first."""
    from trackersync.sync import compare_with

    rules = load(after).rules
    with opened(before) as workspace:
        tell_unread(workspace, "comparison")
        tell_unread_for(workspace, rules, after)
        return compare_with(workspace, rules, explained=top or SHOWN)


def print_comparison(
    title: str, files: tuple[Path, Path], compared: RulesCompared, *, top: int | None, form: str, rules_first: bool
) -> None:
    """The comparison in one of the formats; `table` is `text`."""
    from trackersync.report.comparison import render_markdown, sections, summary
    from trackersync.report.comparison_document import render_json

    if form == "json":
        click.echo(render_json((str(files[0]), str(files[1])), compared, top=top), nl=False)
    elif form == "md":
        click.echo(render_markdown(title, compared, top=top or SHOWN, rules_first=rules_first), nl=False)
    else:
        say(title)
        say(summary(compared))
        for section in sections(compared, top=top or SHOWN, rules_first=rules_first):
            print_section(section)


def print_section(section: Section) -> None:
    """A heading, and the list or table below it."""
    columns, rows = section.table
    say()
    say(f"{section.heading}:")
    if len(columns) == 1:
        for row in rows:
            say(f"  {row[0]}")
    else:
        print_table(columns, ([_cut(cell, *column) for cell, column in zip(row, columns, strict=True)] for row in rows))


def _cut(cell: str, _heading: str, alignment: str) -> str:
    return f"{cell[: _TITLE - 1]}…" if alignment == "cut" and len(cell) > _TITLE else cell
