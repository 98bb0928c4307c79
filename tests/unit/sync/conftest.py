"""A workspace over one tracker in memory, `core`, as it is pulled again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trackersync.config import load_config
from trackersync.registry import Registry
from trackersync.store import Store
from trackersync.sync import Workspace
from trackersync.testing import FakeClock, MemoryConnector
from trackersync.transport import Transport

TEAM = """\
version: 1
trackers:
  core: {connector: memory, project: CORE}
inputs:
  worth: {from: {memory: {field: Worth}}}
scoring: {framework: formula, expression: worth}
"""


@pytest.fixture(scope="session")
def team() -> str:
    """The text of its file, which a test may change before it opens the workspace."""
    return TEAM


@pytest.fixture
def clock(now) -> FakeClock:
    return FakeClock(now)


@pytest.fixture
def open_workspace(tmp_path: Path, memory, clock) -> Iterator[Callable[..., Workspace]]:
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")

    def opened(connector=MemoryConnector, text: str = TEAM) -> Workspace:
        file = tmp_path / "trackersync.yaml"
        file.write_text(text, encoding="utf-8")
        config = load_config(file, Registry(extra={"memory": connector.over({"core": memory})}))
        return Workspace(config=config, store=store, transport=Transport(clock=clock), env={})

    yield opened
    store.close()
