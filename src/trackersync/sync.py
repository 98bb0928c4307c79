"""The use cases: each is a short walk along pull, score, plan, apply, with the store and the trackers at its ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from trackersync.change import Change, Outcome, OwnWrite, Status
from trackersync.config import Config
from trackersync.connector import Source, Target
from trackersync.errors import (
    ConfigError,
    GuardError,
    PlanError,
    Problem,
    TrackerError,
    TrackersyncError,
)
from trackersync.model import Issue, IssueKey, SnapshotInfo, Standing
from trackersync.plan.build import Basis, RankedIssue, build_plan
from trackersync.plan.document import Plan, PlannedTracker, SkippedTracker
from trackersync.plan.guards import check_shrink
from trackersync.plan.overrides import find_overrides, still_standing
from trackersync.plan.policy import WritePolicy
from trackersync.plan.settle import settle, verify
from trackersync.plan.values import declared_targets
from trackersync.scoring.engine import Ranking, score
from trackersync.scoring.explain import Explanation, explain
from trackersync.store import Store
from trackersync.transport import Transport

CHUNK = 100
"""Issues between two reads of what is written to: what one request reads of them on either kind of tracker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What every use case works with: the team's file, what is remembered, and the way out to the trackers."""

    config: Config
    store: Store
    transport: Transport
    env: Mapping[str, str]

    def now(self) -> datetime:
        """The one clock."""
        return self.transport.clock.now()

    def identity(self, tracker: str) -> str:
        """What the tracker of this name is, as the file now has it."""
        configured = self.config.trackers[tracker]
        return configured.source.identify(configured.settings)

    def snapshot(self, tracker: str) -> SnapshotInfo | None:
        """The tracker's snapshot, unless it was read from what the name no longer stands for."""
        info = self.store.snapshot(tracker)
        return info if info and info.identity == self.identity(tracker) else None

    def open(self, trackers: Collection[str]) -> dict[str, Source]:
        """The connectors of these trackers, made without a request; all unset secrets are told at once."""
        opened: dict[str, Source] = {}
        problems: list[Problem] = []
        for name in trackers:
            tracker = self.config.trackers[name]
            try:
                opened[name] = tracker.source(
                    name,
                    tracker.settings,
                    transport=self.transport,
                    env=self.env,
                    wanted=self.config.wanted(name),
                )
            except ConfigError as error:
                problems += [
                    self.config.problem(("trackers", name, *problem.path), problem.message, problem.hint)
                    for problem in error.problems
                ]
        if problems:
            raise ConfigError(problems, file=str(self.config.file))
        return opened


@dataclass(frozen=True, slots=True)
class PullResult:
    """What became of reading one tracker: a complete new snapshot, or an error and the old snapshot, if any."""

    tracker: str
    identity: str
    """What the tracker is: its address, repository or JQL."""
    info: SnapshotInfo | None
    error: TrackersyncError | None = None


Progress = Callable[[str, int], None]
"""Hears (tracker, issues or changes done so far)."""


def _silent(_tracker: str, _done: int) -> None:
    """Nobody watches."""


def pull(
    workspace: Workspace,
    trackers: Sequence[str] | None = None,
    *,
    allow: Collection[str] = (),
    progress: Progress = _silent,
) -> tuple[PullResult, ...]:
    """Read the trackers into the store; one that cannot be read completely keeps its old snapshot, the others go on."""
    sources = workspace.open(trackers or list(workspace.config.trackers))
    return tuple(_pull_one(workspace, source, allow=allow, progress=progress) for source in sources.values())


def _pull_one(workspace: Workspace, source: Source, *, allow: Collection[str], progress: Progress) -> PullResult:
    tracker = source.tracker
    identity = workspace.identity(tracker)

    def pages() -> Iterator[Sequence[Issue]]:
        done = 0
        for page in source.pull():
            done += len(page)
            progress(tracker, done)
            yield page

    def accept(previous: SnapshotInfo | None, count: int) -> None:
        before = previous.count if previous and previous.identity == identity else 0
        verdict = check_shrink(tracker=tracker, before=before, now=count, guards=workspace.config.guards)
        if verdict and verdict.name not in allow:
            raise GuardError([verdict])

    try:
        info = workspace.store.replace_snapshot(tracker, identity, pages(), taken_at=workspace.now(), accept=accept)
    except (TrackerError, GuardError) as error:
        return PullResult(tracker, identity, workspace.snapshot(tracker), error)
    return PullResult(tracker, identity, info)


def read_issues(workspace: Workspace) -> list[Issue]:
    """Every stored issue of the configured trackers, with our own writes taken out of `updated_at`.

    An issue is idle since a person last touched it, not since we wrote its label.
    """
    own = workspace.store.own_writes()
    readable = [tracker for tracker in workspace.config.trackers if workspace.snapshot(tracker)]
    return [as_people_left_it(issue, own) for issue in workspace.store.issues(readable)]


def as_people_left_it(issue: Issue, own: Mapping[IssueKey, OwnWrite]) -> Issue:
    """The issue with `updated_at` as it was before our own last write, where nobody touched it since."""
    written = own.get(issue.ref.issue_key)
    if written is None or written.updated_at != issue.updated_at:
        return issue
    return replace(issue, updated_at=written.active_at)


