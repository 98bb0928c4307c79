"""A diagnosis of all trackers: none keeps another's findings from being told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trackersync.config import Config, load_config
from trackersync.connector import Source
from trackersync.diagnosis import Finding, Written
from trackersync.errors import ForbiddenError
from trackersync.registry import Registry
from trackersync.sync.diagnosing import diagnose
from trackersync.testing import FakeClock, MemoryConnector, MemoryTracker
from trackersync.transport import Transport

TEAM = """\
version: 1
trackers:
  core: {connector: memory, project: CORE, token_env: CORE_TOKEN}
  web: {connector: memory, project: WEB}
inputs:
  worth: {from: {memory: {field: Worth}}}
scoring: {framework: formula, expression: worth}
bands: {P0: {share: 50%}, P1: {}}
write:
  core:
    {labels: {prefix: p/}, fields: {score: Score, band: Band}, priority: {P0: High, P1: Low}, order: board,
     notify: false}
"""


@pytest.fixture
def asked() -> dict[str, Written]:
    return {}


@pytest.fixture
def configured(tmp_path: Path, asked) -> Callable[..., Config]:
    """`configured(core=…)`: the team's file where diagnosing a tracker does what the test says."""

    def config(**told: Callable[[], list[Finding]]) -> Config:
        class Told(MemoryConnector.over({"core": MemoryTracker(), "web": MemoryTracker()})):
            def diagnose(self, written):
                asked[self.tracker] = written
                yield from told.get(self.tracker, list)()

        file = tmp_path / "trackersync.yaml"
        file.write_text(TEAM)
        return load_config(file, Registry(extra={"memory": Told}))

    return config


def run(config: Config, **env: str):
    with Transport(clock=FakeClock()) as transport:
        return {each.tracker: each for each in diagnose(config, transport=transport, env=env)}


def raising(error: Exception):
    def tell():
        raise error

    return tell


def test_a_connector_is_told_by_name_what_is_written(configured, asked) -> None:
    run(configured(), CORE_TOKEN="secret")
    assert asked["core"] == Written(
        labels=("p/P0", "p/P1"),
        fields={"Score": (), "Band": ("P0", "P1")},
        priorities=("High", "Low"),
        order=True,
        notify=False,
    )
    assert asked["web"] == Written()


def test_an_unset_secret_is_a_finding_at_its_line_and_the_other_tracker_is_examined(configured) -> None:
    found = run(configured(web=lambda: [Finding("info", "seen")]))
    (missing,) = found["core"].findings
    assert missing.severity == "error"
    assert "trackersync.yaml:3: trackers.core.token_env: the environment variable CORE_TOKEN is not set" in missing.what
    assert missing.do == "set it to the tracker's token"
    assert found["web"].findings == (Finding("info", "seen"),)


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (ForbiddenError("no way", hint="grant it"), "no way"),
        (KeyError("id"), "the connector 'memory' failed: KeyError"),
    ],
)
def test_a_connector_that_raises_is_a_finding_and_the_other_tracker_is_examined(configured, error, what) -> None:
    found = run(configured(core=raising(error), web=lambda: [Finding("info", "seen")]), CORE_TOKEN="secret")
    (failed,) = found["core"].findings
    assert (failed.severity, failed.what.startswith(what)) == ("error", True)
    assert failed.do
    assert found["web"].findings == (Finding("info", "seen"),)


def test_the_gravest_comes_first_and_nothing_twice(configured) -> None:
    told = [Finding("info", "a"), Finding("warning", "b"), Finding("error", "c"), Finding("warning", "b")]
    found = run(configured(core=lambda: told), CORE_TOKEN="secret")["core"]
    assert [finding.what for finding in found.findings] == ["c", "b", "a"]
    assert found.count("warning") == 1
    assert found.identity == "memory CORE"


def test_a_connector_that_does_not_look_finds_nothing(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(MemoryConnector, "diagnose", Source.diagnose)
    trackers = {"core": MemoryTracker(), "web": MemoryTracker()}
    file = tmp_path / "trackersync.yaml"
    file.write_text(TEAM)
    config = load_config(file, Registry(extra={"memory": MemoryConnector.over(trackers)}))
    assert [each.findings for each in run(config, CORE_TOKEN="secret").values()] == [(), ()]
