"""What holds of any team and any rules once a run is through, over the memory connector and a real store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from trackersync.config import load_config
from trackersync.model import Issue, IssueRef, StateCategory
from trackersync.registry import Registry
from trackersync.store import Store
from trackersync.sync import Workspace, apply_plan, make_plan, plan_reversal, rank, sync
from trackersync.testing import FakeClock, MemoryConnector, MemoryTracker
from trackersync.transport import Transport

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TRACKERS = ("core", "web")
FOREIGN = ("bug", "prioritised", "x/p/P0")
OURS = ("p/P0", "P/P1", "p/old")
FIELDS = ("Worth", "Score", "Rank", "Band", "Foreign")
PRIORITIES = ("Highest", "Low")


@st.composite
def backlogs(draw: st.DrawFn) -> dict[str, list[Issue]]:
    return {
        tracker: [draw(issues(tracker, number)) for number in range(draw(st.integers(0, 7)))] for tracker in TRACKERS
    }


@st.composite
def issues(draw: st.DrawFn, tracker: str, number: int) -> Issue:
    days = draw(st.integers(0, 400))
    return Issue(
        ref=IssueRef(tracker, "memory", f"{tracker}{number}", f"{tracker.upper()}-{number}"),
        title="",
        url=f"https://tracker.example/{tracker}/{number}",
        state="open",
        state_category=draw(st.sampled_from([StateCategory.TODO, StateCategory.TODO, StateCategory.DONE])),
        created_at=NOW - timedelta(days=days + 1),
        updated_at=NOW - timedelta(days=days),
        labels=tuple(draw(st.lists(st.sampled_from(FOREIGN + OURS), unique=True, max_size=4))),
        priority=draw(st.sampled_from([None, *PRIORITIES])),
        fields=draw(
            st.fixed_dictionaries(
                {"Foreign": st.just("kept")},
                optional={"Worth": st.integers(-3, 9), "Score": st.integers(0, 3), "Band": st.just("P1")},
            )
        ),
    )


limits = st.sampled_from(["share", "count", "min_score"]).flatmap(
    lambda kind: st.lists(
        {"share": st.sampled_from([0.1, 0.25, 0.5]), "count": st.integers(1, 5), "min_score": st.integers(-2, 8)}[
            kind
        ].map(lambda value: {kind: value}),
        min_size=1,
        max_size=2,
    )
)


missing = st.sampled_from(["block", "neutral"])


@st.composite
def teams(draw: st.DrawFn) -> dict[str, Any]:
    edges = draw(limits)
    if "min_score" in edges[0]:
        edges = [dict(edge) for edge in sorted({tuple(edge.items()) for edge in edges}, key=lambda e: -e[0][1])]
    bands: dict[str, Any] = {f"P{place}": edge for place, edge in enumerate(edges)}
    if draw(st.booleans()):
        bands[f"P{len(edges)}"] = {}
    return {
        "version": 1,
        "trackers": {tracker: {"connector": "memory", "project": tracker.upper()} for tracker in TRACKERS},
        "inputs": {
            "worth": {"from": {"memory": {"field": "Worth"}}, "missing": draw(st.sampled_from(["block", "neutral"]))}
        },
        "scoring": {
            "framework": "formula",
            "expression": draw(st.sampled_from(["worth", "worth * -1", "age_days"])),
            "adjustments": draw(
                st.sampled_from([[], [{"name": "cooling", "half_life": {"of": "idle_days", "days": 90}}]])
            ),
            "normalize": draw(st.sampled_from(["none", "percentile", "minmax"])),
            "round": draw(st.integers(0, 2)),
        },
        "bands": bands,
        "hysteresis": draw(st.sampled_from([0, 2, 30])),
        "write": {"memory": draw(policies(sorted(bands)))},
        "guards": {"max_changed_share": 1},
    }


@st.composite
def policies(draw: st.DrawFn, bands: list[str]) -> dict[str, Any]:
    possible = {
        "labels": {"prefix": "p/"},
        "fields": {"score": "Score", "rank": "Rank", "band": "Band"},
        "priority": dict(zip(bands, PRIORITIES, strict=False)),
        "order": "board",
    }
    return {key: possible[key] for key in draw(st.lists(st.sampled_from(sorted(possible)), min_size=1, unique=True))}


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory) -> Path:
    """Made once: most of the time of an example would go into making it."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@contextmanager
