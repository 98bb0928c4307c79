"""What holds of scoring for any issues, any rules and any text in the place of an expression."""

from __future__ import annotations

import math
import operator
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise

import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from trackersync.model import Direction, Issue, IssueRef, Link, StateCategory
from trackersync.scoring.columns import COLUMNS, Kind
from trackersync.scoring.engine import score
from trackersync.scoring.evaluate import Table, evaluate, read_column
from trackersync.scoring.explain import explain
from trackersync.scoring.expressions import Expression, ExpressionError, parse
from trackersync.scoring.frameworks import FRAMEWORKS
from trackersync.scoring.rules import (
    Add,
    Adjustment,
    Band,
    Cap,
    Exclude,
    Floor,
    Goal,
    HalfLife,
    Inherit,
    Input,
    InputSource,
    Missing,
    Multiply,
    Rules,
    Scale,
    Set,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
COUNT = 8
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

numbers = st.one_of(
    st.none(), st.integers(-5, 50), st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0.0, -0.0, 1e308])
)
links = st.lists(
    st.builds(
        Link,
        st.just("blocks"),
        st.sampled_from(Direction),
        st.integers(0, COUNT).map(lambda number: f"memory:K-{number}"),
    ),
    max_size=3,
).map(tuple)


@st.composite
def issue_lists(draw):
    return [
        Issue(
            ref=IssueRef(draw(st.sampled_from(["a", "b"])), "memory", str(number), f"K-{number}"),
            title=draw(st.text(max_size=5)),
            url=f"https://tracker.example/{number}",
            state="open",
            state_category=draw(st.sampled_from([*StateCategory, StateCategory.TODO])),
            created_at=NOW - timedelta(days=draw(st.integers(0, 2))),
            updated_at=NOW - timedelta(days=draw(st.integers(0, 900))),
            labels=draw(
                st.lists(st.sampled_from(["bug", "value/high", "value/3"]), max_size=2, unique=True).map(tuple)
            ),
            votes=draw(st.one_of(st.none(), st.integers(0, 9))),
            estimate=draw(numbers),
            fields={"value": draw(numbers), "effort": draw(numbers)},
            links=draw(links),
        )
        for number in range(draw(st.integers(0, COUNT)))
    ]


def source(name):
    return {"memory": InputSource("field", name)}


missing = st.sampled_from([Missing(), Missing("neutral"), Missing("worst"), Missing("default", 2)])
actions = st.sampled_from(
    [Multiply("1.5"), Multiply("votes"), Multiply("1e200"), Add("least(votes, 20)"), Add("estimate - 3"),
     HalfLife("idle_days", 90, 0.25), HalfLife("-estimate", 3), Inherit("blocks", 0.5), Inherit("blocks", 1),
     Set("votes * 9"), Cap("30"), Floor("votes"), Exclude()]
)  # fmt: skip
adjustments = st.lists(
    st.builds(
        Adjustment, name=st.just("step"), action=actions, when=st.sampled_from([None, "has_label('bug')", "votes > 3"])
    ),
    max_size=4,
).map(tuple)
bands = st.sampled_from(
    [
        (),
        (Band(name="P0", share=0.1), Band(name="P1", share=0.4), Band(name="P2")),
        (Band(name="P0", min_score=50), Band(name="P1", min_score=0), Band(name="P2")),
        (Band(name="P0", capacity=9), Band(name="P1", count=None)),
    ]
)


goals = st.lists(
    st.sampled_from(
        [Goal(name="bugs", weight=2, labels=("bug",)), Goal(name="loud", weight=0.5, when="votes > 4"),
         Goal(name="high", weight=1e200, labels=("value/%",))]
    ),
    max_size=2,
    unique=True,
).map(tuple)  # fmt: skip


@st.composite
def rule_sets(draw):
    return Rules(
        framework="formula",
        expression=draw(st.sampled_from(["value / effort", "value * value - effort", "value + ln(votes)", "votes"])),
        inputs=(
            Input(name="value", sources=source("value"), missing=draw(missing)),
            Input(name="effort", sources=source("effort"), scale=Scale(min=0.5), missing=draw(missing)),
        ),
        goals=draw(goals),
        adjustments=draw(adjustments),
        normalize=draw(st.sampled_from(["none", "percentile", "minmax"])),
        round=draw(st.integers(0, 4)),
        bands=draw(bands),
        hysteresis=draw(st.sampled_from([0, 2, 30])),
    )


def usable(rules):
    """`worst` needs a formula that tells which way is worse; the rest is valid as drawn."""
    return Rules(
        framework=rules.framework, expression="value / effort", inputs=rules.inputs, adjustments=rules.adjustments,
        goals=rules.goals,
        normalize=rules.normalize, round=rules.round, bands=rules.bands, hysteresis=rules.hysteresis,
    ) if any(used.missing.policy == "worst" for used in rules.inputs) else rules  # fmt: skip


