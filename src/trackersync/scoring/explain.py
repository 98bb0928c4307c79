"""How an issue came to its score: every input, the formula with its numbers, and one step for each thing done since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from trackersync.errors import TrackersyncError
from trackersync.model import Issue, IssueKey, StateCategory, Value
from trackersync.scoring.calculation import Calculation, calculate, names_of
from trackersync.scoring.engine import needs_input
from trackersync.scoring.expressions import nearest
from trackersync.scoring.gaps import InputColumn, is_missing
from trackersync.scoring.rules import Rules
from trackersync.scoring.steps import Step, filled, steps_of

_NO_BANDS: Mapping[IssueKey, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class InputUse:
    """One input or column as it counted: its value, what the tracker holds, and where that is kept."""

    name: str
    value: float | str | tuple[str, ...] | None
    raw: Value
    origin: str
    """`label impact/high`, `project field Reach`, `default 1, because it is missing`, `built in`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything about one issue's place; `score`, `rank` and `band` are None where it has none."""

    issue: Issue
    inputs: tuple[InputUse, ...]
    formula: str
    filled: str
    """The formula with numbers in the places of names."""
    steps: tuple[Step, ...]
    score: float | None
    rank: int | None
    band: str | None
    ranked: int
    """How many issues are ranked in all."""
    missing: tuple[str, ...] = ()
    detail: str = ""
    """Why there is no score."""


def explain(
    issues: Sequence[Issue],
    rules: Rules,
    ref_text_or_key: str | IssueKey,
    *,
    now: datetime,
    bands_before: Mapping[IssueKey, str] = _NO_BANDS,
) -> Explanation:
    """Explain one issue, named by ref, by key, by URL or by (tracker, id), among all with which it is ranked.

    Raises `TrackersyncError` where no issue has that name or several have it, `ConfigError` for rules that
    `check_rules` refuses.
    """
    issue = find_issue(issues, ref_text_or_key)
    calculation = calculate(issues, rules, now=now, bands_before=bands_before)
    if issue.state_category is StateCategory.DONE:
        return _closed(issue, calculation)
    row = next(row for row, other in enumerate(calculation.issues) if other.ref.issue_key == issue.ref.issue_key)
    return _explain(calculation, row)


def find_issue(issues: Sequence[Issue], name: str | IssueKey) -> Issue:
    """The issue of this ref (`github:acme/web#12`), key (`acme/web#12`), URL or (tracker, id)."""
    if isinstance(name, tuple):
        found = [issue for issue in issues if issue.ref.issue_key == name]
        wanted = " ".join(name)
    else:
        wanted = name.strip()
        folded = wanted.casefold().rstrip("/")
        found = [issue for issue in issues if folded in {text.casefold().rstrip("/") for text in _names(issue)}]
    if len(found) == 1:
        return found[0]
    if found:
        trackers = ", ".join(sorted(issue.ref.tracker for issue in found))
        raise TrackersyncError(f"{wanted} is an issue of several trackers: {trackers}", hint="name it by its full ref")
    near = nearest(wanted, (str(issue.ref) if ":" in wanted else issue.ref.key for issue in issues))
    hint = f"did you mean {near}?" if near else "pull first, or look whether the tracker's selection leaves it out"
    raise TrackersyncError(f"no issue {wanted} in the snapshot", hint=hint)


def _names(issue: Issue) -> tuple[str, str, str]:
    return (str(issue.ref), issue.ref.key, issue.url)


def _closed(issue: Issue, calculation: Calculation) -> Explanation:
    text = calculation.formula.text
    return Explanation(
        issue=issue, inputs=(), formula=text, filled=text, steps=(), score=None, rank=None, band=None,
        ranked=len(calculation.order), detail=f"it is done ({issue.state}), and only open issues are ranked",
    )  # fmt: skip


def _explain(calculation: Calculation, row: int) -> Explanation:
    score = calculation.scores[row]
    lacking = needs_input(calculation, row) if score is None else None
    return Explanation(
        issue=calculation.issues[row],
        inputs=tuple(_uses(calculation, row)),
        formula=calculation.formula.text,
        filled=filled(calculation, calculation.formula, row),
        steps=() if score is None else tuple(steps_of(calculation, row)),
        score=score,
        rank=None if score is None else calculation.order.index(row) + 1,
        band=calculation.bands.get(row),
        ranked=len(calculation.order),
        missing=lacking.missing if lacking else (),
        detail=lacking.detail if lacking else "",
    )


def _uses(calculation: Calculation, row: int) -> Iterator[InputUse]:
    """What the formula uses, then what only the adjustments use."""
    inputs = list(calculation.inputs)
    names = dict.fromkeys(name for name, _, _ in calculation.formula.spans)
    for adjustment in calculation.rules.adjustments:
        names |= dict.fromkeys(sorted(names_of(adjustment, [used.name for used in calculation.rules.inputs])))
    for name in names:
        if name in inputs:
            yield _use(name, calculation.inputs[name], row)
        else:
            cell = calculation.table.columns[name][row]
            yield InputUse(name, _plain(cell), _plain(cell), "built in")


def _plain(cell: object) -> float | str | tuple[str, ...] | None:
    if cell is None or isinstance(cell, float | str):
        return cell
    assert hasattr(cell, "__iter__"), "columns hold numbers, texts and lists of texts"
    return tuple(cell)


def _use(name: str, column: InputColumn, row: int) -> InputUse:
    reading = column.readings[row]
    origin = reading.origin
    if is_missing(reading) and column.stand_in is not None:
        words = {"default": "the default", "neutral": "the middle of what the others have", "worst": "the worst value"}
        origin = f"{words[column.used.missing.policy]}, because it is missing ({reading.origin})"
    return InputUse(name, column.values[row], reading.raw, origin)
