"""The program: its global options, its commands found without importing them, and the one boundary for errors."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click

from trackersync import __version__
from trackersync.errors import GuardError, TrackersyncError

COMMANDS = {
    "init": "Write a commented starter file that `check` accepts.",
    "check": "Find every problem of the file, offline.",
    "doctor": "Find everything that is missing on the trackers, at once.",
    "pull": "Read the trackers into the store.",
    "score": "Rank the stored issues; touches no network.",
    "plan": "Show every change that would be written, and why.",
    "apply": "Write exactly a saved plan.",
    "sync": "Pull, score, plan and apply, never asking: for schedulers.",
    "rescore": "Read issues anew, show who would move and why, ask, and write it.",
    "report": "Write the whole list and its reasons into one HTML file.",
    "history": "Show the runs, or where one issue stood, what moved it and what was written.",
    "revert": "Put back what a run found, where nobody touched it since.",
    "overrides": "List what people changed where we had written, and release it.",
    "explain": "Show how one issue came by its score, step by step.",
    "compare": "Rank by the rules of two files: who moves, and how far.",
    "rules": "Test the rules, and see what other rules would change.",
    "frameworks": "List the scoring frameworks, and print one to be pasted and changed.",
    "connectors": "List the installed connectors.",
    "schema": "Print the JSON Schema of the file, for editors.",
}
"""Name to one line of help, so that `--help` imports none of them; each lives in `trackersync.cli.NAME`."""

NARROW = 52
"""Click lays help out for 50 columns at least, and two that it leaves free."""
EXIT_FAILED = 1
EXIT_REFUSED = 5
GARBAGE_SEARCHED_EVERY = 200_000
"""Objects made and not freed between two searches for unreachable cycles; Python's own number is 700."""


class Help(click.HelpFormatter):
    """Lays out help as click does; where there is little room, what an option does stands below it."""

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """A list of words and what they mean."""
        super().write_dl(rows, 6 if self.width < NARROW else col_max, col_spacing)


# A command makes a context of its own, of click's class; there is no other place for all of them.
click.Context.formatter_class = Help


class Program(click.Group):
    """Loads a command when it is called, those of other distributions by the entry points `trackersync.commands`."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """As usual, but that help fits a terminal of fewer columns than click takes any to have."""
        columns = get_terminal_size().columns
        if columns < NARROW:
            extra.setdefault("terminal_width", columns)
        return super().make_context(info_name, args, parent, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Ours in the order of the work, then those of plugins."""
        return [*COMMANDS, *sorted(_plugin_commands())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; None where there is no such command."""
        if cmd_name in COMMANDS:
            command: click.Command = import_module(f"trackersync.cli.{cmd_name}").command
            return command
        plugin = _plugin_commands().get(cmd_name)
        return _load(plugin) if plugin else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of the first word; where there is none, the nearest is named."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with one line each."""
        rows = list(COMMANDS.items())
        rows += [(name, _plugin_help(point)) for name, point in sorted(_plugin_commands().items())]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Run; every error a user can act on becomes a message and an exit code, a bug keeps its traceback."""
        try:
            return super().invoke(ctx)
        except TrackersyncError as error:
            from trackersync.cli.messages import tell_error

            tell_error(error)
            ctx.exit(EXIT_REFUSED if isinstance(error, GuardError) else EXIT_FAILED)


def _load(point: EntryPoint) -> click.Command:
    """A plugin's command; where it does not load, click says why, since no option of ours is known yet."""
    try:
        command: click.Command = point.load()
    except Exception as error:
        where = f"command {point.name!r} ({point.dist.name if point.dist else 'unknown distribution'}, {point.value})"
        message = f"{where} is installed but does not load: {type(error).__name__}: {error}"
        raise click.ClickException(f"{message}\nReinstall or upgrade it.") from error
    return command


def _plugin_help(point: EntryPoint) -> str:
    """One line of help; a plugin that does not load hurts only those who call it."""
    try:
        return _load(point).get_short_help_str(80)
    except click.ClickException as error:
        return f"(does not load: {error.__cause__})"


@cache
def _plugin_commands() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group="trackersync.commands")}


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "-c",
    "--config",
    "file",
    type=click.Path(path_type=Path),
    default=Path("trackersync.yaml"),
    envvar="TRACKERSYNC_CONFIG",
    show_default=True,
    show_envvar=True,
    help="The team's file.",
)
@click.option("-v", "--verbose", is_flag=True, help="Tell more.")
@click.option("-q", "--quiet", is_flag=True, help="Tell only what went wrong.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="How messages are written.")
@click.version_option(__version__)
@click.pass_context
def program(ctx: click.Context, *, file: Path, verbose: bool, quiet: bool, log_format: str) -> None:
    """Priorities as code, in the tracker the team already uses.

    The rules live in one reviewed YAML file. trackersync reads the issues of every tracker into one list, scores and
    ranks them, and writes the result back where people look.

    \b
    trackersync init
    trackersync plan --out plan.json
    trackersync apply plan.json

    Exit codes: 0 done, 1 failed, 2 usage, 3 applied in part, 4 the plan has changes (with --exit-code), 5 refused
    by a guard.
    """
    if verbose and quiet:
        raise click.UsageError("--verbose and --quiet exclude each other")
    from trackersync.cli.messages import configure_logging

    configure_logging(verbose=verbose, quiet=quiet, as_json=log_format == "json")
    ctx.obj = file


def main() -> None:
    """The entry point of the `trackersync` command."""
    # What is read and imported is many objects and few cycles: to look for those all the time costs a tenth or more.
    gc.set_threshold(GARBAGE_SEARCHED_EVERY)
    # Nor is there a use for cycles found at the end, where all memory goes at once.
    atexit.register(gc.freeze)
    program(prog_name="trackersync")
