"""Our comment shows its text to the letter, pings nobody, and is known again by a mark that nobody sees."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trackersync_github.comment_text import MARK, body_of, text_of

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60) | st.lists(
    st.sampled_from(
        ["@ada", "#12", "GH-7", "- a", "1. b", "# c", "    d", "*e*", "<!--", "&#8203;", "\\", " ", "\n", "`"]
    )
).map("".join)


@given(texts)
@example("Priority P1, score 7.\n\n Because of @core: `x_y`\r\n&amp;")
def test_any_text_comes_back_as_it_was_written(text):
    assert text_of(body_of(text)) == text
    assert text_of(f"{body_of(text)}\n".replace("\n", "\r\n")) == text


@given(texts)
def test_nobody_is_pinged_and_no_other_issue_is_referred_to(text):
    assert re.search(r"@\w|(?<!&)#\d|\bGH-\d", body_of(text), re.IGNORECASE) is None


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Score 4.5.", "Score 4.5."),
        ("*a* <b> [c](d) ~~e~~ x_y | `f`", r"\*a\* \<b\> \[c\](d) \~\~e\~\~ x\_y \| \`f\`"),
        ("@ada and #12", "@&#8203;ada and #&#8203;12"),
        ("- a\n+ b\n1. c\n2) d\n3.5", "\\- a\n\n\\+ b\n\n1\\. c\n\n2\\) d\n\n3\\.5"),
        ("    code", "&#32;   code"),
    ],
)
def test_marks_of_markdown_are_escaped(text, body):
    assert body_of(text) == f"{body}\n\n{MARK}"


@pytest.mark.parametrize(
    "body", ["", MARK, "Thanks!", f"> quoted\n>\n> {MARK}", f"{MARK}\n\nand more", f"on the same line {MARK}"]
)
def test_what_bears_no_mark_of_its_own_is_not_ours(body):
    assert text_of(body) is None