def rank(workspace: Workspace) -> Ranking:
    """Score and rank the stored snapshots; touches no network."""
    rules = workspace.config.rules
    return score(read_issues(workspace), rules, now=workspace.now(), bands_before=bands_before(workspace))


def bands_before(workspace: Workspace) -> dict[IssueKey, str]:
    """The band each issue had in the list that was last applied, for hysteresis."""
    return {key: standing.band for key, standing in workspace.store.standings().items()}


def explain_issue(workspace: Workspace, name: str) -> Explanation:
    """How one issue, named by ref, key or URL, came by its place among all stored ones; touches no network."""
    rules, before = workspace.config.rules, bands_before(workspace)
    return explain(read_issues(workspace), rules, name, now=workspace.now(), bands_before=before)


def make_plan(
    workspace: Workspace,
    *,
    offline: bool = False,
    allow: Collection[str] = (),
    progress: Progress = _silent,
) -> tuple[Plan, tuple[PullResult, ...]]:
    """Pull (unless offline), score and compare; writes to no tracker.

    A tracker whose read failed keeps its place in the ranking, if it was ever read, and gets no changes.
    """
    names = list(workspace.config.trackers)
    results = () if offline else pull(workspace, names, allow=allow, progress=progress)
    failed = {result.tracker: result.error.message for result in results if result.error}
    snapshots = {name: workspace.snapshot(name) for name in names}
    usable = {name: info for name, info in snapshots.items() if info and name not in failed}
    never = {name: "it was never read; run `trackersync pull`" for name, info in snapshots.items() if info is None}
    skipped = [SkippedTracker(tracker=name, reason=reason) for name, reason in sorted({**never, **failed}.items())]
    ranking = rank(workspace)
    return _plan_for(workspace, ranking, usable, skipped, allow), results


def _plan_for(
    workspace: Workspace,
    ranking: Ranking,
    usable: Mapping[str, SnapshotInfo],
    skipped: Sequence[SkippedTracker],
    allow: Collection[str],
) -> Plan:
    config, store, now = workspace.config, workspace.store, workspace.now()
    ranked = [
        RankedIssue(entry.issue, Standing(entry.issue.ref, entry.score, entry.rank, entry.band))
        for entry in ranking.ranked
    ]
    written = store.written()
    readable = [entry.issue for entry in ranked if entry.issue.ref.tracker in usable]
    found = find_overrides(readable, config.write, written, store.standings())
    first_seen = store.note_overrides(found, trackers=list(usable), at=now)
    return build_plan(
        Basis(
            now=now,
            rules_digest=config.rules_digest,
            ranked=ranked,
            trackers={name: _planned(config, info) for name, info in usable.items()},
            policies=config.write,
            written=written,
            overrides=still_standing(found, first_seen, config.overrides, now=now),
            skipped=skipped,
            guards=config.guards,
            allowed=allow,
        )
    )


def _planned(config: Config, info: SnapshotInfo) -> PlannedTracker:
    return PlannedTracker(
        identity=info.identity,
        notify=config.write[info.tracker].notify,
        snapshot_at=info.taken_at,
        issues=info.count,
    )


def forecast(config: Config, plan: Plan) -> dict[str, int]:
    """About how many requests applying the plan takes on each tracker, reading before and after included."""
    requests = {}
    for name in plan.trackers:
        changes = [change for change in plan.changes if change.ref.tracker == name]
        source = config.trackers[name].source
        if changes and issubclass(source, Target):
            requests[name] = source.requests_for(changes) + 2 * len(list(_chunks(changes)))
    return requests


@dataclass(slots=True)
class RunResult:
    """What became of one apply."""

    run: str
    outcomes: list[Outcome] = field(default_factory=list)
    """One for every change of the plan, final."""
    errors: dict[str, TrackerError] = field(default_factory=dict)
    """What stopped a whole tracker."""

    @property
    def counts(self) -> Counter[Status]:
        """How many changes ended how."""
        return Counter(outcome.status for outcome in self.outcomes)

    @property
    def complete(self) -> bool:
        """Whether everything that was planned now stands in the trackers."""
        return all(outcome.status in DONE for outcome in self.outcomes)


DONE = frozenset({Status.APPLIED, Status.UNCHANGED})
WROTE = frozenset({Status.APPLIED, Status.UNKNOWN})


def apply_plan(workspace: Workspace, plan: Plan, *, progress: Progress = _silent) -> RunResult:
    """Write exactly the plan and remember every value written; what changed since the plan is left alone."""
    if plan.refused:
        raise GuardError(plan.refused)
    targets = _open_targets(workspace, plan)
    with workspace.store.lock("apply"):
        store = workspace.store
        result = RunResult(store.begin_run(at=workspace.now(), plan_digest=plan.digest, allowed=plan.allowed))
        own = store.own_writes()
        for name, target in targets.items():
            changes = [change for change in plan.changes if change.ref.tracker == name]
            writer = _Writer(workspace, target, result, plan.trackers[name].notify, own)
            for done in writer.write(changes):
                progress(name, done)
        failed = {o.change.ref.issue_key for o in result.outcomes if o.status not in DONE}
        kept = [standing for standing in plan.standings if standing.ref.issue_key not in failed]
        store.save_standings(list(plan.trackers), kept, run=result.run)
        store.finish_run(result.run, at=workspace.now(), status="done" if result.complete else "partial")
    return result


