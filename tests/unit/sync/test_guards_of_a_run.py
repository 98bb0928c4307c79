"""Guards refuse before anything is written, let a single run pass by name, and the run remembers that."""

from __future__ import annotations

import pytest

from trackersync.errors import GuardError
from trackersync.sync import apply_plan, make_plan, pull, sync
from trackersync.testing import MemoryTracker

WRITING = 'write: {memory: {labels: {prefix: "p/"}}}\n'
ALL_URGENT = "bands: {P0: {min_score: 1, budget: 50%}, P1: {}}\n" + WRITING


@pytest.fixture
def memory(issue) -> MemoryTracker:
    tracker = MemoryTracker(fields=("Worth",))
    tracker.add(*(issue(number, fields={"Worth": number}) for number in range(1, 5)))
    return tracker


def labels(memory) -> set[tuple[str, ...]]:
    return {issue.labels for issue in memory.issues.values()}


def test_inflation_beyond_a_bands_budget_is_refused_and_nothing_is_written(open_workspace, team, memory) -> None:
    workspace = open_workspace(text=team + ALL_URGENT)
    with pytest.raises(GuardError, match=r"P0 would hold 4 of the 4 ranked issues \(100%\); its budget is 50%"):
        sync(workspace)
    assert labels(memory) == {()}
    sync(workspace, allow=["band_budget"])
    assert labels(memory) == {("p/P0",)}
    assert workspace.store.runs()[0].allowed == ("band_budget",)


def test_a_list_that_stays_as_it_was_written_is_refused_no_more(open_workspace, team) -> None:
    workspace = open_workspace(text=team + ALL_URGENT)
    sync(workspace, allow=["band_budget"])
    assert sync(workspace)[0].refused == ()


def test_a_plan_of_other_rules_is_refused_and_not_for_comments_alone(open_workspace, team, memory) -> None:
    text = team + "bands: {P0: {share: 50%}, P1: {}}\n" + WRITING
    plan, _ = make_plan(open_workspace(text=text))
    changed = open_workspace(text=text.replace("expression: worth", "expression: 2 * worth"))
    with pytest.raises(GuardError, match="refused by guard rules_changed: the plan was made by rules with the digest"):
        apply_plan(changed, plan)
    assert labels(memory) == {()}
    assert changed.store.runs() == []
    assert apply_plan(open_workspace(text=text + "# a comment\n"), plan).complete
    assert changed.store.runs()[0].allowed == ()


def test_a_plan_of_other_rules_is_applied_where_that_is_allowed_and_the_run_says_so(open_workspace, team) -> None:
    text = team + ALL_URGENT
    plan, _ = make_plan(open_workspace(text=text), allow=["band_budget"])
    changed = open_workspace(text=text.replace("expression: worth", "expression: 2 * worth"))
    assert apply_plan(changed, plan, allow=["rules_changed"]).complete
    assert changed.store.runs()[0].allowed == ("band_budget", "rules_changed")


def test_no_plan_that_was_refused_is_applied_whatever_is_allowed(open_workspace, team, memory) -> None:
    workspace = open_workspace(text=team + ALL_URGENT)
    plan, _ = make_plan(workspace)
    with pytest.raises(GuardError, match="band_budget"):
        apply_plan(workspace, plan, allow=["band_budget", "rules_changed"])
    assert labels(memory) == {()}


def test_a_run_on_a_read_that_was_allowed_to_lose_issues_says_so(open_workspace, team, memory) -> None:
    workspace = open_workspace(text=team + "bands: {P0: {}}\ncensus: 0h\n" + WRITING)
    sync(workspace)
    for id_ in ("id1", "id2", "id3"):
        memory.remove(id_)
    sync(workspace, allow=["max_shrink"])
    assert workspace.store.runs()[0].allowed == ("max_shrink",)


def test_an_empty_read_after_one_of_issues_keeps_the_snapshot_and_a_first_one_writes_nothing(
    open_workspace, team, memory
) -> None:
    workspace = open_workspace(text=team + "bands: {P0: {}}\ncensus: 0h\n" + WRITING)
    kept = dict(memory.issues)
    memory.issues.clear()
    plan, (first,), _ = sync(workspace)
    assert first.error is None
    assert plan.changes == ()
    memory.issues.update(kept)
    pull(workspace)
    memory.issues.clear()
    (emptied,) = pull(workspace)
    assert isinstance(emptied.error, GuardError)
    assert emptied.info is not None
    assert emptied.info.count == 4
