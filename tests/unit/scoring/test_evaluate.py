"""Operations over all issues: what they give, what is absent, and that nothing else ever comes out."""

from __future__ import annotations

import math

import pytest

from trackersync.scoring.columns import COLUMNS, Kind
from trackersync.scoring.evaluate import Table, evaluate, read_column, series
from trackersync.scoring.expressions import parse

HUGE = 1e308


def table(**columns):
    height = len(next(iter(columns.values())))
    kinds = {"votes": Kind.NUMBER, "watchers": Kind.NUMBER, "due_in_days": Kind.NUMBER, "type": Kind.TEXT}
    return Table(height, {name: series(kinds[name], values) for name, values in columns.items()})


def values(text, wants=Kind.NUMBER, **columns):
    return evaluate(parse(text, wants=wants), table(**columns)).values.to_list()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("votes + watchers", [3.0, 1.0, 2.0, None]),
        ("votes - watchers", [-1.0, None, None, None]),
        ("votes * watchers", [2.0, None, None, None]),
        ("votes / watchers", [0.5, None, None, None]),
        ("-votes", [-1.0, -1.0, None, None]),
        ("least(votes, watchers)", [1.0, None, None, None]),
        ("greatest(votes, watchers)", [2.0, None, None, None]),
        ("pow(votes, watchers)", [1.0, None, None, None]),
        ("abs(votes - 3)", [2.0, 2.0, None, None]),
        ("coalesce(votes, watchers)", [1.0, 1.0, 2.0, None]),
        ("votes + watchers + 1", [4.0, 2.0, 3.0, 1.0]),
    ],
)
def test_a_sum_adds_up_what_is_there_and_everything_else_needs_all_its_parts(text, expected):
    assert values(text, votes=[1, 1, None, None], watchers=[2, None, 2, None]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("votes > 1 OR watchers > 1", [True, None, False]),
        ("votes > 1 AND watchers > 0", [True, None, False]),
        ("votes > 1 AND watchers > 1", [False, False, False]),
        ("NOT votes > 1", [False, None, True]),
        ("votes BETWEEN 1 AND 2", [True, None, False]),
        ("votes NOT BETWEEN 1 AND 2", [False, None, True]),
        ("votes IN (0, 7)", [False, None, True]),
        ("votes IS NULL", [False, True, False]),
        ("votes IS NOT NULL", [True, False, True]),
        ("votes <> 2", [False, None, True]),
        ("votes >= 2", [True, None, False]),
        ("votes <= 2", [True, None, True]),
        ("TRUE", [True, True, True]),
    ],
)
def test_conditions_decide_by_what_is_known(text, expected):
    assert values(text, Kind.BOOLEAN, votes=[2, None, 0], watchers=[1, 1, 1]) == expected


def test_case_takes_the_first_branch_that_holds():
    text = "CASE WHEN votes > 5 THEN 10 WHEN votes > 1 THEN 5 ELSE 1 END"
    assert values(text, votes=[9, 3, 0, None]) == [10.0, 5.0, 1.0, 1.0]
    assert values("CASE WHEN votes > 5 THEN 10 END", votes=[9, 0]) == [10.0, None]
    assert values("CASE type WHEN 'bug' THEN 1 END", type=["bug", "story", None]) == [1.0, None, None]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 / votes", "division by zero"),
        ("votes / votes", "division by zero"),
        ("ln(votes)", "logarithm"),
        ("log10(votes - 1)", "logarithm"),
        ("sqrt(votes - 1)", "square root"),
        ("pow(10, 400) + votes", "too large"),
        ("(1e308 + votes) * 10", "too large"),
        ("(1e308 + votes) / 0.0001", "too large"),
        ("least(pow(10, 400) + votes, 5)", "too large"),
    ],
)
def test_a_result_that_is_no_number_is_absent_and_the_reason_is_kept(text, reason):
    result = evaluate(parse(text), table(votes=[0]))
    assert reason in result.failures[0]


def test_a_condition_is_not_fooled_by_what_is_no_number():
    assert values("sqrt(votes) > 5", Kind.BOOLEAN, votes=[-1]) == [None]
    assert values("1 / votes > 5", Kind.BOOLEAN, votes=[0]) == [None]


def test_a_large_sum_stays_finite_or_absent():
    assert values("votes + watchers", votes=[HUGE, HUGE], watchers=[HUGE, 1]) == [None, HUGE]
    assert all(math.isfinite(value) for value in values("votes + watchers", votes=[HUGE], watchers=[1]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("has_label('BUG')", [True, False, False]),
        ("labels = 'bug'", [True, False, False]),
        ("labels <> 'bug'", [False, True, True]),
        ("labels IN ('x', 'area/ui')", [True, False, False]),
        ("label_like('area/%')", [True, False, False]),
        ("label_like('area_ui')", [True, False, False]),
        ("label_like('area')", [False, False, False]),
        ("labels LIKE 'a.ea%'", [False, False, False]),
        ("labels NOT LIKE '%ui'", [False, True, True]),
        ("labels IS NULL", [False, False, True]),
        ("has_label(type)", [True, None, None]),
        ("type LIKE 'b%'", [True, None, None]),
        ("coalesce(type, 'none') = 'None'", [False, True, True]),
        ("type < 'c'", [True, None, None]),
    ],
)
def test_a_list_is_what_any_of_its_texts_is(text, expected, issue, now):
    issues = [issue(labels=("Bug", "area/UI"), type="bug"), issue(labels=("x.y",)), issue()]
    expression = parse(text, wants=Kind.BOOLEAN)
    columns = {name: read_column(COLUMNS[name], issues, now) for name in expression.names}
    assert evaluate(expression, Table(3, columns)).values.to_list() == expected


def test_nothing_at_all_is_no_trouble():
    for text in ("votes + 1", "least(votes, 2)", "CASE WHEN votes > 1 THEN 1 END", "3"):
        assert evaluate(parse(text), table(votes=[])).values.to_list() == []
