"""`trackersync report`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.terminal import say
from trackersync.cli.workspace import opened, tell_unread
from trackersync.errors import TrackersyncError

if TYPE_CHECKING:
    from trackersync.report.contents import Contents
    from trackersync.report.digest import Audience

FORMATS = ("html", "md", "csv", "json")
AUDIENCES: tuple[Audience, ...] = ("executives", "engineers", "support")
VALUES = 300
"""So many of the values that a run wrote are told one by one."""
_AGO = re.compile(r"(\d{1,5})([dw])")


class Since(click.ParamType[datetime | timedelta]):
    """A day, `2026-01-31`, or a time ago, `14d` or `2w`; days as text, since only the command knows what is now."""

    name = "since"
    _unclear = "is neither a day such as 2026-01-31 nor a time ago such as 14d or 2w"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime | timedelta:
        """A moment, or how long ago."""
        if match := _AGO.fullmatch(value):
            return timedelta(days=int(match[1]) * (7 if match[2] == "w" else 1))
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} {self._unclear}", param, ctx)


@click.command("report")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write. [html: report.html]")
@click.option("--format", "form", type=click.Choice(FORMATS), default="html", show_default=True)
@click.option("--for", "audience", type=click.Choice(AUDIENCES), help="Whom the Markdown is for. [executives]")
@click.option("--since", type=Since(), help="Tell what changed since: a day, 14d, 2w. [html: the one it replaces]")
@click.pass_obj
def command(
    file: Path, *, out: Path | None, form: str, audience: Audience | None, since: datetime | timedelta | None
) -> None:
    """Tell the whole list and its reasons in one file that needs no network; touches none either.

    \b
    trackersync report --out priorities.html
    trackersync report --since 2w --out priorities.html
    trackersync report --format md --for engineers
    trackersync report --format csv > priorities.csv
    """
    if audience and form != "md":
        raise click.UsageError("--for is for --format md: the other formats tell everybody the same")
    target = out or (Path("report.html") if form == "html" else None)
    with opened(file) as workspace:
        from trackersync.sync.reporting import gather

        began = _began(since, workspace.now())
        values = VALUES if form == "html" else 0
        contents = gather(workspace, since=began or _replaced(target), values=values)
        tell_unread(workspace, "report")
    text = _render(contents, form, audience or AUDIENCES[0])
    if target is None:
        click.echo(text, nl=False)
    else:
        _write(target, text)
        say(f"{target}: {len(contents.ranking.ranked):,} ranked issues, {len(text.encode()) / 1e6:.1f} MB")


def _began(since: datetime | timedelta | None, now: datetime) -> datetime | None:
    try:
        began = now - since if isinstance(since, timedelta) else since
    except OverflowError as error:
        raise click.BadParameter("so long ago nothing was", param_hint="--since") from error
    if began and began > now:
        raise click.BadParameter(f"{began:%Y-%m-%d} is yet to come", param_hint="--since")
    return began


def _replaced(target: Path | None) -> datetime | None:
    """When the report that is about to be replaced was made."""
    from trackersync.report.html import HEAD, made_at

    if target is None or not target.is_file():
        return None
    try:
        with target.open(encoding="utf-8") as old:
            return made_at(old.read(HEAD))
    except (OSError, UnicodeDecodeError):
        return None


def _render(contents: Contents, form: str, audience: Audience) -> str:
    if form == "html":
        from trackersync.report.html import render_html

        return render_html(contents)
    if form == "md":
        from trackersync.report.digest import render_digest

        return render_digest(contents, audience)
    from trackersync.report.flat import render_flat
    from trackersync.report.report_document import render_document

    return render_flat(contents) if form == "csv" else render_document(contents)


def _write(target: Path, text: str) -> None:
    """In one step, so that nobody opens half a report; behind a link, and into what is no file, such as a pipe."""
    target = target.resolve()
    new = target.with_name(f".{target.name}.new")
    straight = target.exists() and not target.is_file()
    try:
        (target if straight else new).write_text(text, encoding="utf-8")
        if not straight:
            new.replace(target)
    except OSError as error:
        new.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise TrackersyncError(f"{target} cannot be written: {reason}", hint="name another with --out") from error
