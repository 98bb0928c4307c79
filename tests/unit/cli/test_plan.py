"""What `plan` shows of the changes, and says of applying them: requests, points, time, mail, and a budget's runs."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from trackersync.change import Forecast
from trackersync.cli import plan as plan_command
from trackersync.cli import terminal
from trackersync.cli.costs import cost_lines
from trackersync.errors import UnavailableError
from trackersync.testing import MemoryConnector
from trackersync.transport.allowance import Rate

ABLE = MemoryConnector.capabilities


@pytest.fixture
def able(monkeypatch):
    return lambda **changes: monkeypatch.setattr(MemoryConnector, "capabilities", replace(ABLE, **changes))


def cost(ran) -> str:
    return next(line for line in ran.out.splitlines() if re.match(r"Applying takes about \d+ requests to core ", line))


def test_mail_is_forecast_where_writes_send_it_and_it_is_not_asked_to_be_spared(run) -> None:
    assert cost(run("plan")).endswith(" to core and may mail the watchers of 2 issues.")


def test_where_no_mail_is_asked_for_that_is_said(run, team, tmp_path) -> None:
    team((tmp_path / "trackersync.yaml").read_text().replace("{labels:", "{notify: false, labels:"))
    assert cost(run("plan")).endswith(" to core and sends no mail.")


def test_of_a_tracker_that_sends_none_nobody_is_warned(run, able) -> None:
    able(notifies=False, quiet=False)
    assert cost(run("plan")).endswith(" to core and sends no mail.")


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


@pytest.mark.parametrize(
    ("forecast", "line"),
    [
        (
            Forecast(requests=43, points=43, seconds=39.5),
            "Applying takes about 43 requests to web (43 API points, at least 40 s) and sends no mail.",
        ),
        (
            Forecast(requests=1, points=1, mailed=1),
            "Applying takes about 1 request to web (1 API point) and may mail the watchers of 1 issue.",
        ),
        (
            Forecast(requests=1014, mailed=340, how="12 bulk edits in place of 340 edits"),
            (
                "Applying takes about 1,014 requests to web: 12 bulk edits in place of 340 edits; "
                "it may mail the watchers of 340 issues."
            ),
        ),
        (
            Forecast(requests=5, mailed=2, loud="the account administers neither the site nor CORE"),
            (
                "Applying takes about 5 requests to web and may mail the watchers of 2 issues "
                "although the file asks for none: the account administers neither the site nor CORE."
            ),
        ),
    ],
)
def test_the_cost_of_a_tracker_is_one_line(forecast, line) -> None:
    assert list(cost_lines("web", forecast, None)) == [line]
    assert list(cost_lines("web", forecast, Rate(5000, "h"))) == [line]


def test_a_budget_too_small_for_the_plan_is_told_with_the_runs_it_makes() -> None:
    lines = list(cost_lines("web", Forecast(requests=2300), Rate(1000, "h")))
    assert lines[0].startswith("Applying takes about 2,300 requests to web")
    assert lines[1].startswith("The budget of 1000/h for web makes that 3 runs: ")


def test_the_time_is_at_least_what_a_budget_by_the_minute_makes_of_it(run, team, tmp_path) -> None:
    team((tmp_path / "trackersync.yaml").read_text() + "budget: {core: 1/min}\n")
    assert re.search(r"to core \(at least \d+ min\)", cost(run("plan")))


def test_a_tracker_that_cannot_be_asked_for_its_cost_costs_nobody_the_plan(run, monkeypatch) -> None:
    told = MemoryConnector.forecast

    def forecast(self, changes, *, notify, ask):
        if ask:
            raise UnavailableError("no answer", tracker=self.tracker)
        return told(self, changes, notify=notify, ask=ask)

    monkeypatch.setattr(MemoryConnector, "forecast", forecast)
    assert cost(run("plan")).endswith(" to core and may mail the watchers of 2 issues.")