def at_work(
    empty: Path, team: dict[str, Any], backlog: dict[str, list[Issue]]
) -> Iterator[tuple[Workspace, dict[str, MemoryTracker]]]:
    trackers = {name: MemoryTracker(fields=FIELDS, priorities=PRIORITIES).add(*backlog[name]) for name in TRACKERS}
    with TemporaryDirectory() as folder:
        shutil.copy(empty, f"{folder}/store.db")
        file = Path(folder) / "trackersync.yaml"
        file.write_text(json.dumps(team | {"store": "sqlite:///store.db"}))
        config = load_config(file, Registry(extra={"memory": MemoryConnector.over(trackers)}))
        with Store.open(config.store) as store:
            transport = Transport(clock=FakeClock(NOW))
            yield Workspace(config=config, store=store, transport=transport, env={}), trackers


def not_ours(issue: Issue, policy: dict[str, Any]) -> Any:
    """All of an issue that this policy does not declare ours."""
    ours = set(policy.get("fields", {}).values())
    labels = [label for label in issue.labels if "labels" not in policy or not label.casefold().startswith("p/")]
    fields = {name: value for name, value in issue.fields.items() if name not in ours}
    return labels, fields, None if "priority" in policy else issue.priority, issue.title, issue.state


def everything_not_ours(trackers: dict[str, MemoryTracker], policy: dict[str, Any]) -> Any:
    held = {issue.ref: not_ours(issue, policy) for memory in trackers.values() for issue in memory.issues.values()}
    return held, None if "order" in policy else [memory.order[:] for memory in trackers.values()]


few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(teams(), backlogs())
def test_after_any_run_there_is_nothing_left_to_write_and_nothing_foreign_was_touched(
    empty_store, team, backlog
) -> None:
    policy = team["write"]["memory"]
    with at_work(empty_store, team, backlog) as (workspace, trackers):
        before = everything_not_ours(trackers, policy)
        _, _, result = sync(workspace)
        assert result.complete, [o for o in result.outcomes if o.detail]
        plan, _ = make_plan(workspace)
        assert (plan.changes, plan.overrides) == ((), ())
        assert everything_not_ours(trackers, policy) == before


@few
@given(teams(), backlogs())
def test_after_any_run_the_trackers_show_the_list(empty_store, team, backlog) -> None:
    policy = team["write"]["memory"]
    with at_work(empty_store, team, backlog) as (workspace, trackers):
        sync(workspace)
        ranked = rank(workspace).ranked
        for name, memory in trackers.items():
            listed = [entry.issue.ref.id for entry in ranked if entry.issue.ref.tracker == name]
            if "order" in policy:
                assert [id_ for id_ in memory.order if id_ in listed] == listed
        for entry in ranked:
            held = trackers[entry.issue.ref.tracker].issues[entry.issue.ref.id]
            if "fields" in policy:
                assert (held.fields["Rank"], held.fields["Score"]) == (entry.rank, entry.score)
                assert held.fields.get("Band", "") == entry.band
            if "labels" in policy:
                ours = [label.casefold() for label in held.labels if label.casefold().startswith("p/")]
                assert ours == ([f"p/{entry.band}".casefold()] if entry.band else [])


