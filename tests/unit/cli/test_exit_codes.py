"""A scheduler sees by the exit code what became of a run: 0 all, 1 none, 3 a part, 4 changes, 5 refused by a guard."""

from __future__ import annotations

from pathlib import Path

import pytest

from trackersync.errors import AuthError

COMMANDS = ("pull", "plan", "sync")


def test_what_works_ends_with_0_and_a_plan_with_changes_with_4_where_that_is_asked(run) -> None:
    assert run("plan").code == 0
    assert run("plan", "--exit-code", "--out", "plan.json").code == 4
    assert run("apply", "plan.json").code == 0
    assert run("plan", "--exit-code").code == 0
    assert [run(command).code for command in COMMANDS] == [0, 0, 0]


def test_one_tracker_that_cannot_be_read_fails_reading_and_leaves_a_sync_in_part(run, trackers) -> None:
    trackers["web"].fail(AuthError("401: bad credentials", host="web.example"))
    for command, code in zip(COMMANDS, (1, 1, 3), strict=True):
        ran = run(command)
        assert ran.code == code, command
        assert "error: web: not read: 401: bad credentials (web.example)" in ran.err
    assert trackers["core"].issues["id2"].labels == ("priority/P0",)
    assert run("plan", "--exit-code").code == 1


@pytest.fixture
def every_time(team, tmp_path) -> None:
    """Every pull looks at every issue."""
    team((tmp_path / "trackersync.yaml").read_text(encoding="utf-8") + "census: 0h\n")


def test_where_no_tracker_can_be_read_a_sync_fails(run, trackers) -> None:
    for memory in trackers.values():
        memory.fail(AuthError("401"))
    assert [run(command).code for command in COMMANDS] == [1, 1, 1]


def test_a_read_that_is_not_believed_is_refused_by_a_guard(run, trackers, every_time) -> None:
    run("sync")
    trackers["web"].remove("id11")
    assert [run(command).code for command in COMMANDS] == [5, 5, 3]
    refused = run("pull")
    assert "its last snapshot of 2 issues is kept" in refused.err
    assert "--allow max_shrink" in refused.err
    assert run("pull", "--allow", "max_shrink").code == 0


def test_where_no_read_is_believed_a_sync_is_refused(run, trackers, every_time) -> None:
    run("sync")
    for memory in trackers.values():
        memory.issues.clear()
    assert run("sync").code == 5


def test_a_refusal_and_an_error_are_an_error(run, trackers) -> None:
    run("sync")
    trackers["core"].remove("id1")
    trackers["web"].fail(AuthError("401"))
    assert run("pull").code == 1


def test_too_large_a_change_is_refused_with_the_way_out(run, team, trackers) -> None:
    run("sync")
    for id_ in ("id1", "id2"):
        trackers["core"].edit(id_, fields=dict(trackers["core"].issues[id_].fields) | {"Worth": 99})
    for command in ("plan", "sync"):
        ran = run(command)
        assert ran.code == 5
        assert "error: refused by guard max_changed_share: 3 of the 3 issues" in ran.err
        assert "--allow max_changed_share" in ran.err
    assert run("plan", "--out", "refused.json").code == 5
    assert run("apply", "refused.json").code == 5
    assert run("sync", "--allow", "max_changed_share").code == 0


def test_a_refused_issue_makes_a_run_one_in_part_and_is_told_with_the_trackers_words(run, trackers) -> None:
    trackers["core"].refused["id1"] = "locked \x1b[31mfor good"
    ran = run("sync")
    assert ran.code == 3
    assert "memory:CORE-1" in ran.out
    assert "locked \\x1b[31mfor good" in ran.out
    assert "rejected" in ran.out
    assert "\x1b" not in ran.out
    assert ": 4 applied, 2 rejected" in ran.out or ": 2 rejected, 4 applied" in ran.out


def test_a_run_of_which_nothing_was_written_failed(run, trackers) -> None:
    assert run("plan", "--out", "plan.json").code == 0
    for memory in trackers.values():
        memory.fail(AuthError("401: bad credentials"))
    ran = run("apply", "plan.json")
    assert ran.code == 1
    assert "error: core: 401: bad credentials" in ran.err
    assert "not attempted" in ran.out


def test_a_run_that_was_stopped_half_way_is_one_in_part(run, trackers) -> None:
    assert run("plan", "--out", "plan.json").code == 0
    trackers["web"].fail(AuthError("401"))
    assert run("apply", "plan.json").code == 3
    trackers["web"].heal()
    again = run("apply", "plan.json")
    assert again.code == 0
    assert "4 unchanged" in again.out


def test_an_empty_backlog_is_nothing_to_do(run, trackers) -> None:
    for memory in trackers.values():
        memory.issues.clear()
        memory.order.clear()
    assert [run(*command).code for command in (["pull"], ["score"], ["plan", "--exit-code"], ["sync"])] == [0] * 4
    assert "nothing to write" in run("sync").out


def test_nothing_ranked_is_nothing_to_do_and_tells_what_is_missing(run, trackers) -> None:
    for memory in trackers.values():
        for id_ in memory.issues:
            memory.edit(id_, fields={})
    assert run("sync").code == 0
    scored = run("score")
    assert "Needs input (4 issues" in scored.out
    assert "worth" in scored.out


def test_a_file_that_declares_nothing_ours_writes_nothing(run, team, trackers, tmp_path: Path) -> None:
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    team(text.partition("write:")[0].replace("bands: {P0: {share: 50%}, P1: {}}\n", ""))
    ran = run("sync")
    assert ran.code == 0
    assert not [sent for memory in trackers.values() for sent in memory.requests if sent.write]
    assert run("score").code == 0


@pytest.mark.parametrize("command", ["plan", "sync"])
def test_one_at_a_time_on_one_store(run, command, trackers, tmp_path: Path) -> None:
    from trackersync.config import load_config
    from trackersync.registry import Registry
    from trackersync.store import Store

    url = load_config(tmp_path / "trackersync.yaml", Registry()).store
    with Store.open(url) as store, store.lock("sync"):
        ran = run(command)
    assert (ran.code, "another sync is running" in ran.err) == ((1, True) if command == "sync" else (0, False))


def test_ctrl_c_in_the_middle_gives_the_lock_back(run, trackers, monkeypatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(trackers["web"]), "request", interrupted)
        ran = run("sync")
    assert ran.code == 1
    assert "Aborted!" in ran.err
    assert run("sync").code == 0


def test_a_plan_of_other_rules_is_refused_with_the_way_out(run, team, tmp_path) -> None:
    run("plan", "--out", "plan.json")
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    team(text.replace("expression: worth", "expression: 2 * worth"))
    refused = run("apply", "plan.json")
    assert refused.code == 5
    assert "make a new plan with `trackersync plan --out FILE`" in refused.err
    assert "--allow rules_changed" in refused.err
    assert run("apply", "plan.json", "--allow", "rules_changed").code == 0
