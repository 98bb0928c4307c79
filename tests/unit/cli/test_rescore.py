"""`rescore` as a product manager meets it: over memory trackers, without a terminal."""

from __future__ import annotations

import json

import pytest

from trackersync.errors import UnavailableError
from trackersync.model import StateCategory

RICH = """\
version: 1
trackers:
  core: {connector: memory, project: CORE}
  web: {connector: memory, project: WEB}
inputs:
  worth: {from: {memory: {field: Worth}}, scale: {min: 0, max: 100}}
  haste: {from: {memory: {label: "haste/{value}"}}, values: {high: 3, low: 1}, missing: {default: 1}}
  twice: {expression: worth * 2}
scoring: {framework: formula, expression: worth * haste}
bands: {P0: {share: 50%}, P1: {}}
write:
  memory: {labels: {prefix: "priority/"}, fields: {score: Score}}
guards: {max_changed_share: 100%}
"""


EPICS = "{name: epics, when: type = 'epic', exclude: true, because: They are not worked on.}"


@pytest.fixture
def synced(run, team, trackers):
    team(RICH)
    assert run("sync").code == 0
    return trackers


def writes(trackers) -> int:
    return sum(request.write for tracker in trackers.values() for request in tracker.requests)


def test_only_what_is_named_is_read_and_all_that_moves_is_told_with_the_reason(run, synced) -> None:
    assert run("pull").code == 0
    synced["core"].edit("id1", fields={**synced["core"].issues["id1"].fields, "Worth": 50})
    synced["core"].edit("id2", fields={**synced["core"].issues["id2"].fields, "Worth": 90})
    for tracker in synced.values():
        tracker.requests.clear()
    ran = run("rescore", "CORE-1")
    assert [request.route for request in synced["core"].requests] == ["/issues/by-id"]
    assert synced["web"].requests == []
    own, others = ran.out.split("What else changes")
    assert "3 → 1" in own
    assert "worth 1 → 50" in own
    assert "CORE-11" in others
    assert "only because others changed" in others
    assert "worth 2 → 90" not in ran.out


def test_without_a_terminal_nothing_is_written_unless_it_says_yes(run, synced) -> None:
    synced["core"].edit("id1", fields={**synced["core"].issues["id1"].fields, "Worth": 50})
    before = writes(synced)
    ran = run("rescore", "CORE-1")
    assert ran.code == 1
    assert "there is no terminal to ask on" in ran.err
    assert "--yes" in ran.err
    assert writes(synced) == before
    assert run("rescore", "CORE-1", "--yes").code == 0
    assert synced["core"].issues["id1"].labels == ("priority/P0",)
    assert synced["core"].issues["id1"].fields["Score"] == 50
    assert "No changes" in run("plan").out


def test_without_a_name_everything_that_was_touched_is_read(run, synced) -> None:
    synced["core"].edit("id1", fields={"Worth": 50})
    synced["web"].edit("id11", fields={"Worth": 60})
    ran = run("rescore", "--yes")
    assert "worth 1 → 50" in ran.out
    assert "worth 11 → 60" in ran.out


def test_where_nothing_changed_nothing_moves_and_nothing_is_asked(run, synced) -> None:
    ran = run("rescore")
    assert ran.code == 0, ran
    assert "Nothing moves: 3 issues" in ran.out
    assert "No changes" in ran.out


def test_an_answer_ranks_the_issue_and_is_written_where_its_tracker_keeps_the_input(run, synced) -> None:
    ran = run("rescore", "--set", "CORE-12.worth=70", "--set", "CORE-12.haste=high", "--yes")
    assert ran.code == 0, ran
    assert "– → 1" in ran.out
    issue = synced["web"].issues["id12"]
    assert (issue.fields["Worth"], issue.fields["Score"]) == (70, 210)
    assert set(issue.labels) == {"haste/high", "priority/P0"}
    assert "No changes" in run("plan").out
    told = json.loads(run("history", "CORE-12", "--format", "json").out)["writes"]
    assert "worth = 70, answered by hand" in {each["reason"] for each in told}


def test_an_answer_replaces_the_label_that_said_otherwise_and_no_other(run, synced) -> None:
    synced["web"].edit("id11", labels=("haste/low", "theirs", "priority/P0"))
    assert run("rescore", "--set", "CORE-11.haste=high", "--yes").code == 0
    assert set(synced["web"].issues["id11"].labels) == {"haste/high", "theirs", "priority/P0"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("CORE-12", "is not of the form REF.input=VALUE"),
        ("CORE-12.worth=", "is not of the form"),
        ("CORE-12.wroth=3", "did you mean worth?"),
        ("CORE-12.worth=900", "900 is above 100"),
        ("CORE-12.haste=soon", "'soon' is none of high, low"),
        ("CORE-12.twice=4", "twice is computed, from worth * 2"),
        ("CORE-112.worth=3", "did you mean CORE-12?"),
    ],
)
def test_an_answer_that_is_none_is_refused_before_anything_is_read(run, synced, answer, said) -> None:
    for tracker in synced.values():
        tracker.requests.clear()
    ran = run("rescore", "--set", answer)
    assert ran.code in {1, 2}
    assert said.casefold() in ran.err.casefold()
    assert not any(tracker.requests for tracker in synced.values())


