"""A score that moved too little to be written neither flaps nor looks like a person's doing."""

from __future__ import annotations

import pytest

from trackersync.sync import make_plan, sync
from trackersync.testing import MemoryTracker

WRITING = "write: {memory: {fields: {score: Score}, min_score_change: 2}}\n"


@pytest.fixture
def memory(issue) -> MemoryTracker:
    tracker = MemoryTracker(fields=("Worth", "Score"))
    tracker.add(issue(1, fields={"Worth": 10}))
    return tracker


def worth(memory, value: int) -> None:
    memory.edit("id1", fields=dict(memory.issues["id1"].fields) | {"Worth": value})


@pytest.mark.parametrize("shown", ["fields", "project_fields", "issue_fields", "properties"])
def test_a_score_is_shown_by_a_field_wherever_it_is_kept(open_workspace, team, shown) -> None:
    open_workspace(text=team + f"write: {{memory: {{{shown}: {{score: Score}}, min_score_change: 2}}}}\n")


def test_slow_steps_are_written_once_they_add_up_and_none_is_an_override(open_workspace, team, memory) -> None:
    workspace = open_workspace(text=team + WRITING + "census: 0h\nguards: {max_changed_share: 100%}\n")
    sync(workspace)
    shown = []
    for value in (11, 12, 11, 13, 14):
        worth(memory, value)
        assert make_plan(workspace)[0].overrides == ()
        sync(workspace)
        shown.append(memory.issues["id1"].fields["Score"])
    assert shown == [10, 12, 12, 12, 14]
