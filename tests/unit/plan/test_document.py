from __future__ import annotations

import json

import msgspec
import pytest

from trackersync.change import Change, FoundOverride, WriteTarget
from trackersync.errors import GuardVerdict, PlanError
from trackersync.model import Standing
from trackersync.plan.document import Plan, PlannedTracker, SkippedTracker, digest, read_plan, write_plan


@pytest.fixture
def plan(issue, now) -> Plan:
    ref = issue().ref
    return Plan(
        created_at=now,
        rules_digest="sha256:0",
        trackers={"core": PlannedTracker(identity="memory", notify=False, snapshot_at=now, issues=1)},
        changes=(
            Change(ref=ref, target=WriteTarget("labels", "p/"), before=(), after=("p/P0",), reason="rank 1"),
            Change(ref=ref, target=WriteTarget("field", "Score"), before=None, after=87, reason="rank 1"),
            Change(ref=ref, target=WriteTarget("field", "Ratio"), before=1.5, after="high", reason="ünïcode \x1b[31m"),
        ),
        standings=(Standing(ref, 87.0, 1, "P0"),),
        overrides=(FoundOverride(ref, WriteTarget("priority"), "High", None),),
        skipped=(SkippedTracker(tracker="web", reason="401"),),
        notes=("a note",),
        refused=(GuardVerdict("max_changes", "too many"),),
        allowed=("max_shrink",),
    )


def test_a_plan_comes_back_as_it_was_saved(plan, tmp_path) -> None:
    write_plan(plan, tmp_path / "plan.json")
    again = read_plan(tmp_path / "plan.json")
    assert again == plan
    assert again.digest == plan.digest
    assert [type(change.after) for change in again.changes] == [tuple, int, str]


def test_the_same_plan_is_the_same_bytes(plan) -> None:
    assert plan.to_json() == msgspec.convert(msgspec.to_builtins(plan), Plan).to_json()


def sealed(content: dict) -> str:
    content.pop("digest", None)
    return json.dumps({**content, "digest": digest(content)})


def edits(text: str) -> dict[str, str]:
    content = json.loads(text)
    version = {**content, "schema_version": 2}
    without = {key: value for key, value in content.items() if key != "digest"}
    return {
        "a changed value": text.replace("p/P0", "p/P1"),
        "a changed reason": text.replace("rank 1", "rank 2"),
        "a changed tracker": text.replace('"memory"', '"elsewhere"'),
        "no digest": json.dumps(without),
        "cut off": text[: len(text) // 2],
        "empty": "",
        "not an object": "[]",
        "something else": '{"digest": 1}',
        "another version": sealed(version),
        "an unknown key": sealed({**content, "exec": "rm"}),
        "a wrong type, resealed": sealed({**content, "changes": 7}),
        "nested too deeply": "[" * 100_000,
    }


@pytest.mark.parametrize("edit", list(edits('{"digest": 1, "schema_version": 1}')))
def test_a_plan_that_was_touched_is_refused(plan, tmp_path, edit) -> None:
    path = tmp_path / "plan.json"
    path.write_text(edits(plan.to_json())[edit])
    with pytest.raises(PlanError, match=r"plan\.json"):
        read_plan(path)


def test_a_plan_that_cannot_be_read_or_written_says_so(plan, tmp_path) -> None:
    with pytest.raises(PlanError, match="No such file"):
        read_plan(tmp_path / "absent.json")
    with pytest.raises(PlanError, match="cannot be written"):
        write_plan(plan, tmp_path)
    (tmp_path / "latin").write_bytes(b'{"a": "\xe9"}')
    with pytest.raises(PlanError):
        read_plan(tmp_path / "latin")
