"""What `doctor` prints, and its exit code."""

from __future__ import annotations

import json

import pytest

from trackersync.diagnosis import Finding
from trackersync.testing import MemoryConnector

HARD = Finding("error", "no field 'Scoer'\x1b[31m", "correct the name")
SOFT = Finding("warning", "the token expires soon", "renew it")
FACT = Finding("info", "version 10.3.6")


@pytest.fixture
def found(run, monkeypatch):
    """`found["core"]` is what diagnosing that tracker finds."""
    told: dict[str, list[Finding]] = {}
    monkeypatch.setattr(MemoryConnector, "diagnose", lambda self, _written: iter(told.get(self.tracker, ())))
    return told


def test_every_finding_is_told_with_what_to_do_and_nothing_drives_the_terminal(run, found) -> None:
    found |= {"core": [FACT, HARD], "web": [SOFT]}
    ran = run("doctor")
    assert ran.code == 1
    lines = [line.strip() for line in ran.out.splitlines()]
    assert [line.split()[:2] for line in lines if line.startswith(("core", "web"))] == [
        ["core", "error"],
        ["core", "info"],
        ["web", "warning"],
    ]
    assert "→ correct the name" in lines
    assert "\x1b" not in ran.out
    assert lines[-1] == "2 trackers: 1 error, 1 warning"


def test_without_an_error_it_succeeds(run, found) -> None:
    found |= {"web": [SOFT]}
    assert run("doctor").code == 0
    found.clear()
    ran = run("doctor")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "2 trackers: nothing is missing")


def test_machines_get_the_same_as_json(run, found) -> None:
    found |= {"core": [FACT, HARD]}
    ran = run("doctor", "--format", "json")
    assert ran.code == 1
    assert "\x1b" not in ran.out
    assert json.loads(ran.out) == {
        "errors": 1,
        "warnings": 0,
        "trackers": [{"tracker": "core", "identity": "memory CORE"}, {"tracker": "web", "identity": "memory WEB"}],
        "findings": [
            {"tracker": "core", "severity": "error", "what": HARD.what, "do": "correct the name"},
            {"tracker": "core", "severity": "info", "what": "version 10.3.6", "do": ""},
        ],
    }


def test_neither_a_store_nor_any_other_file_is_made(run, found, tmp_path) -> None:
    before = sorted(tmp_path.iterdir())
    assert run("doctor").code == 0
    assert sorted(tmp_path.iterdir()) == before
