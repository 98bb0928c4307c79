"""A budget for a tracker: the run ends early and cleanly, says when there is room, and the next one goes on."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from trackersync.store import Store

DEMO = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")


@pytest.fixture
def ready(sandbox, team):
    """`ready("web: 3/h")`: the demo's team with this budget."""

    def written(budget: str) -> None:
        team(DEMO + f"budget: {{{budget}}}\n", sandbox.url)

    written("web: 900/h")
    return written


@pytest.fixture
def an_hour_later(tmp_path, monkeypatch):
    """Nothing that was sent counts any more."""

    def later() -> None:
        (store,) = tmp_path.glob("*.db")
        with Store.open(f"sqlite:///{store}") as opened, opened._database.write() as connection:
            connection.exec_driver_sql("DELETE FROM request_count")

    return later


def test_a_read_beyond_the_budget_is_partial_and_the_other_tracker_is_read(ready, run, asked) -> None:
    ready("web: 1/h")
    pulled = run("pull")
    assert pulled.code == 1
    assert "web: partial, no snapshot yet" in pulled.out
    assert re.search(r"core: \d+ issues, complete", pulled.out)
    assert "the budget of 1/h for web is used up: there is room again from" in pulled.err
    assert "hint: run it again then" in pulled.err


def test_a_write_beyond_the_budget_is_not_attempted_and_the_same_plan_finishes_it(
    ready, run, sandbox, an_hour_later
) -> None:
    ready("github: 900/h")
    assert run("plan", "--out", "plan.json").code == 0
    an_hour_later()
    ready("github: 4/h")
    applied = run("apply", "plan.json")
    assert applied.code == 3
    assert "not attempted: the budget of 4/h for web is used up" in applied.out
    assert "error: web: the budget of 4/h for web is used up" in applied.err
    again = run("apply", "plan.json")
    assert again.code == 3
    an_hour_later()
    ready("github: 900/h")
    assert run("apply", "plan.json").code == 0
    assert run("plan", "--exit-code").code == 0


def test_requests_of_one_process_count_in_the_next(ready, run, asked) -> None:
    ready("web: 12/h")
    assert run("pull").code == 0
    while run("pull").code == 0:
        pass
    assert sum(each.split()[1].startswith("/github/") for each in asked) == 12


def test_a_plan_says_into_how_many_runs_the_budget_cuts_it(ready, run) -> None:
    ready("web: 7/h")
    planned = run("plan")
    assert re.search(r"^The budget of 7/h for web makes that 2 runs: ", planned.out, re.MULTILINE), planned.out
    assert "for core" not in planned.out


def test_a_budget_for_nothing_known_is_told_at_its_line(ready, run) -> None:
    ready("wbe: 9/h, core: 0/h")
    checked = run("check")
    line = DEMO.count("\n") + 1
    assert checked.code == 1
    assert f"trackersync.yaml:{line}: budget.wbe: names neither a tracker nor a connector in use" in checked.err
    assert f"trackersync.yaml:{line}: budget.core: nothing could be read or written" in checked.err
