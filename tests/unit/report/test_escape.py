from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync.report.escape import csv_cell, json_text, markdown_cell, printable


@given(st.text())
def test_nothing_that_is_shown_drives_the_terminal_or_hides(text) -> None:
    shown = printable(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs"} for c in shown if c != "\u200d")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("plain", "plain"),
        ("ünï — 漢字", "ünï — 漢字"),
        ("a\nb\tc\r", "a b c "),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("\N{FAMILY}\u200d", "\N{FAMILY}\u200d"),
    ],
)
def test_ordinary_text_stays_and_the_rest_is_visible(sent, shown) -> None:
    assert printable(sent) == shown


@pytest.mark.parametrize("formula", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "  =1", "\t=1"])
def test_no_cell_is_taken_for_a_formula(formula) -> None:
    assert str(csv_cell(formula)).startswith("'")


def test_numbers_and_plain_text_stay_as_they_are_in_csv() -> None:
    assert [csv_cell(-3), csv_cell("a = b"), csv_cell(None)] == [-3, "a = b", None]


def test_markdown_has_no_cell_link_or_mention_of_its_own() -> None:
    cell = markdown_cell("a|b [x](y) <script> @team")
    assert cell == "a\\|b \\[x\\](y) \\<script\\> @\u200bteam"


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())))
def test_json_for_eyes_is_the_same_data_and_drives_no_terminal(document) -> None:
    text = json_text(document)
    assert json.loads(text) == document
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs"} for c in text if c not in "\n\u200d")


def test_json_keeps_the_letters_of_all_languages() -> None:
    assert json_text(["ünï — 漢字", "\x9b31m", "\x7f", "\u202e"]) == (
        '[\n "ünï — 漢字",\n "\\u009b31m",\n "\\u007f",\n "\\u202e"\n]'
    )
