"""Each tracker gets a verdict on each pull: complete, partial (and why), unchanged."""

from __future__ import annotations

import json

import pytest

from trackersync.errors import AuthError


def documents(run, *options):
    ran = run("pull", "--format", "json", *options)
    return ran.code, json.loads(ran.out)


@pytest.fixture
def at_hand(run, trackers):
    """Both trackers were read; `core` was edited since, and `web` cannot be read."""
    assert run("pull").out.splitlines() == ["core: 2 issues, complete", "web: 2 issues, complete"]
    trackers["core"].edit("id1", title="edited")
    trackers["web"].fail(AuthError("401: bad credentials \x1b[2J", hint="renew the token", host="web.example"))


def test_what_was_touched_what_was_not_and_what_was_read_in_part_are_told_apart(run, trackers, at_hand) -> None:
    ran = run("pull")
    assert ran.out.splitlines() == [
        "core: 2 issues, complete (1 touched since the last pull)",
        "web: partial, 2 issues kept",
    ]
    assert "web: not read: 401: bad credentials" in ran.err
    trackers["web"].heal()
    assert run("pull").out.splitlines() == [
        "core: 2 issues, unchanged since the last pull",
        "web: 2 issues, unchanged since the last pull",
    ]


def test_a_tracker_that_was_never_read_has_no_snapshot(run, trackers) -> None:
    trackers["web"].fail(AuthError("401"))
    assert run("pull").out.splitlines()[1] == "web: partial, no snapshot yet"
    code, document = documents(run)
    assert code == 1
    assert [document["trackers"][1][key] for key in ("verdict", "issues", "read_at")] == ["partial", None, None]


def test_machines_get_the_same_as_json(run, at_hand) -> None:
    code, document = documents(run)
    assert (code, document["complete"]) == (1, False)
    core, web = document["trackers"]
    assert core.pop("read_at") > web.pop("read_at")
    assert core == {
        "tracker": "core",
        "identity": "memory CORE",
        "verdict": "complete",
        "issues": 2,
        "touched": 1,
        "gone": [],
        "why": None,
        "do": None,
    }
    assert web | {"why": ""} == {
        "tracker": "web",
        "identity": "memory WEB",
        "verdict": "partial",
        "issues": 2,
        "touched": None,
        "gone": [],
        "why": "",
        "do": "renew the token",
    }
    assert web["why"].startswith("401: bad credentials")
    code, document = documents(run)
    assert document["trackers"][0]["verdict"] == "unchanged"


def test_what_is_gone_is_told_by_a_whole_read(run, trackers) -> None:
    run("pull")
    trackers["core"].remove("id1")
    code, document = documents(run, "--full", "--allow", "max_shrink")
    assert (code, document["complete"]) == (0, True)
    core = document["trackers"][0]
    assert (core["verdict"], core["issues"], core["touched"]) == ("complete", 1, None)
    assert core["gone"] == [{"ref": "memory:CORE-1", "fate": "deleted", "to": None}]


def test_nothing_from_a_tracker_drives_the_terminal(run, at_hand) -> None:
    ran = run("pull", "--format", "json")
    assert "\x1b" not in ran.out + ran.err
