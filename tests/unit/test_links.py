"""Links stated in an issue's text are found where people write them, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync.links import stated_links
from trackersync.model import Direction, Link

CORE_7 = "https://jira.acme.example/browse/CORE-7"


def blocks(target):
    return Link("blocks", Direction.OUTWARD, target)


def blocked_by(target):
    return Link("blocks", Direction.INWARD, target)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Blocks jira:CORE-7", [blocks("jira:CORE-7")]),
        ("blocked by github:acme/web#12", [blocked_by("github:acme/web#12")]),
        (f"Depends on: {CORE_7}.", [blocked_by(CORE_7)]),
        (f"- Blocked by [CORE-7]({CORE_7})", [blocked_by(CORE_7)]),
        (f"> * depends on <{CORE_7}>", [blocked_by(CORE_7)]),
        ("Blocks jira:CORE-7, jira:CORE-8 and github:acme/web#1", ["jira:CORE-7", "jira:CORE-8", "github:acme/web#1"]),
        ("some text\r\nBlocks jira:CORE-7\r\nmore", [blocks("jira:CORE-7")]),
    ],
)
def test_a_statement_on_its_own_line_is_a_link(text, expected):
    assert list(stated_links(text)) == [blocks(link) if isinstance(link, str) else link for link in expected]


@pytest.mark.parametrize(
    "text",
    ["", "This blocks everybody", "The outage blocks jira:CORE-7 they say", "Blocks the release", "Blocksjira:CORE-7",
     "relates to jira:CORE-7", "Blocks\njira:CORE-7"],
)  # fmt: skip
def test_prose_is_no_statement(text):
    assert stated_links(text) == ()


def test_a_link_stated_twice_counts_once_and_order_is_kept():
    text = "Blocks jira:CORE-8\nBlocks jira:CORE-7\n* blocks jira:CORE-8\nBlocked by jira:CORE-8"
    assert stated_links(text) == (blocks("jira:CORE-8"), blocks("jira:CORE-7"), blocked_by("jira:CORE-8"))


@given(st.text())
def test_any_text_is_read_without_complaint(text):
    assert len(set(stated_links(text))) == len(stated_links(text))


@pytest.mark.parametrize("text", ["Blocks " + "a-" * 200_000, "Blocks a:" + "x-" * 200_000, "Blocks" + " " * 400_000])
def test_hostile_text_is_read_in_time_linear_in_its_length(text):
    # With quadratic time this test would take minutes, not milliseconds.
    assert stated_links(text) == ()