def _open_targets(workspace: Workspace, plan: Plan) -> dict[str, Target]:
    """The connectors to write to, after checking that the plan is for these trackers and within what is ours."""
    config = workspace.config
    for name, planned in plan.trackers.items():
        present = workspace.identity(name) if name in config.trackers else None
        if present != planned.identity:
            raise PlanError(
                f"the plan is for another tracker: {name} was {planned.identity!r}; {config.file} has {present!r}",
                hint="apply it with the file it was made with, or make a new plan",
            )
    _refuse_undeclared(config, plan)
    touched = {change.ref.tracker for change in plan.changes}
    opened = workspace.open([name for name in plan.trackers if name in touched])
    return {name: source for name, source in opened.items() if isinstance(source, Target)}


def _refuse_undeclared(config: Config, plan: Plan) -> None:
    """A plan may write nothing that the file does not declare ours, however it came about."""
    for change in plan.changes:
        policy = config.write.get(change.ref.tracker, WritePolicy())
        labels = change.after if change.target.kind == "labels" and isinstance(change.after, tuple) else ()
        foreign = [label for label in labels if not label.startswith(change.target.name)]
        if change.ref.tracker not in plan.trackers or change.target not in declared_targets(policy) or foreign:
            raise PlanError(
                f"the plan writes {change.target} of {change.ref}, which {config.file} does not declare ours",
                hint="make a new plan",
            )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the changes of one tracker in one run."""

    workspace: Workspace
    target: Target
    result: RunResult
    notify: bool
    own: Mapping[IssueKey, OwnWrite]

    def write(self, changes: Sequence[Change]) -> Iterator[int]:
        """Yield how many changes have an outcome; what stops the tracker ends up in the result's errors."""
        done = 0
        for chunk in _chunks(changes):
            outcomes = self._write_chunk(chunk)
            self.workspace.store.record(self.result.run, outcomes, at=self.workspace.now())
            self.result.outcomes += outcomes
            done += len(outcomes)
            yield done

    def _write_chunk(self, chunk: Sequence[Change]) -> list[Outcome]:
        """Read, leave alone what changed, write the rest, read again: one final outcome for each change."""
        known: dict[Change, Outcome] = {}
        try:
            if self.target.tracker in self.result.errors:
                raise self.result.errors[self.target.tracker]
            current = self.target.fetch(_ids(chunk))
            known = {change: outcome for change in chunk if (outcome := settle(change, current))}
            writing = [change for change in chunk if change not in known]
            for outcome in self.target.apply(writing, current, notify=self.notify):
                known[outcome.change] = outcome
            known |= self._verify([known[change] for change in writing], current)
        except TrackerError as error:
            self.result.errors[self.target.tracker] = error
            lost = f"not attempted: {error.message}"
            known = {change: Outcome(change, Status.REJECTED, lost) for change in chunk} | known
        return [known[change] for change in chunk]

    def _verify(self, outcomes: Sequence[Outcome], before: Mapping[str, Issue]) -> dict[Change, Outcome]:
        """The outcomes as the tracker shows them when read again; remembers how to recognise our own writes."""
        written = {o.change.ref.id for o in outcomes if o.status in WROTE and o.change.target.kind != "order"}
        after = self.target.fetch(sorted(written)) if written else {}
        self.workspace.store.save_own_writes(
            OwnWrite(issue.ref, issue.updated_at, as_people_left_it(before[id_], self.own).updated_at)
            for id_, issue in after.items()
        )
        return {outcome.change: verify(outcome, after.get(outcome.change.ref.id)) for outcome in outcomes}


def _chunks(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Changes of `CHUNK` issues at a time, the changes of one issue together."""
    by_issue = [list(group) for _, group in groupby(changes, key=lambda change: change.ref.issue_key)]
    for start in range(0, len(by_issue), CHUNK):
        yield [change for group in by_issue[start : start + CHUNK] for change in group]


def _ids(changes: Sequence[Change]) -> list[str]:
    """The issues named in the changes, anchors of moves included, each once."""
    ids = dict.fromkeys(change.ref.id for change in changes)
    for change in changes:
        if change.target.kind == "order" and isinstance(change.after, tuple):
            ids[change.after[1]] = None
    return list(ids)


def sync(
    workspace: Workspace, *, allow: Collection[str] = (), progress: Progress = _silent
) -> tuple[Plan, tuple[PullResult, ...], RunResult]:
    """Pull, score, plan, guards, apply, never asking; one at a time on one store."""
    with workspace.store.lock("sync"):
        plan, results = make_plan(workspace, allow=allow, progress=progress)
        return plan, results, apply_plan(workspace, plan, progress=progress)
