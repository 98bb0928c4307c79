"""The team's own examples from the shell: offline, a line each, and an exit code that CI understands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

TESTS = """\
tests:
  - name: more goes before less
    given: {worth: 2}
    expect: {above: {worth: 1}, score: 2}
"""
WRONG = """\
  - name: "less \\e[31mbefore more"
    given: {worth: 1}
    expect: {above: {worth: 2}}
"""


@pytest.fixture
def tested(team, tmp_path: Path):
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    return lambda tests: team(text + tests)


def test_examples_that_pass_end_with_0_and_ask_nobody(run, tested, trackers, tmp_path: Path) -> None:
    tested(TESTS)
    ran = run("rules", "test")
    assert (ran.code, ran.out) == (0, "ok      more goes before less\n1 passed, 0 failed\n")
    assert not [memory for memory in trackers.values() if memory.requests]
    assert not list(tmp_path.glob("*.db"))


def test_an_example_that_fails_ends_with_1_and_is_explained(run, tested) -> None:
    tested(TESTS + WRONG)
    ran = run("rules", "test")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "ok      more goes before less",
        "FAILED  less \\x1b[31mbefore more",
        "        expected a rank above the other, found score 1, of the other score 2",
        "        the given issue:",
        "          formula         +1          1  1",
        "          round            ·          1  to a whole number",
        "        the other:",
        "          formula         +2          2  2",
        "          round            ·          2  to a whole number",
        "1 passed, 1 failed",
    ]


def test_an_issue_without_a_score_is_explained_too(run, tested) -> None:
    tested("tests:\n  - {given: {}, expect: {score: 1}}\n")
    ran = run("rules", "test")
    assert ran.code == 1
    assert (
        "expected score 1, found needs input: worth\n        the given issue has no score: worth: no value" in ran.out
    )


def test_json_says_the_same(run, tested) -> None:
    tested(TESTS + WRONG)
    ran = run("rules", "test", "--format", "json")
    document = json.loads(ran.out)
    assert (ran.code, document["passed"], document["failed"]) == (1, 1, 1)
    right, wrong = document["tests"]
    assert right == {"name": "more goes before less", "passed": True, "failures": [], "explanations": []}
    assert wrong["failures"] == [{"expected": "a rank above the other", "found": "score 1, of the other score 2"}]
    assert [each["ref"] for each in wrong["explanations"]] == ["example:given", "example:above"]


def test_a_file_without_tests_is_no_failure_and_is_told_how_to_have_some(run) -> None:
    ran = run("rules", "test")
    assert (ran.code, ran.out) == (0, "0 passed, 0 failed\n")
    assert "warning: trackersync.yaml has no tests\nhint: add `tests:`" in ran.err


def test_rules_that_are_no_rules_are_refused(run, tested) -> None:
    tested("tests:\n  - {given: {wort: 1}, expect: {score: 1}}\n")
    ran = run("rules", "test")
    assert ran.code == 1
    assert "is neither a built-in column nor an input" in ran.err
    assert run("rules", "dance").code == 2
