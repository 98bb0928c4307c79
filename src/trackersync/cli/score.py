"""`trackersync score`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.terminal import print_table, say
from trackersync.cli.workspace import opened

if TYPE_CHECKING:
    from trackersync.scoring.engine import Ranking

log = logging.getLogger("trackersync")

SHOWN = 20
"""Rows of the table when nobody says how many."""


@click.command("score")
@click.option("--top", type=click.IntRange(min=1), metavar="N", help=f"Only the first N. [table: {SHOWN}, else: all]")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv", "md"]), default="table", show_default=True)
@click.pass_obj
def command(file: Path, *, top: int | None, form: str) -> None:
    """Rank the stored issues; touches no network."""
    from trackersync.report.ranking import render_csv, render_json, render_markdown
    from trackersync.sync import rank

    with opened(file) as workspace:
        ranking = rank(workspace)
        never = [name for name in workspace.config.trackers if workspace.snapshot(name) is None]
    for name in never:
        log.warning(
            "%s was never read: its issues are not in this list", name, extra={"hint": "run `trackersync pull`"}
        )
    for warning in ranking.warnings:
        log.warning("%s", warning)
    if form == "table":
        print_ranking(ranking, top or SHOWN)
    else:
        render = {"json": render_json, "csv": render_csv, "md": render_markdown}[form]
        click.echo(render(ranking, top), nl=False)


def print_ranking(ranking: Ranking, top: int) -> None:
    """The ranked list as a table, and how many there are beside it."""
    from trackersync.report.ranking import score_value

    columns = [("Rank", "right"), ("Band", ""), ("Score", "right"), ("Issue", ""), ("Title", "cut")]
    print_table(
        columns,
        ((e.rank, e.band, score_value(e), e.issue.ref, e.issue.title) for e in ranking.ranked[:top]),
    )
    more = len(ranking.ranked) - top
    if more > 0:
        say(f"… and {more} more; --top N shows more of them")
    if ranking.needs_input:
        say()
        say(f"Needs input ({len(ranking.needs_input)} issues, not ranked and not written):")
        print_table(
            [("Issue", ""), ("Missing", ""), ("Title", "cut")],
            ((e.issue.ref, ", ".join(e.missing) or e.detail, e.issue.title) for e in ranking.needs_input[:top]),
        )
        if len(ranking.needs_input) > top:
            say(f"… and {len(ranking.needs_input) - top} more")
