"""`trackersync score`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.terminal import print_table, say
from trackersync.cli.workspace import opened, tell_unread

if TYPE_CHECKING:
    from trackersync.scoring.engine import Ranking
    from trackersync.scoring.robustness import Robustness

log = logging.getLogger("trackersync")

SHOWN = 20
"""Rows of the table when nobody says how many."""
FIRST = 10
"""How many are the top of the list, of which `--robust` tells the chances, when nobody says how many."""


@click.command("score")
@click.option("--top", type=click.IntRange(min=1), metavar="N", help=f"Only the first N. [table: {SHOWN}, else: all]")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv", "md"]), default="table", show_default=True)
@click.option("--why", is_flag=True, help="Show the two steps that did most for each score.")
@click.option(
    "--robust",
    is_flag=True,
    help=f"Draw the uncertain inputs 1,000 times: the chance to be in the top N [{FIRST}], and what is not decided.",
)
@click.pass_obj
def command(file: Path, *, top: int | None, form: str, why: bool, robust: bool) -> None:
    """Rank the stored issues; touches no network.

    \b
    trackersync score --top 50 --why
    trackersync score --robust --top 10
    trackersync score --format csv > ranking.csv
    """
    from trackersync.report.ranking import render_csv, render_json, render_markdown
    from trackersync.sync import rank, rank_robustly

    shown = top or (SHOWN if form == "table" else None)
    explained = (shown or -1) if why else 0
    with opened(file) as workspace:
        if robust:
            ranking, robustness = rank_robustly(workspace, top=top or FIRST, explained=explained)
        else:
            ranking, robustness = rank(workspace, explained=explained), None
        tell_unread(workspace, "list")
    for warning in ranking.warnings:
        log.warning("%s", warning)
    if form == "table":
        print_ranking(ranking, shown or SHOWN, robustness)
    else:
        render = {"json": render_json, "csv": render_csv, "md": render_markdown}[form]
        click.echo(render(ranking, top, robustness), nl=False)


def print_ranking(ranking: Ranking, top: int, robustness: Robustness | None = None) -> None:
    """The ranked list as a table, and what there is beside it."""
    from trackersync.report.ranking import NOTHING, left_out, listed, listed_disputes, listed_gaps
    from trackersync.report.tables import many

    if ranking.ranked:
        print_table(*listed(ranking, top, robustness))
        _say_more(len(ranking.ranked) - top, "; --top N shows more of them")
    else:
        say(NOTHING)
    if robustness and ranking.ranked:
        say()
        say(
            f"{robustness.draws:,} draws of {', '.join(robustness.varied)}. 9 of 10: the ranks in nine of ten draws. "
            "Within a group the data does not support the order."
        )
    if ranking.needs_input:
        say()
        say(f"Needs input ({many(len(ranking.needs_input), 'issue')}, not ranked and not written):")
        print_table(*listed_gaps(ranking, top))
        _say_more(len(ranking.needs_input) - top)
    if ranking.excluded:
        say()
        say(f"Left out ({many(len(ranking.excluded), 'issue')}, not ranked and not written):")
        for line in left_out(ranking):
            say(f"  {line}")
    if ranking.disputed:
        say()
        say(f"People disagree ({many(len(ranking.disputed), 'input')}):")
        print_table(*listed_disputes(ranking, top))
        _say_more(len(ranking.disputed) - top)


def _say_more(more: int, how: str = "") -> None:
    if more > 0:
        say(f"… and {more:,} more{how}")