rules_to_score = rule_sets().map(usable)


@CALM
@given(issues=issue_lists(), rules=rules_to_score, order=st.randoms(use_true_random=False))
def test_the_same_issues_in_any_order_give_the_same_list(issues, rules, order):
    shuffled = list(issues)
    order.shuffle(shuffled)
    before = {issue.ref.issue_key: "P1" for issue in issues[::2]}
    first, second = (score(given, rules, now=NOW, bands_before=before) for given in (issues, shuffled))
    assert first == second


@CALM
@given(issues=issue_lists(), rules=rules_to_score)
def test_every_open_issue_is_ranked_once_needs_input_or_is_left_out_and_scores_are_finite_and_fall(issues, rules):
    ranking = score(issues, rules, now=NOW)
    listed = [each.issue for each in (*ranking.ranked, *ranking.needs_input, *ranking.excluded)]
    wanted = [issue for issue in issues if issue.state_category is not StateCategory.DONE]
    assert sorted(issue.ref.issue_key for issue in listed) == sorted(issue.ref.issue_key for issue in wanted)
    assert [scored.rank for scored in ranking.ranked] == list(range(1, len(ranking.ranked) + 1))
    scores = [scored.score for scored in ranking.ranked]
    assert all(math.isfinite(value) for value in scores)
    assert all(above >= below for above, below in pairwise(scores))
    assert all(found.detail for found in ranking.needs_input)
    if rules.normalize != "none":
        assert all(0 <= value <= 100 for value in scores)


@CALM
@given(issues=issue_lists(), rules=rules_to_score)
def test_the_steps_of_every_explanation_add_up_exactly(issues, rules):
    for scored in score(issues, rules, now=NOW).ranked[:3]:
        explanation = explain(issues, rules, scored.issue.ref.issue_key, now=NOW)
        assert all(first.after == second.before for first, second in pairwise(explanation.steps))
        with localcontext(prec=2000):
            assert sum((step.delta for step in explanation.steps), Decimal(0)) == Decimal(repr(scored.score))


@CALM
@given(issues=issue_lists(), rules=rules_to_score)
def test_scoring_again_after_the_list_was_applied_changes_nothing(issues, rules):
    once = score(issues, rules, now=NOW)
    bands_before = {each.issue.ref.issue_key: each.band for each in once.ranked}
    assert score(issues, rules, now=NOW, bands_before=bands_before) == once


@CALM
@given(count=st.integers(0, 60), shares=st.lists(st.sampled_from([0.05, 0.1, 0.2, 0.25, 1 / 3]), max_size=3))
def test_a_band_by_share_holds_its_share_to_within_one_issue(count, shares):
    bands = tuple(Band(name=f"P{place}", share=share) for place, share in enumerate(shares))
    issues = [
        Issue(
            ref=IssueRef("a", "memory", str(number), f"K-{number}"), title="", url="", state="open", votes=number,
            state_category=StateCategory.TODO, created_at=NOW, updated_at=NOW,
        )
        for number in range(count)
    ]  # fmt: skip
    ranked = score(issues, Rules(framework="formula", expression="votes", bands=bands), now=NOW).ranked
    for band in bands:
        assert abs(sum(each.band == band.name for each in ranked) - band.share * count) <= 1


FALLING = {"effort", "job_size", "duration", "satisfaction"}


@st.composite
def framework_cases(draw):
    """A framework, what every input of it is, and one of them made better."""
    framework = draw(st.sampled_from([each for each in FRAMEWORKS.values() if each.inputs]))
    values = {each.name: draw(on_scale(each.scale)) for each in framework.inputs}
    better = draw(st.sampled_from(sorted(values)))
    other = draw(on_scale(framework.input(better).scale))
    improved = min(values[better], other) if better in FALLING else max(values[better], other)
    return framework.name, values, {**values, better: improved}


def on_scale(scale):
    if scale.steps:
        return st.sampled_from(scale.steps)
    low = 0.0 if scale.min is None else scale.min
    return st.floats(low, low + 1e6 if scale.max is None else scale.max)


@CALM
@given(case=framework_cases())
def test_every_framework_scores_no_lower_what_is_better_in_one_input(case):
    name, values, improved = case
    rules = Rules(
        framework=name, round=6, inputs=tuple(Input(name=each, sources=source(each), scale=Scale()) for each in values)
    )
    issues = [
        Issue(
            ref=IssueRef("a", "memory", str(number), f"K-{number}"), title="", url="", state="open", fields=fields,
            state_category=StateCategory.TODO, created_at=NOW, updated_at=NOW,
        )
        for number, fields in enumerate((values, improved))
    ]  # fmt: skip
    scores = {each.issue.ref.id: each.score for each in score(issues, rules, now=NOW).ranked}
    assert scores["1"] >= scores["0"]


