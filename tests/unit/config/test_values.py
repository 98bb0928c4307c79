from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from trackersync.config.values import (
    describe,
    parse_duration,
    parse_expression,
    parse_missing,
    parse_share,
    parse_version,
)


@pytest.mark.parametrize(
    ("written", "share"), [("5%", 0.05), ("12.5 %", 0.125), (0.05, 0.05), (0, 0), (1, 1), ("0%", 0), ("100%", 1)]
)
def test_a_share_is_a_percentage_or_a_part_of_one(written, share):
    assert parse_share(written) == pytest.approx(share)


@given(st.integers(0, 100))
def test_every_whole_percentage_is_that_many_hundredths(percent):
    assert parse_share(f"{percent}%") == percent / 100


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (5, "between 0% and 100%, found 5"),
        ("120%", "between 0% and 100%, found 120%"),
        (-0.1, "between 0% and 100%"),
        (float("nan"), "between 0% and 100%"),
        ("5", "expected a share such as 5% or 0.05, found the text '5'"),
        (True, "found true"),
        ([], "found a list"),
    ],
)
def test_what_is_no_share_is_refused(written, says):
    with pytest.raises(PydanticCustomError, match=says):
        parse_share(written)


@pytest.mark.parametrize(
    ("written", "duration"),
    [
        ("36h", timedelta(hours=36)),
        ("30d", timedelta(days=30)),
        ("4 w", timedelta(weeks=4)),
        ("0d", timedelta()),
        ("never", None),
    ],
)
def test_a_duration_has_a_unit_or_is_never(written, duration):
    assert parse_duration(written) == duration


@pytest.mark.parametrize(
    ("written", "hint"),
    [(30, "did you mean 30d?"), ("30", None), ("1m", None), (True, None), ({}, None), ("99999999999d", "write never")],
)
def test_what_is_no_duration_is_refused(written, hint):
    with pytest.raises(PydanticCustomError) as caught:
        parse_duration(written)
    assert caught.value.context["hint"] == hint


@pytest.mark.parametrize(("written", "text"), [(1.5, "1.5"), (10, "10"), (" least(a, 2) ", "least(a, 2)")])
def test_an_expression_is_text_or_a_number(written, text):
    assert parse_expression(written) == text


@pytest.mark.parametrize("written", [True, [], float("inf"), "  "])
def test_what_is_no_expression_is_refused(written):
    with pytest.raises(PydanticCustomError, match="expected a"):
        parse_expression(written)


@pytest.mark.parametrize("written", [1.0, True, "1", 2, 0])
def test_the_version_is_the_number_one(written):
    with pytest.raises(PydanticCustomError, match="must be 1"):
        parse_version(written)


@pytest.mark.parametrize(
    ("written", "hint"),
    [(3, "write {default: 3}"), ("blok", None), (True, None), ({}, None), ({"default": None}, None), ([], None)],
)
def test_what_is_no_missing_policy_is_refused(written, hint):
    with pytest.raises(PydanticCustomError) as caught:
        parse_missing(written)
    assert caught.value.context["hint"] == hint


def test_long_texts_are_shown_in_part():
    assert describe("x" * 100) == f"the text '{'x' * 40}…'"
    assert [describe(each) for each in (None, {}, (), 2)] == ["nothing", "a mapping", "a list", "the number 2"]
