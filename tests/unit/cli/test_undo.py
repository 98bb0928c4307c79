"""`history`, `revert` and `overrides` as users meet them."""

from __future__ import annotations

import json

import pytest

from trackersync.cli import revert


def document(ran):
    assert ran.code == 0, ran
    return json.loads(ran.out)


@pytest.fixture
def synced(run, trackers) -> str:
    """The name of a run that wrote the first values to all three issues that are ranked."""
    assert run("sync").code == 0
    return document(run("history", "--format", "json"))["runs"][0]["run"]


def test_before_the_first_run_there_is_no_history_and_no_override(run) -> None:
    assert run("history").out == "Nothing was ever written.\n"
    assert document(run("history", "--format", "json")) == {"runs": []}
    assert document(run("overrides", "--format", "json")) == {"overrides": []}
    assert "Nobody overrode anything" in run("overrides").out


def test_runs_come_newest_first_with_what_came_of_them(run, synced, trackers) -> None:
    trackers["core"].refused["id1"] = "locked"
    trackers["core"].edit("id1", fields={"Worth": 30, "Score": 1})
    assert run("sync", "--allow", "max_changed_share").code == 3
    newest, first = document(run("history", "--format", "json"))["runs"]
    assert (first["run"], first["ended"], first["outcomes"]) == (synced, "done", {"applied": 6})
    assert newest["ended"] == "partial"
    assert newest["allowed"] == ["max_changed_share"]
    assert newest["outcomes"]["rejected"] == 2
    lines = run("history", "--limit", "1").out.splitlines()
    assert len(lines) == 2
    assert newest["run"] in lines[1]


def test_every_value_of_one_issue_is_told_also_of_one_that_is_gone(run, synced, trackers) -> None:
    trackers["core"].remove("id2")
    assert run("pull").code == 0
    told = document(run("history", "core-2", "--format", "json"))
    assert (told["ref"], [each["run"] for each in told["runs"]]) == ("memory:CORE-2", [synced])
    label = next(each for each in told["writes"] if each["target"] == "labels priority/")
    assert (label["before"], label["after"], label["outcome"]) == ([], ["priority/P1"], "applied")
    assert "rank 2 of 3" in label["reason"]
    assert "priority/P1" in run("history", "memory:CORE-2").out
    assert run("history", "CORE-2", "--limit", "1").out.count(synced) == 2, "where it stood, and one value"


def test_where_an_issue_stood_is_told_over_the_runs_with_what_moved_it(run, synced, trackers) -> None:
    trackers["core"].edit("id1", fields={**trackers["core"].issues["id1"].fields, "Worth": 30})
    assert run("sync", "--allow", "max_changed_share").code == 0
    assert run("sync").code == 0
    told = document(run("history", "CORE-1", "--format", "json"))
    assert [(each["rank"], each["band"], each["score"]) for each in told["standings"]] == [(1, "P0", 30), (3, "P1", 1)]
    assert told["standings"][0]["why"] == ["formula +30"]
    assert {each["run"] for each in told["standings"]} == {each["run"] for each in told["runs"]}
    shown = run("history", "CORE-1").out
    assert "Rank   ▁█\nScore  ▁█\n" in shown
    assert "formula +1 → +30" in shown
    assert "others moved" in run("history", "CORE-2").out
    trackers["core"].remove("id1")
    assert run("pull", "--full", "--allow", "max_shrink").code == 0
    assert run("sync", "--allow", "max_changed_share").code == 0
    newest = document(run("history", "CORE-1", "--format", "json"))["standings"][0]
    assert (newest["rank"], newest["band"], newest["score"]) == (None, None, None)
    assert "not in the list any more" in run("history", "CORE-1").out


def test_an_issue_that_nobody_knows_is_told_with_the_nearest(run, synced) -> None:
    ran = run("history", "memory:CORE-22")
    assert ran.code == 1
    assert "did you mean memory:CORE-2?" in ran.err
    assert run("history", "https://tracker.example/browse/CORE-1").code == 0
    assert "Nothing was ever written to memory:CORE-12" in run("history", "CORE-12").out


def test_a_run_that_was_cut_off_is_told_as_such(run, synced, trackers, monkeypatch) -> None:
    from trackersync.store import Store

    monkeypatch.setattr(Store, "finish_run", lambda *_, **__: None)
    assert run("sync").code == 0
    assert document(run("history", "--format", "json"))["runs"][0]["ended"] == "cut off or still running"
    monkeypatch.undo()


def test_without_a_terminal_there_is_nobody_to_ask(run, synced) -> None:
    ran = run("revert", synced)
    assert ran.code == 2
    assert "--yes" in ran.err
    assert run("revert", synced, "--yes", "--out", "undo.json").code == 2