words = st.sampled_from(
    [
        *COLUMNS, "least", "greatest", "round", "pow", "sqrt", "ln", "coalesce", "abs", "has_label", "label_like",
        "days_since", "(", ")", "(", ")", "+", "-", "*", "/", ",", "=", "<>", "<", ">=", "AND", "OR", "NOT", "IN",
        "LIKE", "BETWEEN", "IS", "NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "TRUE", "0", "1", "1e308", "-3.5",
        "'bug'", "'%x_'", "''", "SELECT", "FROM", "CAST", "AS", "--", "/*", ";", "::", "[", "]", "\\", '"', "'", "\x00",
        "__import__", "lambda", "é", "💥",
    ]
)  # fmt: skip
texts = st.one_of(
    st.text(max_size=60), st.lists(words, max_size=40).map(" ".join), st.lists(words, max_size=12).map("".join)
)


def compute(expression: Expression) -> pl.Series:
    issues = [
        Issue(
            ref=IssueRef("a", "memory", str(votes), f"K-{votes}"), title="x\ny", url="", state="open", labels=("bug",),
            state_category=StateCategory.TODO, created_at=NOW, updated_at=NOW, votes=votes, comments=votes,
        )
        for votes in (None, 0, 7)
    ]  # fmt: skip
    columns = {name: read_column(COLUMNS[name], issues, NOW) for name in expression.names}
    return evaluate(expression, Table(len(issues), columns)).values


@settings(CALM, max_examples=400)
@given(text=texts, wants=st.sampled_from([Kind.NUMBER, Kind.BOOLEAN]))
@example(text="(" * 1000 + "1" + ")" * 1000, wants=Kind.NUMBER)
@example(text="NOT " * 499 + "TRUE", wants=Kind.BOOLEAN)
@example(text="(CASE WHEN votes IN (" * 20 + "1,1,1,1" + ") THEN 1 END)" * 20, wants=Kind.NUMBER)
@example(text="1" + "-1" * 99, wants=Kind.NUMBER)
@example(text="pow(" * 19 + "10" + ", 99)" * 19, wants=Kind.NUMBER)
@example(text="title LIKE '" + "%a" * 900 + "'", wants=Kind.BOOLEAN)
@example(text="'\\' OR 1=1 --'", wants=Kind.BOOLEAN)
def test_any_text_is_refused_or_gives_finite_values(text, wants):
    expression, offset = parsed(text, wants)
    assert 0 <= offset <= len(text)
    if expression:
        values = compute(expression)
        assert len(values) == 3
        assert all(value is None or isinstance(value, bool) or math.isfinite(value) for value in values)


def parsed(text, wants):
    try:
        return parse(text, wants=wants), 0
    except ExpressionError as refused:
        return None, refused.offset


@CALM
@given(
    pattern=st.text(alphabet="ab%_.*[](){}^$\\|?+-&~# \n", max_size=12), title=st.text(alphabet="ab.\\\n*", max_size=8)
)
def test_a_pattern_matches_as_sql_says_whatever_characters_it_has(pattern, title):
    literal = pattern.replace("'", "''")
    expression = parse(f"title LIKE '{literal}'", wants=Kind.BOOLEAN)
    table = Table(1, {"title": pl.Series([title], dtype=pl.String)})
    assert evaluate(expression, table).values[0] == matches(pattern, title)


def matches(pattern: str, text: str) -> bool:
    """LIKE by its definition."""
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(matches(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in {"_", text[0]} and matches(pattern[1:], text[1:])


arithmetic = st.recursive(
    st.one_of(st.sampled_from(["votes", "comments"]), st.integers(0, 99).map(str)),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: "({} {} {})".format(*parts)),
        inner.map(lambda text: f"(-{text})"),
    ),
    max_leaves=8,
)


@CALM
@given(text=arithmetic, votes=st.one_of(st.none(), st.integers(0, 9)), comments=st.one_of(st.none(), st.integers(0, 9)))
def test_arithmetic_is_what_python_says_with_absent_values_left_out_of_sums_only(text, votes, comments):
    columns = {name: pl.Series([value], dtype=pl.Float64) for name, value in (("votes", votes), ("comments", comments))}
    result = evaluate(parse(text), Table(1, columns)).values[0]
    expected = by_definition(parse(text).root, {"votes": votes, "comments": comments})
    assert result == expected or math.isclose(result, expected, rel_tol=1e-9)


def by_definition(node, known):
    args = [by_definition(arg, known) for arg in node.args]
    there = [arg for arg in args if arg is not None]
    if not args:
        return known[node.value] if node.op == "name" else node.value
    if node.op == "+":
        return sum(there) if there else None
    if len(there) < len(args) or (node.op == "/" and not args[1]):
        return None
    python = {"-": operator.sub, "*": lambda *factors: math.prod(factors), "/": operator.truediv}
    return python.get(node.op, operator.neg)(*args)