@few
@given(teams(), teams(), backlogs(), st.data())
def test_whatever_people_and_rules_do_a_second_run_finds_nothing_to_write(
    empty_store, team, other, backlog, data
) -> None:
    """The rules change, people move and relabel: human values stand, and the rest settles in one run."""
    other |= {"write": team["write"], "bands": team["bands"], "store": "sqlite:///store.db"}
    with at_work(empty_store, team, backlog) as (first, trackers):
        sync(first)
        memory = trackers[data.draw(st.sampled_from(TRACKERS))]
        touched = {id_ for id_ in memory.issues if data.draw(st.integers(0, 3)) == 0}
        for id_ in sorted(touched):
            memory.edit(id_, labels=("bug", "p/P1"), priority="Low")
        if memory.order:
            memory.order.append(memory.order.pop(data.draw(st.integers(0, len(memory.order) - 1))))
        by_hand = {id_: (memory.issues[id_].labels, memory.issues[id_].priority) for id_ in touched}
        file = first.config.file
        file.write_text(json.dumps(other))
        config = load_config(file, Registry(extra={"memory": MemoryConnector.over(trackers)}))
        workspace = Workspace(config=config, store=first.store, transport=first.transport, env={})
        plan, _, result = sync(workspace)
        assert result.complete
        left_alone = {(o.ref.id, o.target.kind): o.found for o in plan.overrides}
        for id_, (labels, priority) in by_hand.items():
            if (id_, "labels") in left_alone:
                assert memory.issues[id_].labels == labels
            if (id_, "priority") in left_alone:
                assert memory.issues[id_].priority == priority
        again, _ = make_plan(workspace)
        assert again.changes == ()
        # An issue moved by hand may since stand where the new rules want it; a value stays a person's.
        values = {(o.ref.id, o.target.kind): o.found for o in again.overrides if o.target.kind != "order"}
        assert values == {place: found for place, found in left_alone.items() if place[1] != "order"}


def everything(trackers: dict[str, MemoryTracker]) -> Any:
    held = {
        issue.ref: (sorted(issue.labels), issue.fields, issue.priority, issue.title, issue.state)
        for memory in trackers.values()
        for issue in memory.issues.values()
    }
    return held, [memory.order[:] for memory in trackers.values()]


def undo(workspace: Workspace, run: str) -> str:
    plan, _ = plan_reversal(workspace, run)
    assert plan.overrides == ()
    result = apply_plan(workspace, plan)
    assert result.complete, [o for o in result.outcomes if o.detail]
    return result.run


def intended(workspace: Workspace) -> Any:
    """What a plan wants; `why` tells of the list before, which an undo does not bring back."""
    plan, _ = make_plan(workspace)
    return plan.changes, [replace(each, points=()) for each in plan.standings], plan.overrides


@few
@given(teams(), teams(), backlogs())
def test_what_a_run_did_is_undone_and_then_wanted_again(empty_store, team, other, backlog) -> None:
    """The second run follows other rules, so that it meets values, bands and an order of ours."""
    other |= {"write": team["write"], "bands": team["bands"], "store": "sqlite:///store.db"}
    with at_work(empty_store, team, backlog) as (first, trackers):
        untouched, wanted = everything(trackers), intended(first)
        _, _, result = sync(first)
        after_first = everything(trackers)
        undone = undo(first, result.run)
        assert everything(trackers) == untouched
        assert intended(first) == wanted
        undo(first, undone)
        assert everything(trackers) == after_first
        first.config.file.write_text(json.dumps(other))
        config = load_config(first.config.file, Registry(extra={"memory": MemoryConnector.over(trackers)}))
        second = Workspace(config=config, store=first.store, transport=first.transport, env={})
        wanted = intended(second)
        _, _, result = sync(second)
        undo(second, result.run)
        assert everything(trackers) == after_first
        assert intended(second) == wanted


@few
@given(teams(), backlogs(), st.data())
def test_an_undo_leaves_alone_what_people_did_since(empty_store, team, backlog, data) -> None:
    with at_work(empty_store, team, backlog) as (workspace, trackers):
        untouched, _ = everything(trackers)
        _, _, result = sync(workspace)
        written = {(o.change.ref, o.change.target.kind) for o in result.outcomes}
        touched = set()
        for memory in trackers.values():
            for id_ in [id_ for id_ in memory.issues if data.draw(st.integers(0, 2)) == 0]:
                memory.edit(id_, labels=("bug", "p/mine"))
                touched.add(memory.issues[id_].ref)
        plan, _ = plan_reversal(workspace, result.run)
        left_alone = {(o.ref, o.target.kind) for o in plan.overrides}
        assert left_alone == {(ref, "labels") for ref in touched} & written
        assert apply_plan(workspace, plan).complete
        for ref, (labels, fields, priority, *_) in everything(trackers)[0].items():
            expected = ["bug", "p/mine"] if ref in touched else untouched[ref][0]
            assert (labels, fields, priority) == (expected, *untouched[ref][1:3])
        told = {(o.ref, o.target.kind) for o in make_plan(workspace)[0].overrides}
        assert left_alone <= told
