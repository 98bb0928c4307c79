"""Two files on one stored snapshot: which is before, whose issues count, and what the exit code says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def other(team, tmp_path: Path):
    """Write another file: the team's with one text replaced."""

    def written(name: str, old: str = "", new: str = "") -> str:
        text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
        assert old in text
        (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
        return name

    return written


@pytest.fixture
def turned(other) -> str:
    """Rules by which the last come first."""
    return other("turned.yaml", "expression: worth", "expression: 0 - worth")


@pytest.fixture
def pulled(run):
    assert run("pull").code == 0


pytestmark = pytest.mark.usefixtures("pulled")


def test_with_one_file_the_teams_comes_before_it(run, turned) -> None:
    ran = run("compare", turned)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "trackersync.yaml and turned.yaml compared"
    assert lines[1].startswith("2 of 3 issues change places; 2 change bands, of them 1 into P0 and 1 out of it.")
    assert "  formula: worth → 0 - worth" in lines
    assert "memory:CORE-11" in ran.out
    assert "worth −11 instead of 11: it loses 22, the 2 issues that pass it lose 3 on average" in ran.out


def test_with_two_files_the_first_is_before_and_its_store_counts(run, turned, tmp_path: Path) -> None:
    (tmp_path / "trackersync.yaml").rename(tmp_path / "team.yaml")
    there = json.loads(run("compare", "team.yaml", turned, "--format", "json").out)
    back = json.loads(run("compare", turned, "team.yaml", "--format", "json").out)
    assert (there["before"]["file"], there["after"]["file"]) == ("team.yaml", "turned.yaml")
    assert there["tau"] == back["tau"] == -1
    assert {move["ref"]: move["places"] for move in there["moves"]} == {
        "memory:CORE-1": 2,
        "memory:CORE-2": 0,
        "memory:CORE-11": -2,
    }


def test_trackers_of_the_other_file_do_not_count(run, other, tmp_path: Path) -> None:
    name = other("other.yaml", "  web: {connector: memory, project: WEB}\n")
    text = (tmp_path / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(f"store: sqlite:///elsewhere.db\n{text}", encoding="utf-8")
    assert json.loads(run("compare", name, "--format", "json").out)["both"] == 3
    assert not (tmp_path / "elsewhere.db").exists()


def test_the_files_may_lack_nothing(run, other) -> None:
    broken = other("broken.yaml", "expression: worth", "expression: wort")
    ran = run("compare", broken)
    assert (ran.code, ran.out) == (1, "")
    assert "broken.yaml:7: scoring.expression: unknown name `wort`" in ran.err
    assert run("compare", "nowhere.yaml").code == 1
    assert run("compare").code == 2


def test_a_tracker_that_was_never_read_is_told(run, team, turned, tmp_path: Path) -> None:
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    team(text.replace("project: WEB", "project: WEB2"))
    ran = run("compare", turned)
    assert "warning: web was never read: its issues are not in this comparison\nhint: run `trackersync pull`" in ran.err
    assert ran.out.splitlines()[1].startswith("2 of 2 issues change places")


def test_a_field_that_only_the_other_rules_read_is_told_where_the_snapshot_was_read_without_it(run, other) -> None:
    wider = other("wider.yaml", "  worth:", "  haste: {from: {memory: {field: Haste}}}\n  worth:")
    told = "warning: core was read without Haste, which the rules of wider.yaml read: missing on every issue\n"
    hint = "hint: pull with wider.yaml into the same store first\n"
    assert told + hint in run("compare", wider).err
    assert run("compare", other("same.yaml")).err == ""
    assert run("-c", wider, "pull").code == 0
    assert run("compare", wider).err == ""


def test_top_limits_the_lists_and_the_whole_is_still_counted(run, turned) -> None:
    assert "What moves furthest (2 issues, the first 1)" in run("compare", turned, "--top", "1").out
    document = json.loads(run("compare", turned, "--top", "1", "--format", "json").out)
    assert (len(document["moves"]), document["moved"]) == (1, 2)
    assert run("compare", turned, "--top", "0").code == 2


def test_a_diff_is_text_markdown_or_json(run, turned) -> None:
    text, markdown = run("rules", "diff", turned).out, run("rules", "diff", turned, "--format", "md").out
    assert text.splitlines()[0] == "What the rules of turned.yaml would change"
    assert text.index("What changes in the rules") < text.index("How much moves")
    assert markdown.startswith("## What the rules of turned.yaml would change\n\n**2 of 3 issues")
    assert json.loads(run("rules", "diff", turned, "--format", "json").out)["rule_changes"] == [
        "formula: worth → 0 - worth"
    ]


def test_with_exit_code_a_diff_that_changes_anything_ends_with_4(run, turned, other) -> None:
    assert run("rules", "diff", turned).code == 0
    assert run("rules", "diff", turned, "--exit-code").code == 4
    assert run("rules", "diff", other("same.yaml"), "--exit-code").code == 0
    assert (
        run("rules", "diff", other("scores.yaml", "expression: worth", "expression: worth + 1"), "--exit-code").code
        == 4
    )
    assert run("rules", "diff", other("bands.yaml", "share: 50%", "share: 90%"), "--exit-code").code == 4


def test_what_a_tracker_sends_drives_no_terminal(run, turned, trackers) -> None:
    trackers["web"].edit("id11", title="\x1b]0;owned\x07 | [bold]x[/bold]")
    assert run("pull").code == 0
    for form in ("text", "md", "json"):
        out = run("rules", "diff", turned, "--format", form).out
        assert "\x1b" not in out
        assert "owned" in out


def test_the_lists_of_an_empty_backlog_are_compared(run, turned, trackers) -> None:
    for memory in trackers.values():
        memory.issues.clear()
    run("pull", "--full", "--allow", "max_shrink")
    ran = run("compare", turned)
    assert (ran.code, ran.out.splitlines()[1]) == (0, "There is nothing to compare: neither ranks any issue.")
