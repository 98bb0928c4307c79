"""What holds whatever happens while plans are applied: edits by people, refusals, lost answers, deaths of processes."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from trackersync.change import Change, Status, WriteTarget
from trackersync.config import load_config
from trackersync.model import Issue, IssueKey, IssueRef, StateCategory, Value
from trackersync.plan.document import Plan
from trackersync.plan.values import current_value, same
from trackersync.registry import Registry
from trackersync.store import Store
from trackersync.sync import Workspace, apply_plan, make_plan, plan_reversal
from trackersync.testing import FakeClock, MemoryConnector, MemoryTracker
from trackersync.transport import Transport

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TEAM = """\
version: 1
trackers:
  core: {connector: memory, project: CORE}
inputs:
  worth: {from: {memory: {field: Worth}}}
scoring: {framework: formula, expression: worth}
bands: {P0: {count: 2}, P1: {}}
write:
  memory: {labels: {prefix: "p/"}, fields: {score: Score}, order: board}
guards: {max_changed_share: 1}
"""
ISSUES = 6
IDS = [f"id{number}" for number in range(1, ISSUES + 1)]
LABELS, SCORE, ORDER = WriteTarget("labels", "p/"), WriteTarget("field", "Score"), WriteTarget("order")

Place = tuple[IssueKey, WriteTarget]


class Killed(BaseException):
    """What nothing catches, as nothing catches SIGKILL."""


class Death:
    """Comes after so many steps, or never: a step is a write to the tracker, or a commit."""

    def __init__(self) -> None:
        self.left: int | None = None

    def step(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed


class Watched(MemoryConnector):
    """Dies before or after a write when it is time, and tells what it is about to write."""

    death: Death
    writes: Callable[[Change], None]

    def _carry_out(self, change: Change) -> None:
        self.death.step()
        super()._carry_out(change)
        type(self).writes(change)
        self.death.step()


def mortal(write: Callable[[], Any], death: Death) -> Callable[[], Any]:
    @contextmanager
    def writing() -> Iterator[Any]:
        with write() as connection:
            yield connection
            death.step()
        death.step()

    return writing


_folder = TemporaryDirectory()
EMPTY = Path(_folder.name) / "empty.db"
"""Made once: most of the time of an example would go into making it."""


def empty_store() -> Path:
    if not EMPTY.exists():
        Store.open(f"sqlite:///{EMPTY}").close()
    return EMPTY


ids = st.sampled_from(IDS)
deaths = st.one_of(st.none(), st.integers(0, 60))


class Writing(RuleBasedStateMachine):
    plans = Bundle("plans")

    @initialize(worths=st.permutations(range(1, ISSUES + 1)))
    def begin(self, worths: list[int]) -> None:
        self.folder = TemporaryDirectory()
        self.memory = MemoryTracker(fields=("Worth", "Score", "Foreign"))
        for number, worth in enumerate(worths, start=1):
            self.memory.add(_issue(number, worth))
        self.death, self.clock = Death(), FakeClock(NOW)
        self.by_hand: dict[Place, Value] = {}
        self.made: Counter[tuple[str, Place]] = Counter()
        self.digest = ""
        self.store: Store | None = None
        file = Path(self.folder.name) / "trackersync.yaml"
        file.write_text(TEAM + "store: sqlite:///store.db\n")
        shutil.copy(empty_store(), file.with_name("store.db"))
        connector = Watched.over({"core": self.memory})
        connector.death, connector.writes = self.death, self.about_to_write
        self.config = load_config(file, Registry(extra={"memory": connector}))
        self.foreign = self.not_ours()
        self.start()

    def start(self) -> None:
        """A new process."""
        if self.store:
            self.store.close()
        self.store = Store.open(self.config.store)
        database = self.store._database
        database.write = mortal(database.write, self.death)
        database.write_quickly = mortal(database.write_quickly, self.death)
        transport = Transport(clock=self.clock)
        self.workspace = Workspace(config=self.config, store=self.store, transport=transport, env={})

    def teardown(self) -> None:
        if getattr(self, "store", None):
            self.store.close()
            self.folder.cleanup()

    # What people do.

    @rule(id_=ids, worth=st.integers(1, 9))
    def a_person_changes_what_is_scored(self, id_: str, worth: int) -> None:
        self.memory.edit(id_, fields=dict(self.memory.issues[id_].fields) | {"Worth": worth})
        self.foreign = self.not_ours()

    @rule(id_=ids, label=st.sampled_from(["bug", "x/p/P0"]))
    def a_person_adds_a_label_of_theirs(self, id_: str, label: str) -> None:
        self.memory.edit(id_, labels=tuple(dict.fromkeys((*self.memory.issues[id_].labels, label))))
        self.foreign = self.not_ours()

    @rule(id_=ids, band=st.sampled_from(["P0", "P1", "P7"]))
    def a_person_changes_our_label(self, id_: str, band: str) -> None:
        theirs = [label for label in self.memory.issues[id_].labels if not label.startswith("p/")]
        self.memory.edit(id_, labels=(*theirs, f"p/{band}"))
        self.touched(id_, LABELS)

    @rule(id_=ids, score=st.integers(1, 12))
    def a_person_changes_our_field(self, id_: str, score: int) -> None:
        self.memory.edit(id_, fields=dict(self.memory.issues[id_].fields) | {"Score": score})
        self.touched(id_, SCORE)

    @rule(id_=ids, place=st.integers(0, ISSUES - 1))
    def a_person_moves_an_issue(self, id_: str, place: int) -> None:
        self.memory.order.remove(id_)
        self.memory.order.insert(place, id_)
        for key in [key for key in self.made if key[1][1] == ORDER]:
            del self.made[key]

    @rule(id_=ids)
    def an_issue_is_locked_or_freed(self, id_: str) -> None:
        if self.memory.refused.pop(id_, None) is None:
            self.memory.refused[id_] = "locked"

    @rule(id_=ids)
    def an_answer_will_be_lost(self, id_: str) -> None:
        self.memory.lost.add(id_)

    @rule(seconds=st.sampled_from([60, 3600, -7200]))
    def time_passes_or_the_clock_is_set_back(self, seconds: int) -> None:
        self.clock.sleep(seconds)

    # What the program does.

    @rule(target=plans, death=deaths)
    def plan(self, death: int | None) -> Plan | None:
        return self.until(death, lambda: make_plan(self.workspace)[0])

    @rule(plan=plans, death=deaths)
    def apply(self, plan: Plan | None, death: int | None) -> None:
        if plan is None:
            return
        self.digest = plan.digest
        result = self.until(death, lambda: apply_plan(self.workspace, plan))
        if result is not None:
            assert [outcome.change for outcome in result.outcomes] == list(plan.changes)
            assert not [outcome for outcome in result.outcomes if outcome.status is Status.UNKNOWN]
            entered = Counter(_place(outcome.change) for outcome in self.store.outcomes(result.run))
            assert entered == Counter(map(_place, plan.changes))

    @rule()
    def all_is_well_and_a_run_brings_everything_up_to_date(self) -> None:
        self.memory.refused.clear()
        self.memory.lost.clear()
        self.clock.sleep(60)
        plan, _ = make_plan(self.workspace)
        self.digest = plan.digest
        assert apply_plan(self.workspace, plan).complete
        again, _ = make_plan(self.workspace)
        assert again.changes == ()
        assert self.store.in_flight(["core"]) == []

    @rule(number=st.integers(0, 9), death=deaths)
    def a_run_is_reverted(self, number: int, death: int | None) -> None:
        runs = self.store.runs()
        if not runs:
            return
        plan = self.until(death, lambda: plan_reversal(self.workspace, runs[number % len(runs)].id)[0])
        self.apply(plan, death)

    @rule()
    def all_is_well_and_what_a_run_did_is_undone_and_done_again(self) -> None:
        self.memory.refused.clear()
        self.memory.lost.clear()
        self.clock.sleep(60)
        before = self.ours()
        plan, _ = make_plan(self.workspace)
        self.digest = plan.digest
        done = apply_plan(self.workspace, plan)
        assert done.complete
        after = self.ours()
        self.clock.sleep(60)
        undo, _ = plan_reversal(self.workspace, done.run)
        self.digest = undo.digest
        assert apply_plan(self.workspace, undo).complete
        assert self.ours() == before
        self.clock.sleep(60)
        again, _ = make_plan(self.workspace)
        self.digest = again.digest
        assert apply_plan(self.workspace, again).complete
        assert self.ours() == after

    def until(self, death: int | None, work: Callable[[], Any]) -> Any:
        """What it comes to, or None where death comes first; then a new process takes over."""
        self.death.left = death
        try:
            return work()
        except Killed:
            return None
        finally:
            died = self.death.left is not None and self.death.left < 0
            self.death.left = None
            if died:
                self.start()

    # What always holds.

    def about_to_write(self, change: Change) -> None:
        """Of one plan nothing is written twice, unless somebody else wrote there in between."""
        place = _place(change)
        for key in [key for key in self.made if key[1] == place and key[0] != self.digest]:
            del self.made[key]
        self.made[self.digest, place] += 1
        assert self.made[self.digest, place] == 1, f"written twice: {change}"

    @invariant()
    def what_is_not_ours_is_as_people_left_it(self) -> None:
        if hasattr(self, "foreign"):
            assert self.not_ours() == self.foreign

    @invariant()
    def the_ledger_says_what_the_tracker_holds_unless_a_person_changed_it(self) -> None:
        if not hasattr(self, "store"):
            return
        open_ = {_place(each.change) for each in self.store.in_flight(["core"])}
        for (key, name), wrote in self.store.written().items():
            target = next(target for target in (LABELS, SCORE, ORDER) if str(target) == name)
            held = current_value(self.memory.issues[key[1]], target)
            if target != ORDER and (key, target) not in open_:
                theirs = (key, target) in self.by_hand and held == self.by_hand[key, target]
                assert same(held, wrote) or theirs, (key, name, held, wrote)

    @invariant()
    def no_change_has_more_than_one_outcome(self) -> None:
        if not hasattr(self, "store"):
            return
        for run in self.store.runs():
            final = [o for o in self.store.outcomes(run.id) if o.status is not Status.UNKNOWN]
            assert max(Counter(_place(outcome.change) for outcome in final).values(), default=1) == 1

    def touched(self, id_: str, target: WriteTarget) -> None:
        place = (("core", id_), target)
        self.by_hand[place] = current_value(self.memory.issues[id_], target)
        for key in [key for key in self.made if key[1] == place]:
            del self.made[key]

    def ours(self) -> Any:
        """Our values and the order, as the tracker holds them."""
        values = {
            id_: [current_value(issue, target) for target in (LABELS, SCORE)]
            for id_, issue in self.memory.issues.items()
        }
        return values, [*self.memory.order]

    def not_ours(self) -> Any:
        return {
            id_: (
                [label for label in issue.labels if not label.startswith("p/")],
                {name: value for name, value in issue.fields.items() if name != "Score"},
                issue.title,
                issue.state,
                issue.priority,
            )
            for id_, issue in self.memory.issues.items()
        }


def _place(change: Change) -> Place:
    return change.ref.issue_key, change.target


def _issue(number: int, worth: int) -> Issue:
    return Issue(
        ref=IssueRef("core", "memory", f"id{number}", f"CORE-{number}"),
        title=f"Issue {number}",
        url=f"https://tracker.example/{number}",
        state="open",
        state_category=StateCategory.TODO,
        created_at=NOW,
        updated_at=NOW,
        labels=("bug",),
        fields={"Worth": worth, "Foreign": "kept"},
    )


Writing.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestWriting = Writing.TestCase