def test_on_a_terminal_it_asks(run, synced, trackers, monkeypatch) -> None:
    monkeypatch.setattr(revert.sys, "stdin", Terminal())
    answers = iter([False, True])
    monkeypatch.setattr(revert.click, "confirm", lambda *_, **__: next(answers))
    before = dict(trackers["core"].issues)
    assert run("revert", synced).code == 1
    assert trackers["core"].issues == before
    assert run("revert", synced).code == 0
    assert trackers["core"].issues["id1"].labels == ()


class Terminal:
    def isatty(self) -> bool:
        return True


def test_the_undo_can_be_saved_and_applied(run, synced, trackers) -> None:
    saved = run("revert", synced, "--out", "undo.json")
    assert saved.code == 0
    assert f"6 changes to 3 issues put back what run {synced} found, 0 of them moves." in saved.out
    assert trackers["core"].issues["id1"].labels == ("priority/P1",)
    assert run("apply", "undo.json").code == 0
    assert trackers["core"].issues["id1"].labels == ()
    assert "Score" not in trackers["core"].issues["id1"].fields


def test_one_issue_alone_can_be_put_back(run, synced, trackers) -> None:
    assert run("revert", synced, "--ref", "CORE-1", "--yes").code == 0
    assert [trackers["core"].issues[id_].labels for id_ in ("id1", "id2")] == [(), ("priority/P1",)]


def test_what_cannot_be_put_back_is_told_by_the_exit_code(run, synced, trackers) -> None:
    trackers["core"].refused["id1"] = "locked"
    ran = run("revert", synced, "--yes")
    assert ran.code == 3
    assert "locked" in ran.out
    again = run("revert", synced, "--yes")
    assert again.code == 1


def test_a_tracker_that_is_not_in_the_file_any_more_makes_it_an_undo_in_part(run, team, synced, tmp_path) -> None:
    team((tmp_path / "trackersync.yaml").read_text().replace("  web: {connector: memory, project: WEB}\n", ""))
    ran = run("revert", synced, "--yes")
    assert ran.code == 3
    assert "skipped: web: trackersync.yaml has no tracker of that name" in ran.out
    assert "Applying takes about" in ran.out


def test_there_is_nothing_to_put_back_twice_and_no_run_of_no_name(run, synced) -> None:
    assert run("revert", synced, "--yes").code == 0
    again = run("revert", synced, "--yes")
    assert (again.code, again.out) == (0, f"There is nothing to put back of run {synced}.\n")
    unknown = run("revert", "20200101-000000-0000", "--yes")
    assert unknown.code == 1
    assert "trackersync history" in unknown.err


def test_what_people_changed_is_listed_until_it_is_released_or_expires(run, team, synced, trackers, tmp_path) -> None:
    trackers["core"].edit("id1", labels=("priority/P0",))
    assert run("plan").code == 0
    (known,) = document(run("overrides", "--format", "json"))["overrides"]
    assert (known["ref"], known["target"], known["fate"]) == ("memory:CORE-1", "labels priority/", "stands")
    assert (known["wrote"], known["found"], known["expires"]) == (["priority/P1"], ["priority/P0"], None)
    assert "it is released" in run("overrides").out
    text = (tmp_path / "trackersync.yaml").read_text()
    team(text + "overrides: {expire: 30d}\n")
    assert document(run("overrides", "--format", "json"))["overrides"][0]["expires"] > known["since"]
    nothing = run("overrides", "release", "CORE-1", "--target", "field Score")
    assert (nothing.code, nothing.out) == (1, "")
    assert "on this issue there is: labels priority/" in nothing.err
    released = run("overrides", "release", "CORE-1", "--target", "labels priority/")
    assert released.out.startswith("released: memory:CORE-1 labels priority/")
    assert "released" in run("overrides").out
    assert run("sync").code == 0
    assert trackers["core"].issues["id1"].labels == ("priority/P1",)
    assert document(run("overrides", "--format", "json")) == {"overrides": []}
    none = run("overrides", "release", "CORE-1")
    assert none.code == 1
    assert "no override of memory:CORE-1 is known" in none.err


def test_rules_that_people_correct_are_told(run, team, synced, trackers, tmp_path) -> None:
    text = (tmp_path / "trackersync.yaml").read_text()
    more = "expression: worth, adjustments: [{name: core first, when: tracker = 'core', add: 1}]"
    team(text.replace("expression: worth", more))
    trackers["core"].edit("id1", labels=("priority/P0",))
    assert run("plan", "--allow", "max_changed_share").code == 0
    rules = document(run("overrides", "--by-rule", "--format", "json"))["rules"]
    assert rules == [
        {"kind": "adjustment", "name": "core first", "decided": 2, "overridden": 1, "share": 0.5},
        {"kind": "band", "name": "P0", "decided": 1, "overridden": 0, "share": 0.0},
        {"kind": "band", "name": "P1", "decided": 2, "overridden": 1, "share": 0.5},
    ]
    assert "core first" in run("overrides", "--by-rule").out
