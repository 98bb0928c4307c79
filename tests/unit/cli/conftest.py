"""The program over memory trackers: what a user types, what is printed, and the exit code."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from trackersync import registry
from trackersync.cli import main
from trackersync.connector import Source
from trackersync.testing import MemoryConnector, MemoryTracker

TEAM = """\
version: 1
trackers:
  core: {connector: memory, project: CORE}
  web: {connector: memory, project: WEB}
inputs:
  worth: {from: {memory: {field: Worth}}}
scoring: {framework: formula, expression: worth}
bands: {P0: {share: 50%}, P1: {}}
write:
  memory: {labels: {prefix: "priority/"}, fields: {score: Score}}
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def trackers(issue) -> dict[str, MemoryTracker]:
    """Two issues each; the last of `web` has nothing to be scored by."""
    made = {name: MemoryTracker(fields=("Worth", "Haste", "Score")) for name in ("core", "web")}
    for number in (1, 2):
        made["core"].add(issue(number, fields={"Worth": number}))
    made["web"].add(issue(11, tracker="web", fields={"Worth": 11}), issue(12, tracker="web"))
    return made


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trackers) -> Callable[[str], Path]:
    """Write the team's file; the memory trackers are the only connector installed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRACKERSYNC_CONFIG", raising=False)
    connector = MemoryConnector.over(trackers)

    class OnlyMemory(registry.Registry):
        def __init__(self, extra: dict[str, type[Source]] | None = None) -> None:
            super().__init__({"memory": connector, **(extra or {})})

    monkeypatch.setattr(registry, "Registry", OnlyMemory)

    def written(text: str) -> Path:
        file = tmp_path / "trackersync.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    written(TEAM)
    return written


@pytest.fixture
def run(team, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    logger = logging.getLogger("trackersync")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", logger.propagate)
    monkeypatch.setattr(logger, "level", logger.level)

    def ran(*arguments: str) -> Ran:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["trackersync", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else int(code is not None), out, err)

    return ran
