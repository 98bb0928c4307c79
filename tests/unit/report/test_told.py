"""Values as people read them."""

from __future__ import annotations

import pytest

from trackersync.report.tables import Table, markdown_table
from trackersync.report.told import value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (73.0, "73"),
        (0.0, "0"),
        (-8.0, "-8"),
        (16 / 3, "5.33333"),
        (2_500_000.0, "2500000"),
        (74, "74"),
        (True, "on it"),
        ("5.0", "5.0"),
        (None, "–"),
        (("a", "b"), "a b"),
        ("one\ntwo", "one …"),
    ],
)
def test_whole_numbers_have_no_point_and_others_six_digits(value, text) -> None:
    assert value_text(value) == text


def test_a_title_is_never_nothing_in_markdown() -> None:
    table = Table([("Title", "cut"), ("Why", "")], [("", ""), ("A title", "due")])
    assert markdown_table(table)[2:] == ["| (no title) |  |", "| A title | due |"]
