"""The whole job against the sandbox, by the same commands a user types."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from trackersync_sandbox.build import Options, build
from trackersync_sandbox.server import Server

TEAM_FILE = "trackersync.yaml"
SHOWN_LINES = 12
"""Lines of the plan that are shown; the file has them all."""
READ_BACK = 6
"""Issues whose written values are shown."""


def run_demo() -> None:
    """Check, pull, plan, apply, read back, plan again; ends with an error if any step does not do what it says."""
    with tempfile.TemporaryDirectory(prefix="trackersync-demo-") as folder, _sandbox().in_background() as base:
        team = Team(Path(folder), base)
        click.echo(f"# A GitHub and a Jira with a built-in backlog listen on {base}.")
        team.run("check")
        team.run("pull")
        team.run("plan", "--out", "plan.json", lines=SHOWN_LINES)
        team.run("apply", "plan.json")
        click.echo("\n# The ranked list over both trackers:")
        team.run("score", "--top", "15")
        refs = _ranked_refs(team)
        click.echo("\n# Why the first is first:")
        team.run("explain", refs[0])
        click.echo("\n# What the trackers themselves now hold:")
        click.echo("\n".join(_read_back(base, refs[:READ_BACK])))
        click.echo("\n# And again: nothing is left to write.")
        team.run("plan", "--exit-code")


class Team:
    """A folder with a team's file, in which commands are run as a user would."""

    def __init__(self, folder: Path, base: str) -> None:
        self.folder = folder
        text = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")
        (folder / TEAM_FILE).write_text(text.replace("{base}", base), encoding="utf-8")
        self.env = {**os.environ, "GITHUB_TOKEN": "demo", "JIRA_TOKEN": "demo", "TRACKERSYNC_CONFIG": TEAM_FILE}

    def run(self, *arguments: str, lines: int | None = None) -> None:
        """Show the command and what it prints, the first and last of it where `lines` says so; fail where it fails."""
        click.echo(f"\n$ trackersync {' '.join(arguments)}")
        done = self.output(*arguments)
        printed = done.stdout.rstrip("\n").split("\n")
        if lines is not None and len(printed) > lines:
            last = printed[-3:]
            printed = [*printed[: lines - 3], f"… {len(printed) - lines} more lines", *last]
        click.echo("\n".join(printed))
        click.echo(done.stderr, nl=False, err=True)
        if done.returncode != 0:
            raise click.ClickException(f"trackersync {arguments[0]} ended with exit code {done.returncode}")

    def output(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command with the interpreter of this one."""
        command = [sys.executable, "-m", "trackersync", *arguments]
        return subprocess.run(  # noqa: S603 - our own program with our own arguments
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, encoding="utf-8", check=False
        )


def _sandbox() -> Server:
    """A sandbox with its built-in backlog on a free port."""
    return Server(build(Options()))


def _ranked_refs(team: Team) -> list[str]:
    ranked: list[dict[str, Any]] = json.loads(team.output("score", "--format", "json").stdout)["ranked"]
    return [entry["ref"] for entry in ranked]


def _read_back(base: str, refs: Sequence[str]) -> Iterator[str]:
    """What the trackers themselves hold of these issues, a line each."""
    state = _ask(f"{base}/_sandbox/state")
    repository = state["github"]["repositories"]["acme/web"]["issues"]
    items = {item["issue"]: item["values"] for item in state["github"]["projects"]["acme/7"]["items"]}
    for ref in refs:
        kind, _, key = ref.partition(":")
        if kind == "github":
            labels, held = repository[key.partition("#")[2]]["labels"], items.get(key, {})
        else:
            issue = state["jira"]["issues"][key]
            labels, held = issue["labels"], {**issue["fields"], "Priority": issue["priority"]}
        shown = [f"{name} {_plain(held[name])}" for name in _READ_BACK_FIELDS if name in held]
        yield f"{ref:<20}" + "  ".join([*(label for label in labels if label.startswith("priority")), *shown])


_READ_BACK_FIELDS = ("Score", "Priority Score", "Rank", "Priority Rank", "Priority")


def _plain(value: Any) -> Any:
    """A number without the point that JSON gives it."""
    return f"{value:g}" if isinstance(value, float) else value


def _ask(url: str) -> Any:
    request = urllib.request.Request(url, headers={"Authorization": "Bearer demo"})  # noqa: S310 - our own sandbox
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)
