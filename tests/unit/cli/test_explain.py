"""What a product manager reads of one issue: words beside their numbers, and every reason on the narrowest terminal."""

from __future__ import annotations

import io
import re

import pytest

from trackersync.cli import terminal

TEAM = """\
version: 1
trackers:
  core: {connector: memory, project: CORE}
  web: {connector: memory, project: WEB}
inputs:
  worth: {from: {memory: {field: Worth}}, values: {high: 2500000, low: 1}}
scoring:
  framework: formula
  expression: worth
  adjustments:
    - name: regression of what was promised
      when: has_label('regression') AND type IN ('bug', 'incident', 'outage') AND idle_days BETWEEN 0 AND 365
      multiply: 1.5
      because: A regression breaks a promise that was already kept.
bands: {P0: {share: 50%}, P1: {}}
"""


class Tty(io.StringIO):
    """A terminal as far as anybody asks."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def pulled(team, trackers, issue, run):
    """Worth high is CORE-3, low CORE-4; CORE-5 holds no word that is known, CORE-6 has 10,000 labels."""
    team(TEAM)
    worth = {3: "High", 4: "low", 5: "priceless", 6: "1.0", 7: "long " * 9}
    for number, held in worth.items():
        labels = tuple(f"l{label}" for label in range(10_000)) if number == 6 else ()
        trackers["core"].add(issue(number, fields={"Worth": held}, labels=labels))
    assert run("pull").code == 0
    return run


@pytest.mark.parametrize(
    ("number", "row"),
    [
        (3, "worth 2500000 (High)"),
        (4, "worth 1 (low)"),
        (5, "worth – (priceless)"),
        (6, "worth 1"),
        (7, "worth – (long long long long long long long long…)"),
    ],
)
def test_a_number_stands_beside_the_word_that_the_tracker_holds(pulled, number, row):
    lines = [" ".join(line.split()) for line in pulled("explain", f"CORE-{number}").out.splitlines()]
    assert any(re.fullmatch(rf"{re.escape(row)} \d+\+ field Worth", line) for line in lines), lines


def test_ten_thousand_labels_are_counted(pulled):
    out = pulled("explain", "CORE-6").out
    assert "l0, l1" in out
    assert "and 9,980 more" in " ".join(out.split())
    assert "l5000" not in out


@pytest.mark.parametrize("columns", [60, 80])
def test_the_reasons_stand_on_a_narrow_terminal(pulled, monkeypatch, columns):
    screen = Tty()
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(terminal.sys, "stdout", screen)
    assert pulled("explain", "CORE-4").code == 0
    lines = screen.getvalue().splitlines()
    heading = next(line for line in lines if "Step" in line)
    assert all(name in heading for name in ("Step", "Change", "Score", "What", "Because"))
    assert any("formula" in line and "+1" in line for line in lines)
    assert "promise" in screen.getvalue()
