"""Tables and sentences in real terminals of 40 and 60 columns, against the sandbox."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from rich.cells import cell_len

DEMO = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")
COMMANDS = (
    "plan",
    "score --top 5 --why",
    "explain jira:CORE-7",
    "history",
    "history jira:CORE-7",
    "overrides --by-rule",
    "doctor",
    "check",
)


@pytest.fixture
def ready(sandbox, team, run):
    team(DEMO, sandbox.url)
    assert run("sync").code == 0
    sandbox.edit("jira:CORE-6", labels=["urgent"])
    sandbox.edit("jira:CORE-7", fields={"Story Points": 90.0})
    return sandbox


@pytest.fixture
def narrow(typed):
    """What a command prints on a terminal of so many columns, and its exit code."""

    def printed(columns: int, *arguments: str) -> tuple[str, int]:
        terminal = typed(*arguments, columns=columns, COLUMNS="")  # the terminal says it, not whoever runs the tests
        code = terminal.ends()
        return terminal.shown, code

    return printed


def too_wide(shown: str, columns: int) -> list[str]:
    """The lines that do not fit, except what has no blank to be broken at and is copied: addresses."""
    lines = [line.rsplit("\r", 1)[-1] for line in shown.split("\n")]
    return [line for line in lines if cell_len(line.rstrip()) > columns and " " in line.strip()]


@pytest.mark.parametrize("columns", [40, 60])
def test_nothing_is_wider_than_the_terminal_or_broken_in_a_word(ready, narrow, columns) -> None:
    for command in COMMANDS:
        shown, code = narrow(columns, *command.split())
        assert code == 0, shown
        assert not too_wide(shown, columns), shown


def test_on_40_columns_a_row_begins_with_its_issue_and_a_step_with_its_name(ready, narrow) -> None:
    plan, _ = narrow(40, "plan")
    assert re.search(r"\n(jira|github):\S+\n  What \S.* → .*\n  Why rank \d+ of 50, ", plan), plan
    assert "left alone: jira:CORE-6 labels\n  priority-: somebody changed\n  priority-P1 to –\n" in plan
    explained, _ = narrow(40, "explain", "github:acme/web#28")
    assert "\nrice        +16800  16800\n  What 4200 * 2 * 1 / 0.5\n" in explained
    by_rule, _ = narrow(40, "overrides", "--by-rule")
    assert "\nband\n  Name P0  Decided on 2  Overridden 0\n  Share 0%\n" in by_rule


def test_a_refusal_is_broken_at_words(ready, team, narrow) -> None:
    team(DEMO + "\nguards: {max_changes: 1}\n", ready.url)
    shown, code = narrow(40, "plan")
    assert code == 5, shown
    assert not too_wide(shown, 40), shown
    assert re.search(r"error: refused by guard max_changes: .*\n  \S", shown), shown
