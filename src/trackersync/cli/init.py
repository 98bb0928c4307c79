"""`trackersync init`."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from trackersync.cli.workspace import load
from trackersync.errors import ConfigError, Problem, TrackersyncError

if TYPE_CHECKING:
    from trackersync.config import Config
    from trackersync.config.given import Given


def _complete_framework(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS

    return [CompletionItem(name) for name in (*FRAMEWORKS, *VARIANTS) if name.startswith(begun)]


@click.command("init")
@click.option(
    "--framework",
    metavar="NAME",
    shell_complete=_complete_framework,
    help="The scoring framework to start with; asks nothing.  [else: rice]",
)
@click.option(
    "--tracker",
    "trackers",
    metavar="NAME=CONNECTOR",
    multiple=True,
    help="A tracker under a name of your own; asks nothing. This and the next two may be given several times.",
)
@click.option(
    "--set",
    "settings",
    metavar="TRACKER.KEY=VALUE",
    multiple=True,
    help="One setting of a tracker, its value typed as in the file.",
)
@click.option(
    "--input",
    "inputs",
    metavar="TRACKER.INPUT=KIND:NAME",
    multiple=True,
    help="Where a tracker keeps an input: field, project_field, issue_field, label, milestone or column.  "
    "[else: in labels INPUT/{value}]",
)
@click.option("--labels", metavar="PREFIX", help="Write the bands as labels that begin so.  [else: nothing is written]")
@click.pass_obj
def command(
    file: Path,
    *,
    framework: str | None,
    trackers: Sequence[str],
    settings: Sequence[str],
    inputs: Sequence[str],
    labels: str | None,
) -> None:
    """Write a commented starter file that `check` accepts.

    On a terminal it asks: how to score, which trackers, and where they keep the inputs. It tests that they answer, and
    offers their boards, projects and fields to choose from. With --tracker it asks nothing, and the file is complete.
    Elsewhere, and with --framework alone, it asks nothing either, and the trackers in the file are to be filled in.

    \b
    trackersync init
    trackersync -c team.yaml init --framework wsjf
    trackersync init --tracker web=github --set web.repository=acme/web --labels priority/
    trackersync init --tracker mine=file --set mine.path=backlog.csv --input mine.reach=field:Reach
    """
    _check_place(file)
    if not trackers and (settings or inputs or labels is not None):
        raise click.UsageError("--set, --input and --labels are about a tracker: name it with --tracker NAME=CONNECTOR")
    if trackers:
        from trackersync.config.given import Given

        name = framework or "rice"
        _from_flags(file, Given(framework=name, trackers=trackers, settings=settings, inputs=inputs, labels=labels))
    elif framework is None and sys.stdin.isatty() and sys.stdout.isatty():
        _from_interview(file)
    else:
        _write(file, _template(framework or "rice"))
        click.echo(f"wrote {file}: fill in the trackers, then run `trackersync check`")


def _from_flags(file: Path, given: Given) -> None:
    from trackersync.config.given import Faults, file_of
    from trackersync.report.escape import printable

    try:
        made = file_of(given, file)
    except Faults as wrong:
        raise click.UsageError("\n  ".join(["no file like this:", *map(printable, wrong.faults)])) from wrong
    _write(file, made.text)
    _tell(file, made.notes, ())


def _from_interview(file: Path) -> None:
    from trackersync.cli.interview import interview

    made = interview(file)
    _write(file, made.text)
    _tell(file, made.notes, made.pasted)


def _tell(file: Path, notes: Sequence[str], pasted: Collection[str]) -> None:
    """What was written, and what to do next: that is the last line, and works as it is typed."""
    from trackersync.cli.terminal import say
    from trackersync.report.escape import printable

    unset = dict.fromkeys([*pasted, *_unset(load(file))])
    say(f"wrote {file}")
    for note in notes:
        say(note)
    say("What it would do, writing nothing:")
    where = () if file == Path("trackersync.yaml") else ("-c", shlex.quote(str(file)))
    steps = [*(f"export {name}=…" for name in unset), " ".join(("trackersync", *where, "plan"))]
    click.echo(printable(" && ".join(steps)))  # on one line however narrow the terminal


def _unset(config: Config) -> Iterator[str]:
    """The environment variables that the trackers need and that are not set."""
    from trackersync.config.questions import variable_at
    from trackersync.transport import Transport

    with Transport() as transport:
        for name, tracker in config.trackers.items():
            try:
                tracker.source(name, tracker.settings, transport=transport, env=os.environ, wanted=config.wanted(name))
            except ConfigError as error:
                variable = variable_at(tracker.settings, error.problems[0].path)
                yield from [variable] if variable else []


def _template(framework: str) -> str:
    from trackersync.config import starter

    try:
        return starter(framework)
    except TrackersyncError as error:
        raise click.BadParameter(f"{error.message}; {error.hint}", param_hint="--framework") from error


def _check_place(file: Path) -> None:
    """Nothing is asked for a file that cannot be written in the end."""
    if os.path.lexists(file):
        raise _exists(file)
    try:
        with TemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        raise _unwritable(file, error) from error


def _write(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise _exists(file) from error
    except OSError as error:
        raise _unwritable(file, error) from error


def _exists(file: Path) -> ConfigError:
    hint = "move it away, or name another with -c FILE"
    return ConfigError([Problem("the file exists already, and is left as it is")], file=str(file), hint=hint)


def _unwritable(file: Path, error: OSError) -> ConfigError:
    return ConfigError([Problem(f"cannot be written in {file.parent}: {error.strerror}")], file=str(file))
