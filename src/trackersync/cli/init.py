"""`trackersync init`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trackersync.cli.workspace import load
from trackersync.errors import ConfigError, Problem, TrackersyncError


@click.command("init")
@click.option("--framework", metavar="NAME", help="The scoring framework to start with; asks nothing.  [else: rice]")
@click.pass_obj
def command(file: Path, *, framework: str | None) -> None:
    """Write a commented starter file that `check` accepts.

    On a terminal it asks: how to score, which trackers, and where they keep the inputs. It tests that they answer, and
    offers their boards, projects and fields to choose from. Elsewhere, and with --framework, it asks nothing, and the
    trackers in the file are to be filled in.

    \b
    trackersync init
    trackersync -c team.yaml init --framework wsjf
    """
    if file.exists():
        raise _exists(file)
    asking = framework is None and sys.stdin.isatty() and sys.stdout.isatty()
    if asking:
        from trackersync.cli.interview import interview

        text = interview(file)
    else:
        text = _template(framework or "rice")
    _write(file, text)
    if asking:
        load(file)
        click.echo(f"wrote {file}; what it would do, writing nothing: trackersync plan")
    else:
        click.echo(f"wrote {file}: fill in the trackers, then run `trackersync check`")


def _template(framework: str) -> str:
    from trackersync.config import starter

    try:
        return starter(framework)
    except TrackersyncError as error:
        raise click.BadParameter(f"{error.message}; {error.hint}", param_hint="--framework") from error


def _write(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise _exists(file) from error
    except OSError as error:
        raise ConfigError([Problem(f"cannot be written: {error.strerror}")], file=str(file)) from error


def _exists(file: Path) -> ConfigError:
    hint = "move it away, or name another with -c FILE"
    return ConfigError([Problem("the file exists already, and is left as it is")], file=str(file), hint=hint)