def test_an_answer_that_no_tracker_can_keep_counts_once_and_says_so(run, team, trackers, tmp_path) -> None:
    (tmp_path / "worth.csv").write_text("issue,worth\nCORE-1,1\nCORE-2,2\n", encoding="utf-8")
    team(RICH.replace("{memory: {field: Worth}}", "{memory: {table: {file: worth.csv, value: worth}}}"))
    assert run("pull").code == 0
    ran = run("rescore", "--set", "CORE-11.worth=30", "--yes")
    assert "CORE-11 worth = 30: counts this once" in ran.err
    assert "worth.csv" in ran.err
    assert trackers["web"].issues["id11"].fields["Score"] == 30


def test_other_rules_are_tried_and_nothing_is_written(run, synced, tmp_path) -> None:
    (tmp_path / "other.yaml").write_text(RICH.replace("worth * haste", "0 - worth"), encoding="utf-8")
    before = writes(synced)
    ran = run("rescore", "--what-if", "other.yaml")
    assert ran.code == 0, ran
    assert "1 → 3" in ran.out
    assert "only tried" in ran.err
    assert writes(synced) == before
    assert run("rescore", "--what-if", "other.yaml", "--yes").code == 2


def test_what_is_gone_is_told_and_leaves_the_list(run, synced) -> None:
    synced["core"].remove("id1")
    ran = run("rescore", "CORE-1")
    assert "1 deleted: memory:CORE-1" in ran.out
    assert "not among the issues" in ran.out
    assert "CORE-1 " not in run("score").out


def test_a_new_issue_is_found_by_reading_everything(run, synced, issue) -> None:
    synced["core"].add(issue(7, fields={"Worth": 5}))
    ran = run("rescore", "memory:XYZ-7")
    assert ran.code == 1
    assert "`trackersync rescore` without a name" in ran.err
    assert "CORE-7" in run("rescore").out


def test_a_named_issue_without_a_rank_is_told_why(run, synced, team, issue) -> None:
    team(RICH.replace("expression: worth * haste}", "expression: worth * haste, adjustments: [" + EPICS + "]}"))
    synced["core"].edit("id1", type="epic")
    synced["core"].edit("id2", state="closed", state_category=StateCategory.DONE)
    ran = run("rescore", "CORE-1", "CORE-2", "CORE-12")
    assert "the rule epics leaves it out: They are not worked on." in ran.out
    assert "it is done (closed)" in ran.out
    assert "worth" in ran.out.split("Without a rank")[1]


def test_an_issue_of_a_tracker_that_left_the_file_is_refused_in_a_line(run, synced, team) -> None:
    team(RICH.replace("  web: {connector: memory, project: WEB}\n", ""))
    ran = run("rescore", "memory:CORE-11")
    assert ran.code == 1
    assert "memory:CORE-11 is of the tracker web, which" in ran.err


def test_the_line_above_says_what_the_table_shows(run, team, trackers) -> None:
    team(RICH.replace("expression: worth * haste}", "expression: worth * haste, normalize: percentile, round: 0}"))
    assert run("sync").code == 0
    ran = run("rescore", "--set", "CORE-12.worth=5")
    assert "0 issues of 3 would change places" in ran.out
    assert "1 only the score" in ran.out
    assert "1 would be newly ranked" in ran.out


def test_bands_that_are_cut_elsewhere_are_told_as_that(run, synced, tmp_path) -> None:
    other = RICH.replace("share: 50%", "share: 100%").replace("haste/{value}", "no/{value}")
    (tmp_path / "other.yaml").write_text(other, encoding="utf-8")
    ran = run("rescore", "CORE-1", "--what-if", "other.yaml")
    assert "0 issues of 3 would change places, 2 would change bands." in ran.out
    assert "the bands are cut elsewhere" in ran.out


def test_many_without_a_rank_are_cut_and_counted(run, synced, issue) -> None:
    crowd = [issue(number, fields={"Worth": 3}) for number in range(20, 26)]
    synced["core"].add(*crowd)
    assert run("pull").code == 0
    for each in crowd:
        synced["core"].edit(each.ref.id, fields={})
    assert "Without a rank (6 issues, the first 2)" in run("rescore", "--top", "2").out


def test_a_tracker_that_does_not_answer_keeps_its_place_and_is_not_written_to(run, synced) -> None:
    synced["core"].fail(UnavailableError("it is down", host="core.example"))
    ran = run("rescore", "CORE-1", "CORE-11", "--yes")
    assert ran.code == 1
    assert "core: not read: it is down" in ran.err
    assert "skipped: core" in ran.out


def test_guards_refuse_as_in_any_run(run, team, trackers) -> None:
    team(RICH.replace("max_changed_share: 100%", "max_changed_share: 1%"))
    assert run("sync").code == 0
    trackers["core"].edit("id1", fields={"Worth": 50})
    assert run("rescore", "--yes").code == 5
    assert run("rescore", "--yes", "--allow", "max_changed_share").code == 0


def test_what_a_tracker_says_cannot_drive_the_terminal(run, synced) -> None:
    synced["core"].edit("id1", title="\x1b[31mred\u202e", fields={"Worth": 50})
    ran = run("rescore")
    assert "\x1b" not in ran.out + ran.err
    assert "\u202e" not in ran.out + ran.err
