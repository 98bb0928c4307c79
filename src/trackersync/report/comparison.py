"""Two sets of rules on the same issues, for people: what it comes to in a few sentences, then lists and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from trackersync.report.escape import markdown_cell
from trackersync.report.ranking import score_text
from trackersync.report.tables import Table, many, markdown_list, markdown_table
from trackersync.scoring.rule_changes import changes_of

if TYPE_CHECKING:
    from trackersync.scoring.attribution import Cause
    from trackersync.scoring.comparison import Comparison, Move, RulesCompared, Unmatched


class Section(Struct, frozen=True):
    """A heading with a table below, or a list where there is but one column."""

    heading: str
    table: Table


def summary(compared: RulesCompared) -> str:
    """What it comes to, in a few sentences."""
    comparison = compared.comparison
    if not comparison.moves and not comparison.left and not comparison.joined:
        return "There is nothing to compare: neither ranks any issue."
    if not comparison.changed:
        return f"Nothing moves: {_issues(len(comparison.moves))}, each with the rank, score and band that it had."
    return " ".join((_moving(compared), *_order(comparison), *_coming_and_going(comparison)))


def _moving(compared: RulesCompared) -> str:
    comparison, band = compared.comparison, compared.first_band
    rebanded = sum(move.before.band != move.after.band for move in comparison.moves)
    said = [f"{len(comparison.moved):,} of {_issues(len(comparison.moves))} change places"]
    if band is not None:
        joins, leaves = len(comparison.into(band)), len(comparison.out_of(band))
        said.append(f"{rebanded:,} change bands, of them {joins:,} into {band} and {leaves:,} out of it")
    return f"{'; '.join(said)}."


def _order(comparison: Comparison) -> Iterator[str]:
    if comparison.tau is not None and comparison.moved:
        keep = _percent((1 + comparison.tau) / 2)
        yield f"The order is {likeness(comparison.tau)}: in {keep} of all pairs of issues the same one goes first."


def _coming_and_going(comparison: Comparison) -> Iterator[str]:
    left, joined = len(comparison.left), len(comparison.joined)
    if left:
        yield f"{_issues(left)} would no longer be ranked."
    if joined:
        yield f"{_issues(joined)} would be newly ranked."


_LIKENESS = (
    (1.0, "the same"),
    (0.9, "nearly the same"),
    (0.7, "much the same"),
    (0.4, "alike in the large only"),
    (0.1, "very different"),
    (-0.1, "as different as after a shuffle"),
    (-0.9, "rather the opposite"),
    (-1.0, "nearly the opposite"),
)


def likeness(tau: float) -> str:
    """Kendall's tau in plain words."""
    return "the opposite" if tau == -1 else next(words for least, words in _LIKENESS if tau >= least)


def sections(compared: RulesCompared, *, top: int, rules_first: bool) -> Iterator[Section]:
    """Everything that there is to tell; of lists the first `top`."""
    comparison, band = compared.comparison, compared.first_band
    changes = [(change,) for change in changes_of(compared.before, compared.after)]
    rules = Section("What changes in the rules", Table([("", "")], changes or [("Nothing.",)]))
    if rules_first:
        yield rules
    if comparison.flows:
        yield Section("How much moves", Table([("What", ""), ("Number", "right")], list(_measures(comparison))))
    if comparison.flows and band is not None:
        yield _flows(compared)
        yield from _moving_section(f"What comes into {band}", compared, comparison.into(band), top)
        yield from _moving_section(f"What leaves {band}", compared, comparison.out_of(band), top)
    yield from _moving_section("What moves furthest", compared, comparison.moved, top)
    yield from _unmatched("No longer ranked", comparison.left, top)
    yield from _unmatched("Newly ranked", comparison.joined, top)
    if not rules_first:
        yield rules


def _measures(comparison: Comparison) -> Iterator[tuple[str, str]]:
    yield "issues ranked before and after", f"{len(comparison.moves):,}"
    yield "… that change places", f"{len(comparison.moved):,}"
    for overlap in comparison.overlaps:
        yield f"… of the first {overlap.first}, still among them", f"{overlap.shared}"
    if comparison.tau is not None and comparison.rho is not None:
        yield "pairs of issues in the same order", _percent((1 + comparison.tau) / 2)
        yield "rank correlation, Kendall's tau (1: the same order, 0: shuffled)", f"{comparison.tau:.3f}"
        yield "rank correlation, Spearman's rho (the same, far moves counting more)", f"{comparison.rho:.3f}"


def _flows(compared: RulesCompared) -> Section:
    """From the bands before, a row each, to the bands after, a column each; what stays is in brackets."""
    flows = compared.comparison.flows
    befores = _bands([band.name for band in compared.before.bands], [before for before, _ in flows])
    afters = _bands([band.name for band in compared.after.bands], [after for _, after in flows])

    def cell(before: str | None, after: str | None) -> str:
        count = flows.get((before, after), 0)
        return "·" if not count else f"({count:,})" if before == after else f"{count:,}"

    def total(place: int, band: str | None) -> str:
        return f"{sum(count for pair, count in flows.items() if pair[place] == band):,}"

    columns = [("from ↓ to →", ""), *((band_name(after), "right") for after in afters), ("in all", "right")]
    rows = [(band_name(each), *(cell(each, after) for after in afters), total(0, each)) for each in befores]
    rows.append(("in all", *(total(1, after) for after in afters), f"{sum(flows.values()):,}"))
    return Section("From band to band (in brackets: those that stay)", Table(columns, rows))


