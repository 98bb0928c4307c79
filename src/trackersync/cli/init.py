"""`trackersync init`."""

from __future__ import annotations

from pathlib import Path

import click

from trackersync.errors import ConfigError, Problem, TrackersyncError


@click.command("init")
@click.option(
    "--framework", metavar="NAME", default="rice", show_default=True, help="The scoring framework to start with."
)
@click.pass_obj
def command(file: Path, *, framework: str) -> None:
    """Write a commented starter file that `check` accepts.

    \b
    trackersync init
    trackersync -c team.yaml init --framework wsjf
    """
    from trackersync.config import starter

    try:
        text = starter(framework)
    except TrackersyncError as error:
        raise click.BadParameter(f"{error.message}; {error.hint}", param_hint="--framework") from error
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        hint = "move it away, or name another with -c FILE"
        raise ConfigError(
            [Problem("the file exists already, and is left as it is")], file=str(file), hint=hint
        ) from error
    except OSError as error:
        raise ConfigError([Problem(f"cannot be written: {error.strerror}")], file=str(file)) from error
    click.echo(f"wrote {file}: fill in the trackers, then run `trackersync check`")
