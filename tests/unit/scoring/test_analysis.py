"""A formula tells by itself what it divides by and which way an input moves it."""

from __future__ import annotations

import pytest

from trackersync.scoring.analysis import direction, divisors
from trackersync.scoring.expressions import parse


def root(text):
    return parse(text, ["x", "y"]).root


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("x", 1),
        ("y", 0),
        ("x * y + 2", 1),
        ("y / x", -1),
        ("x / y", 1),
        ("y - x", -1),
        ("-x", -1),
        ("-(y - x)", 1),
        ("-2 * x", -1),
        ("-2 * x * -3", 1),
        ("-y * x", -1),
        ("-x * y", -1),
        ("-x * -y", 1),
        ("-2 / x", 1),
        ("x / -2", -1),
        ("-x / y", -1),
        ("3 / (y / x)", 1),
        ("least(x, greatest(y, 2))", 1),
        ("coalesce(ln(x), 0)", 1),
        ("x - x", None),
        ("x + y / x", None),
        ("abs(x)", None),
        ("CASE WHEN x > 1 THEN y END", None),
        ("CASE WHEN y > 1 THEN y END", 0),
    ],
)
def test_the_direction_of_an_input(text, sign):
    assert direction(root(text), "x") == sign


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x / y", ["y"]),
        ("1 / (x * y * 2)", ["x", "y"]),
        ("1 / (x + y)", []),
        ("greatest(x / y, 1 / x)", ["x", "y"]),
        ("x * y", []),
    ],
)
def test_what_a_formula_divides_by(text, names):
    assert sorted(divisors(root(text))) == names