def _bands(names: Sequence[str], found: Sequence[str | None]) -> list[str | None]:
    """The bands as the rules order them, then what else there is, last those that are not ranked."""
    others = sorted({each for each in found if each is not None})
    return list(dict.fromkeys([*names, *others, *([None] * (None in found))]))


def band_name(name: str | None) -> str:
    """A band as people read it; None: not ranked."""
    return "not ranked" if name is None else name or "no band"


def _moving_section(heading: str, compared: RulesCompared, moves: Sequence[Move], top: int) -> Iterator[Section]:
    if not moves:
        return
    normalised = {compared.before.normalize, compared.after.normalize} != {"none"}
    reason = f"Why (points{' before they are normalised' if normalised else ''})"
    columns = [*MOVE_COLUMNS, (reason, "")]
    rows = [(*move_cells(move), why(move, compared.causes.get(move.issue.ref.issue_key))) for move in moves[:top]]
    yield Section(_limited(heading, len(moves), top), Table(columns, rows))


MOVE_COLUMNS = (("Issue", ""), ("Title", "cut"), ("Rank", "right"), ("Band", ""), ("Score", "right"))


def move_cells(move: Move) -> tuple[str, ...]:
    """One issue from where to where, under `MOVE_COLUMNS`."""
    return (
        str(move.issue.ref),
        move.issue.title,
        arrow(f"{move.before.rank:,}", f"{move.after.rank:,}"),
        arrow(band_name(move.before.band), band_name(move.after.band)),
        arrow(score_text(move.before), score_text(move.after)),
    )


def arrow(before: str, after: str) -> str:
    """What it was and what it is, where that differs."""
    return before if before == after else f"{before} → {after}"


def _limited(heading: str, count: int, top: int) -> str:
    return f"{heading} ({_issues(count)}{f', the first {top}' if count > top else ''})"


def _unmatched(heading: str, issues: Sequence[Unmatched], top: int) -> Iterator[Section]:
    if not issues:
        return
    columns = [("Issue", ""), ("Title", "cut"), ("Rank", "right"), ("Band", ""), ("Why", "")]
    rows = [
        (str(place.issue.ref), place.issue.title, f"{place.rank:,}", band_name(place.band), each.why)
        for each in issues[:top]
        for place in [each.place]
    ]
    yield Section(_limited(heading, len(issues), top), Table(columns, rows))


def why(move: Move, cause: Cause | None) -> str:
    """What moved an issue: the part of the rules, what it adds to the score, and what that does to it and others."""
    if cause is None:
        return "it keeps its place, and the bands move" if move.before.band != move.after.band else "it keeps its place"
    inputs = [f"{each.name} counts as {_instead(each.before, each.after, signed=False)}" for each in cause.inputs]
    counts = f" ({', '.join(inputs)})" if inputs else ""
    if cause.others == 1:
        theirs = f"the issue that {'it passes' if move.places > 0 else 'passes it'} {_gain(cause.others_points, 's')}"
    else:
        whom = f"the {_issues(cause.others)} that {'it passes' if move.places > 0 else 'pass it'}"
        theirs = f"{whom} {_gain(cause.others_points)} on average"
    return f"{_part(cause)}{counts}: it {_gain(cause.points, 's')}, {theirs}"


def _gain(points: float, ending: str = "") -> str:
    text = _number(abs(points), signed=False)
    if text == "0":
        return f"gain{ending} nothing"
    verb = "gain" if points > 0 else "lose"
    return f"{verb}{ending} {text}"


def _part(cause: Cause) -> str:
    kind, names = cause.part.kind, cause.part.names
    if kind == "order":
        return "the order of the rules"
    term = ", ".join(names) or "the constant of the formula"
    words = {"formula": "the formula", "term": term, "goals": "the goals", "class": "the classes"}
    called = words.get(kind) or f"rule {names[0]}"
    return f"{called} {_instead(cause.before, cause.after, signed=kind not in {'formula', 'term'})}"


def _instead(before: float | None, after: float | None, *, signed: bool = True) -> str:
    was, now = (None if each is None else _number(each, signed=signed) for each in (before, after))
    if was is None:
        return f"{now}, new"
    if now is None:
        return f"gone, was {was}"
    return f"{now} as before" if was == now else f"{now} instead of {was}"


_DIGITS = ((1000.0, 0), (100.0, 1), (0.1, 2), (0.0, 4))


def _number(value: float, *, signed: bool = True) -> str:
    digits = next(digits for least, digits in _DIGITS if abs(value) >= least)
    text = f"{value:{'+' if signed else ''},.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits else text
    return text.replace("-", "−")


def _percent(share: float) -> str:
    """One digit after the point, and never all or nothing where it is not quite."""
    text = f"{share:.1%}"
    if text == "100.0%":
        return "100%" if share == 1 else "more than 99.9%"
    return "less than 0.1%" if text == "0.0%" and share else text


def _issues(count: int) -> str:
    return many(count, "issue")


def render_markdown(title: str, compared: RulesCompared, *, top: int, rules_first: bool) -> str:
    """For a pull request: a heading, what it comes to, and a section each."""
    lines = [f"## {markdown_cell(title)}", "", f"**{markdown_cell(summary(compared))}**"]
    for section in sections(compared, top=top, rules_first=rules_first):
        table = section.table
        body = markdown_table(table) if len(table.columns) > 1 else markdown_list(row[0] for row in table.rows)
        lines += ["", f"### {markdown_cell(section.heading)}", "", *body]
    return "\n".join(lines) + "\n"
