"""Network out: a plan into the trackers, every value into the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from trackersync.change import LabelSet, Outcome, WriteTarget
from trackersync.config import Config
from trackersync.connector import Target
from trackersync.errors import GuardError, PlanError, StoreError
from trackersync.model import IssueKey, Standing
from trackersync.plan.document import Plan
from trackersync.plan.guards import check_rules
from trackersync.plan.policy import WritePolicy
from trackersync.plan.values import declared_targets
from trackersync.sync.chunk import DONE
from trackersync.sync.labels import define_labels, labels_in_use, retire_labels
from trackersync.sync.workspace import Progress, Workspace, silent
from trackersync.sync.writing import RunResult, Writer


def apply_plan(
    workspace: Workspace,
    plan: Plan,
    *,
    allow: Collection[str] = (),
    asked: Collection[tuple[IssueKey, WriteTarget]] = (),
    progress: Progress = silent,
) -> RunResult:
    """Write exactly the plan and remember every value written; what changed since the plan is left alone.

    A plan that was refused, or that other rules made than the file has now, is a `GuardError`; `allow` names guards
    that may pass, but none that refused the plan. `asked` are places that the file does not declare ours and that
    somebody has just asked to be written.
    """
    if plan.refused:
        raise GuardError(plan.refused)
    allowed = (*plan.allowed, *_passed(workspace.config, plan, allow))
    targets = _open_targets(workspace, plan, asked)
    with workspace.store.lock("apply"):
        store = workspace.store
        run = store.begin_run(at=workspace.now(), plan_digest=plan.digest, allowed=allowed, by=workspace.by())
        result = RunResult(run)
        # Cut off while it moves issues, this run must not leave their new places looking like a person's doing.
        moving = {change.ref.issue_key for change in plan.changes if change.target.kind == "order"}
        store.note_movements(list(plan.trackers), plan.standings, run=result.run)
        store.save_standings(list(plan.trackers), _without(plan.standings, moving), run=result.run)
        own = store.own_writes()
        for name, target in targets.items():
            changes = [change for change in plan.changes if change.ref.tracker == name]
            labels = labels_in_use(plan, name)
            define_labels(workspace, target, labels, result)
            Writer(workspace, target, plan, result, own).write(changes, progress)
            retire_labels(target, labels, result)
        if result.stopped is None:
            _finish(workspace, plan, result)
    return result


def _finish(workspace: Workspace, plan: Plan, result: RunResult) -> None:
    """Keep where everything stands now; a run that cannot say so looks as if it had been cut off."""
    standings = _without(plan.standings, _unplaced(result.outcomes))
    try:
        workspace.store.save_standings(list(plan.trackers), standings, run=result.run)
        status = "done" if result.complete else "partial"
        workspace.store.finish_run(result.run, at=workspace.now(), status=status)
    except StoreError as error:
        result.stopped = error


def _passed(config: Config, plan: Plan, allow: Collection[str]) -> tuple[str, ...]:
    """The guards that say no to applying the plan now, all of them allowed."""
    verdict = check_rules(planned=plan.rules_digest, present=config.rules_digest, file=str(config.file))
    if verdict is None:
        return ()
    if verdict.name not in allow:
        raise GuardError([verdict], hint=_OTHER_RULES)
    return (verdict.name,)


_OTHER_RULES = (
    "make a new plan with `trackersync plan --out FILE`; "
    "if the old one is still what you want, apply it this once with --allow rules_changed"
)


def _without(standings: Sequence[Standing], issues: Collection[IssueKey]) -> list[Standing]:
    return [standing for standing in standings if standing.ref.issue_key not in issues]


def _unplaced(outcomes: Sequence[Outcome]) -> set[IssueKey]:
    """The issues that do not stand as planned: those that failed, and those moved next to one that was not moved."""
    unplaced = {outcome.change.ref.issue_key for outcome in outcomes if outcome.status not in DONE}
    astray: set[IssueKey] = set()
    for outcome in outcomes:
        change = outcome.change
        if change.target.kind == "order" and isinstance(change.after, tuple):
            anchor = (change.ref.tracker, change.after[-1])
            if outcome.status not in DONE or anchor in astray:
                astray.add(change.ref.issue_key)
    return unplaced | astray


def _open_targets(
    workspace: Workspace, plan: Plan, asked: Collection[tuple[IssueKey, WriteTarget]]
) -> dict[str, Target]:
    """The connectors to write to, after checking that the plan is for these trackers and within what is ours."""
    config = workspace.config
    for name, planned in plan.trackers.items():
        present = repr(workspace.identity(name)) if name in config.trackers else "no tracker of that name"
        if present != repr(planned.identity):
            raise PlanError(
                f"the plan is for another tracker: {name} was {planned.identity!r}; {config.file} has {present}",
                hint="apply it with the file it was made with, or make a new plan",
            )
    _refuse_undeclared(config, plan, asked)
    touched = {change.ref.tracker for change in plan.changes}
    opened = workspace.open([name for name in plan.trackers if name in touched])
    return {name: source for name, source in opened.items() if isinstance(source, Target)}


def _refuse_undeclared(config: Config, plan: Plan, asked: Collection[tuple[IssueKey, WriteTarget]]) -> None:
    """A plan may write nothing that the file does not declare ours, however it came about."""
    for name, planned in plan.trackers.items():
        policy = config.write.get(name, WritePolicy())
        if planned.labels is not None and not _is_declared(planned.labels, policy):
            raise PlanError(f"the plan has labels of {name} that {config.file} does not declare ours", hint=_ANEW)
    for change in plan.changes:
        policy = config.write.get(change.ref.tracker, WritePolicy())
        labels = change.after if change.target.kind == "labels" and isinstance(change.after, tuple) else ()
        foreign = [label for label in labels if not label.casefold().startswith(change.target.name.casefold())]
        ours = change.target in declared_targets(policy) or (change.ref.issue_key, change.target) in asked
        if change.ref.tracker not in plan.trackers or not ours or foreign:
            raise PlanError(
                f"the plan writes {change.target} of {change.ref}, which {config.file} does not declare ours",
                hint=_ANEW,
            )


_ANEW = "make a new plan"


def _is_declared(labels: LabelSet, policy: WritePolicy) -> bool:
    """Whether all that would be renamed, restyled or deleted begins as labels of ours do, or once did."""
    every = (*labels.names, *labels.retired)
    return (
        labels.prefix == policy.label_prefix
        and labels.previously == policy.label_style.previously
        and all(label.casefold().startswith(labels.prefix.casefold()) for label in every)
    )
