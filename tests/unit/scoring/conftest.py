"""Rules in few words, issues that are worth what a test says, and what becomes of them."""

from __future__ import annotations

import pytest

from trackersync.scoring.calculation import calculate
from trackersync.scoring.engine import score
from trackersync.scoring.rules import Adjustment, Input, InputSource, Rules


@pytest.fixture
def field():
    """An input that is read from the field of its name."""
    return lambda name, **changes: Input(name=name, sources={"memory": InputSource("field", name)}, **changes)


@pytest.fixture
def formula(field):
    """Rules whose formula is the field `value`, unless they say otherwise."""

    def make(expression="value", *inputs, **changes):
        return Rules(framework="formula", expression=expression, inputs=inputs or (field("value"),), **changes)

    return make


@pytest.fixture
def adjust():
    """One adjustment for each action, all under the same condition."""

    def make(*actions, when=None):
        return tuple(Adjustment(name=f"step {n}", action=each, when=when) for n, each in enumerate(actions, 1))

    return make


@pytest.fixture
def worth(issue):
    """One issue for each value: a number for `value`, or all of its fields."""

    def make(*values, **changes):
        fields = [value if isinstance(value, dict) else {"value": value} for value in values]
        return [issue(number, fields=each, **changes) for number, each in enumerate(fields, start=1)]

    return make


@pytest.fixture
def scores(now):
    """The score by key of every ranked issue, first to last."""

    def compute(rules, issues):
        return {scored.issue.ref.key: scored.score for scored in score(issues, rules, now=now).ranked}

    return compute


@pytest.fixture
def calculated(now):
    """A calculation, with the bands of before by the issue's number."""

    def compute(rules, issues, **before):
        bands = {("core", number): band for number, band in before.items()}
        return calculate(issues, rules, now=now, bands_before=bands)

    return compute
