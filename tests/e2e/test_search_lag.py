"""Jira Cloud's searches lag behind what was written: what we wrote just now is not taken for undone by somebody."""

from __future__ import annotations

from importlib.resources import files

import pytest

DEMO = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")


@pytest.fixture
def lagging(serve, team):
    sandbox = serve(search_lag=300.0)
    team(DEMO, sandbox.url)
    return sandbox


def test_a_run_right_after_another_writes_nothing_and_leaves_nothing_alone(lagging, run) -> None:
    assert run("sync").code == 0
    after = lagging.get("state")
    again = run("sync")
    assert again.code == 0, again
    assert lagging.get("state") == after
    assert "left alone" not in run("plan", "--offline").out


def test_what_the_search_showed_late_is_read_by_a_later_pull(lagging, run) -> None:
    assert run("pull").code == 0
    lagging.edit("jira:CORE-6", title="Edited by hand")
    assert run("pull").code == 0
    assert "Edited by hand" not in run("explain", "jira:CORE-6").out
    lagging.post("clock", {"advance_ms": 299_000})
    assert run("pull").code == 0
    lagging.post("clock", {"advance_ms": 2_000})
    assert run("pull").code == 0
    assert "Edited by hand" in run("explain", "jira:CORE-6").out
