from __future__ import annotations

import json
import re
import sys
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


@pytest.mark.parametrize("title", ["foo;=1+1;bar", "a| @SUM(A1)", "x; -2"])
def test_no_cell_hides_a_formula_behind_a_separator_of_another_country(title) -> None:
    told = str(csv_cell(title))
    assert not any(cell.lstrip().startswith(tuple("=+-@")) for cell in told.replace("|", ";").split(";"))


def test_numbers_and_plain_text_stay_as_they_are_in_csv() -> None:
    assert [csv_cell(-3), csv_cell("a = b"), csv_cell(None)] == [-3, "a = b", None]


def test_whole_numbers_have_no_point_in_csv_and_all_are_exact() -> None:
    assert [str(csv_cell(each)) for each in (8.0, -0.0, 16 / 3, 0.1)] == ["8", "0", "5.333333333333333", "0.1"]
    assert [str(csv_cell(each)) for each in (1e300, float("inf"), float("nan"))] == ["1e+300", "inf", "nan"]


@pytest.mark.parametrize(
    "address", ["https://evil.example/x", "HTTP://evil.example", "www.evil.example", "a@evil.example"]
)
def test_no_address_becomes_a_link_in_markdown(address) -> None:
    cell = markdown_cell(f"see {address} now")
    assert not re.search(r"https?://|www\.|@\w", cell, re.IGNORECASE)
    assert cell.replace("\u200b", "").replace("\\", "") == f"see {address} now"


def test_markdown_has_no_cell_link_or_mention_of_its_own() -> None:
    cell = markdown_cell("a|b [x](y) <script> @team")
    assert cell == "a\\|b \\[x\\](y) \\<script\\> @\u200bteam"


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())))
def test_json_for_eyes_is_the_same_data_and_drives_no_terminal(document) -> None:
    text = json_text(document)
    assert json.loads(text) == document
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs"} for c in text if c not in "\n\u200d")


ODD = st.text(
    st.characters() | st.sampled_from("\x00\x1b\x7f\x85\xad\u061c\u200b\u200d\u2028\u202e\ud800\udfff\ue000\U000e0001")
)


def _each_character(document: object) -> str:
    """What `json_text` promises, character by character."""
    text = json.dumps(document, ensure_ascii=False, indent=1).replace("\x7f", "\\u007f")
    return "".join(c if c == "\n" or printable(c) == c else json.dumps(c)[1:-1] for c in text)


@given(st.recursive(ODD | st.floats(), lambda inner: st.lists(inner) | st.dictionaries(ODD, inner)))
def test_json_escapes_all_that_hides_or_drives_and_nothing_else(document) -> None:
    assert json_text(document) == _each_character(document)


def test_no_character_of_unicode_is_overlooked() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert json_text(every) == _each_character(every)
    assert printable(every) == "".join(map(printable, every))


def test_json_keeps_the_letters_of_all_languages() -> None:
    assert json_text(["ünï — 漢字", "\x9b31m", "\x7f", "\u202e"]) == (
        '[\n "ünï — 漢字",\n "\\u009b31m",\n "\\u007f",\n "\\u202e"\n]'
    )
