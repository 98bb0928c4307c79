"""The product manager's button: what is read anew or answered on the spot, who moves because of it, and the plan."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from trackersync.change import Change, WriteTarget
from trackersync.errors import TrackersyncError
from trackersync.model import PROJECT_ITEM, Issue, IssueKey, IssueRef, StateCategory, Value
from trackersync.plan.document import Plan
from trackersync.plan.values import current_value, same
from trackersync.sync.naming import find_ref
from trackersync.sync.planning import make_plan
from trackersync.sync.ranking import calculate_stored, read_issues
from trackersync.sync.reading import PullResult, pull
from trackersync.sync.reading_named import pull_named
from trackersync.sync.workspace import Progress, Workspace, silent

if TYPE_CHECKING:
    from trackersync.scoring.answers import Answer
    from trackersync.scoring.comparison import Comparison, Move
    from trackersync.scoring.engine import Ranking
    from trackersync.scoring.movement import Reason
    from trackersync.scoring.rules import InputSource, Rules


class Rescored(Struct, frozen=True, kw_only=True):
    """What became of the list."""

    named: Collection[IssueKey]
    """The issues that were asked for; empty where all were."""
    results: tuple[PullResult, ...]
    comparison: Comparison
    reasons: Mapping[IssueKey, Reason]
    """Why the named issues move, and the first of the others."""
    waiting: Mapping[IssueRef, str]
    """The named issues that have no rank, and why."""
    answers: tuple[Answer, ...]
    workspace: Workspace
    """With the answers, and with the other rules where those were tried."""
    plan: Plan | None
    """What applying this would write; None where other rules were only tried."""

    @property
    def own(self) -> tuple[Move, ...]:
        """The named issues that were ranked and still are."""
        return tuple(each for each in self.comparison.moves if each.issue.ref.issue_key in self.named)

    @property
    def others(self) -> tuple[Move, ...]:
        """Everything else that has another place, score or band: those that change bands first, then the furthest."""
        found = [each for each in self.comparison.altered if each.issue.ref.issue_key not in self.named]
        return tuple(sorted(found, key=lambda move: move.before.band == move.after.band))


def rescore(
    workspace: Workspace,
    names: Sequence[str] = (),
    *,
    answers: Sequence[tuple[str, str, str]] = (),
    rules: Rules | None = None,
    explained: int = 10,
    allow: Collection[str] = (),
    progress: Progress = silent,
) -> Rescored:
    """Read these issues and those answered anew, everything where none is named, and rank; writes to no tracker.

    `answers` are issue, input and value as they were typed. `rules` are tried in the place of the file's. With reasons
    for the named and the first `explained` of the others. Raises `TrackersyncError` for a name, input or value that is
    none, before anything is read.
    """
    from trackersync.scoring.answers import answered
    from trackersync.scoring.comparison import compare
    from trackersync.scoring.engine import ranking_of
    from trackersync.scoring.movement import reasons

    refs = list(dict.fromkeys(_known(workspace, name) for name in (*names, *(name for name, _, _ in answers))))
    used = workspace.config.rules if rules is None else rules
    _read_answers(workspace, used, answers)
    before = calculate_stored(workspace)
    results = _read(workspace, refs, allow, progress)
    said = _read_answers(workspace, used, answers)
    config = replace(workspace.config, rules=answered(used, said))
    changed = replace(workspace, config=config)
    after = calculate_stored(changed)
    earlier, later = ranking_of(before), ranking_of(after)
    named = dict.fromkeys(ref.issue_key for ref in refs)
    found = Rescored(
        named=named,
        results=results,
        comparison=compare(earlier, later),
        reasons={},
        waiting={ref: why for ref, why in _unranked(changed, later).items() if ref.issue_key in named} if named else {},
        answers=said,
        workspace=changed,
        plan=None if rules else make_plan(changed, offline=True, read=results, allow=allow)[0],
    )
    told = [*named, *(move.issue.ref.issue_key for move in found.others[:explained])]
    return replace(found, reasons=reasons(told, before, after))


def let_pass(rescored: Rescored) -> Rescored:
    """The same with a plan that the guards which refused it let pass this once: somebody who saw it said so."""
    refused = {verdict.name for verdict in rescored.plan.refused} if rescored.plan else set()
    plan, _ = make_plan(rescored.workspace, offline=True, read=rescored.results, allow=refused)
    return replace(rescored, plan=plan)


def _known(workspace: Workspace, name: str) -> IssueRef:
    """An issue of the store: what was created since has no id that it could be read by."""
    try:
        ref = find_ref(workspace, name)
    except TrackersyncError as error:
        new = "if it is new, read everything that was touched: `trackersync rescore` without a name"
        raise TrackersyncError(error.message, hint=f"{error.hint}; {new}") from error
    if ref.tracker not in workspace.config.trackers:
        file = workspace.config.file
        raise TrackersyncError(f"{ref} is of the tracker {ref.tracker}, which {file} does not have any more")
    return ref


def _unranked(workspace: Workspace, ranking: Ranking) -> dict[IssueRef, str]:
    """The issues that have no rank, and why."""
    found = {each.issue.ref: each.detail for each in ranking.needs_input}
    for each in ranking.excluded:
        found[each.issue.ref] = f"the rule {each.rule} leaves it out" + (f": {each.because}" if each.because else "")
    for issue in read_issues(workspace):
        if issue.state_category is StateCategory.DONE:
            found[issue.ref] = f"it is done ({issue.state})"
    return found


def _read(
    workspace: Workspace, refs: Sequence[IssueRef], allow: Collection[str], progress: Progress
) -> tuple[PullResult, ...]:
    if refs:
        return pull_named(workspace, refs, allow=allow, progress=progress)
    return pull(workspace, allow=allow, progress=progress)


def _read_answers(workspace: Workspace, rules: Rules, answers: Sequence[tuple[str, str, str]]) -> tuple[Answer, ...]:
    from trackersync.scoring.answers import read_answer
    from trackersync.scoring.explain import find_issue

    if not answers:
        return ()
    issues = workspace.store.issues(list(workspace.config.trackers))
    return tuple(read_answer(rules, find_issue(issues, name), input_, text) for name, input_, text in answers)


def answers_kept(rescored: Rescored) -> tuple[list[Change], list[str]]:
    """The answers as changes to the trackers that keep these inputs, and in words why the others cannot be written."""
    from trackersync.scoring.answers import kept_in

    changes: list[Change] = []
    unkept: list[str] = []
    for answer in rescored.answers:
        source, ref = kept_in(rescored.workspace.config.rules, answer), answer.issue.ref
        why_not = _why_not_kept(rescored, answer.issue, source)
        if why_not is not None:
            unkept.append(f"{ref} {answer}: counts this once, and the next run does not know it: {why_not}")
        elif source is not None:
            changes += _kept(rescored.workspace, answer, source)
    return changes, unkept


def _why_not_kept(rescored: Rescored, issue: Issue, source: InputSource | None) -> str | None:
    planned = rescored.plan.trackers if rescored.plan else {}
    able = rescored.workspace.config.trackers[issue.ref.tracker].source.capabilities
    if source is None:
        return "the file does not say where this tracker keeps the input"
    if issue.ref.tracker not in planned:
        return "its tracker is not written to in this run"
    tidy = source.name.endswith("{value}") and source.name != "{value}"
    unable = {
        "label": "" if able.labels and tidy else f"labels like {source.name} cannot be told from others",
        "field": "" if able.fields else "fields of this tracker cannot be written",
        "issue_field": "" if able.fields else "fields of this tracker cannot be written",
        "project_field": "" if PROJECT_ITEM in issue.native_ids else "it is not on the project",
        "table": f"write it into {source.name}",
    }
    return unable.get(source.kind, f"a {source.kind} is not written to") or None


def _kept(workspace: Workspace, answer: Answer, source: InputSource) -> Iterator[Change]:
    target, after = _place(workspace, answer, source)
    before = current_value(answer.issue, target)
    if not same(before, after):
        reason = f"{answer}, answered by hand"
        yield Change(ref=answer.issue.ref, target=target, before=before, after=after, reason=reason)


def _place(workspace: Workspace, answer: Answer, source: InputSource) -> tuple[WriteTarget, Value]:
    from trackersync.scoring.answers import label_of

    if source.kind == "label":
        return WriteTarget("labels", source.name.removesuffix("{value}")), (label_of(source.name, answer),)
    target = WriteTarget("project_field" if source.kind == "project_field" else "field", source.name)
    if isinstance(answer.value, str):
        return target, _spelled(workspace, answer.issue.ref.tracker, target, answer.value)
    return target, int(answer.value) if answer.value.is_integer() else answer.value


def _spelled(workspace: Workspace, tracker: str, target: WriteTarget, word: str) -> str:
    """A word as other issues of the tracker have it: Jira takes options in their own upper and lower case only."""
    held = (current_value(issue, target) for issue in workspace.store.issues([tracker]))
    return next((text for text in held if isinstance(text, str) and text.casefold() == word.casefold()), word)


def with_answers(plan: Plan, changes: Sequence[Change]) -> Plan:
    """The plan that also writes these answers, before all else."""
    return replace(plan, changes=(*changes, *plan.changes))
