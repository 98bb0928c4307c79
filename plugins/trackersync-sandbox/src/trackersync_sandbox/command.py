"""The command `trackersync sandbox`; imports no more than click before it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from trackersync_sandbox.server import Server


MOST_SKEW = 366 * 24 * 3600
"""Seconds: a year is more than any clock is wrong, and every date stays one."""


@click.command(context_settings={"allow_interspersed_args": False})
@click.option("--port", type=click.IntRange(0, 65535), default=8484, show_default=True, help="0 takes a free one.")
@click.option(
    "--github", multiple=True, metavar="OWNER/REPO=FILE", help="Issues of a repository, as its API gives them."
)
@click.option("--jira", multiple=True, metavar="KEY=FILE", help="Issues of a Jira project, as its API gives them.")
@click.option("--deployment", type=click.Choice(["cloud", "data_center"]), default="cloud", show_default=True,
              help="Which Jira to be.")  # fmt: skip
@click.option("--latency-ms", type=click.IntRange(min=0), default=0, help="How long every answer takes at least.")
@click.option("--search-lag-ms", type=click.IntRange(min=0), default=0,
              help="How long after a change Jira Cloud's searches see it.")  # fmt: skip
@click.option("--bulk-polls", type=click.IntRange(min=0), default=0, metavar="N",
              help="How often a bulk edit of Jira Cloud is found unfinished before it is done.")  # fmt: skip
@click.option("--clock-skew-seconds", "clock_skew", type=click.IntRange(-MOST_SKEW, MOST_SKEW), default=0, metavar="N",
              help="How far the trackers' clocks are ahead of this machine's; behind it where negative.")  # fmt: skip
@click.option("--rate-limit", type=click.IntRange(min=1), metavar="N",
              help="How many requests an hour each tracker takes with one token.")  # fmt: skip
@click.option("--faults", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="YAML or JSON: what breaks on which request, as the README tells.")  # fmt: skip
@click.option("--lacking", multiple=True, metavar="NAME",
              help="What is missing: a scope, a Jira permission, or a field off its edit screen.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), help="Load only the first so many issues of each file.")
@click.option("--open-only", is_flag=True, help="Load only open issues.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND …]")
@click.pass_obj
def sandbox(
    file: Path | None,
    /,
    *,
    command: tuple[str, ...],
    port: int,
    github: tuple[str, ...],
    jira: tuple[str, ...],
    latency_ms: int,
    search_lag_ms: int,
    **options: Any,
) -> None:
    """Serve a local Jira and GitHub to rehearse on: until Ctrl-C, or for as long as COMMAND runs.

    A FILE of issues is JSON lines, plain or .gz; several files of one tracker are separated by commas. A tracker
    without a file serves a built-in backlog. Any token is accepted but `bad`.

    COMMAND finds the address in TRACKERSYNC_SANDBOX_URL, the file of -c in TRACKERSYNC_CONFIG, and a token in
    GITHUB_TOKEN and JIRA_TOKEN where none is set. The exit code is its own.

    trackersync sandbox -- sh -c 'trackersync pull && trackersync score'
    """
    from trackersync_sandbox.build import Options, build
    from trackersync_sandbox.server import Server

    served = Options(
        github=_files(github, "--github", "OWNER/REPO"),
        jira=_files(jira, "--jira", "KEY"),
        latency=latency_ms / 1000,
        search_lag=search_lag_ms / 1000,
        **options,
    )
    try:
        server = Server(build(served), port)
    except (OSError, ValueError) as exc:
        raise click.ClickException(f"the sandbox cannot start: {exc}") from exc
    if command:
        click.get_current_context().exit(_rehearse(command, server, file))
    click.echo(f"sandbox listening: GitHub {server.url}/github  Jira {server.url}/jira  (Ctrl-C ends it)")
    sys.stdout.flush()
    try:
        server.run()
    finally:
        server.close()


def _rehearse(command: tuple[str, ...], server: Server, file: Path | None) -> int:
    from trackersync_sandbox.rehearsal import environment, rehearse

    with server.in_background() as url:
        try:
            return rehearse(command, environment(url, None if file is None else str(file)))
        except OSError as exc:
            raise click.ClickException(f"{command[0]} cannot be run: {exc.strerror}") from exc


@click.command()
def demo() -> None:
    """Run the whole job against the sandbox, end to end.

    A GitHub and a Jira with a built-in backlog are served on a free port of this machine; no account is needed.

    trackersync demo
    """
    from trackersync_sandbox.demo import run_demo

    run_demo()


def _files(given: tuple[str, ...], option: str, name: str) -> dict[str, list[Path]]:
    """`KEY=FILE,FILE` as files by key; the same key may come again."""
    found: dict[str, list[Path]] = {}
    for text in given:
        key, _, paths = text.partition("=")
        if not key or not paths:
            raise click.BadParameter(f"{text!r} is not {name}=FILE", param_hint=option)
        found.setdefault(key, []).extend(Path(path) for path in paths.split(","))
    return found
