"""What `plan` shows of the changes, and says of the cost of applying: the requests, and whether anybody gets mail."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from trackersync.cli import plan as plan_command
from trackersync.cli import terminal
from trackersync.testing import MemoryConnector

ABLE = MemoryConnector.capabilities


@pytest.fixture
def able(monkeypatch):
    return lambda **changes: monkeypatch.setattr(MemoryConnector, "capabilities", replace(ABLE, **changes))


def cost(ran) -> str:
    return next(line for line in ran.out.splitlines() if re.match(r"Applying takes about \d+ requests to core, ", line))


def test_mail_is_forecast_where_writes_send_it_and_it_is_not_asked_to_be_spared(run) -> None:
    assert cost(run("plan")).endswith(" to core, its watchers may get mail.")


def test_where_no_mail_is_asked_for_that_is_said(run, team, tmp_path) -> None:
    team((tmp_path / "trackersync.yaml").read_text().replace("{labels:", "{notify: false, labels:"))
    assert cost(run("plan")).endswith(" to core, asking it to send no mail.")


def test_of_a_tracker_that_sends_none_nobody_is_warned(run, able) -> None:
    able(notifies=False, quiet=False)
    assert cost(run("plan")).endswith(" to core, which sends nobody mail.")


@pytest.fixture
def at_terminal(monkeypatch):
    """A terminal that shows two changes; six are planned."""
    monkeypatch.setattr(plan_command, "SHOWN", 2)
    monkeypatch.setattr(plan_command, "on_terminal", lambda: True)


def refs(ran) -> list[str]:
    """The issues in the first column."""
    return re.findall(r"^memory:\S+", ran.out, re.MULTILINE)


SUMMARY = "6 changes to 3 of 3 ranked issues, 0 of them moves."


def test_a_terminal_gets_the_first_changes_and_the_whole_summary(run, at_terminal) -> None:
    ran = run("plan")
    assert refs(ran) == ["memory:CORE-2"]
    assert "… and 4 more: --all shows them, --out FILE saves them all" in ran.out
    assert SUMMARY in ran.out


def test_all_changes_are_shown_where_they_are_asked_for(run, at_terminal) -> None:
    ran = run("plan", "--all")
    assert refs(ran) == ["memory:CORE-2", "memory:CORE-1", "memory:CORE-11"]
    assert "more" not in ran.out
    assert SUMMARY in ran.out


def test_a_pipe_and_a_saved_plan_have_every_change(run, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(plan_command, "SHOWN", 2)
    ran = run("plan", "--out", "plan.json")
    assert refs(ran) == ["memory:CORE-2", "memory:CORE-1", "memory:CORE-11"]
    assert (tmp_path / "plan.json").read_text().count('"reason"') == 6


def test_many_changes_have_a_line_each_however_long(capsys) -> None:
    rows = [("a" * 70, "ü", "why " * 90), ("b", "\x1b[2J", "so")]
    terminal.print_lines(("Issue", "Then", "Why"), rows)
    heading, first, second = capsys.readouterr().out.splitlines()
    assert heading == f"{'Issue':60}  Then     Why"
    assert first.split() == ["a" * 70, "ü", *["why"] * 90]
    assert second == f"{'b':60}  \\x1b[2J  so"


def test_a_place_in_the_order_is_told_by_the_issue_it_is_behind(run, team, trackers, tmp_path) -> None:
    team((tmp_path / "trackersync.yaml").read_text().replace('{labels: {prefix: "priority/"}, ', "{order: board, "))
    run("sync")
    trackers["core"].order.reverse()
    assert (
        "left alone: memory:CORE-1 order: somebody moved it from after CORE-2 to the top; "
        "it stays there, and the others are ordered around it"
    ) in run("plan").out
