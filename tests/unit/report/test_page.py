"""The page's data stay data, whatever they say."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync.report.escape import markdown_link, web_address
from trackersync.report.html import _inside_script, made_at


@given(st.recursive(st.text() | st.integers(-(2**53), 2**53) | st.none(), st.lists))
def test_no_text_ends_the_element_it_is_in(value):
    inside = _inside_script(value)
    assert not re.search(r"<|\u2028|\u2029", inside)
    assert json.loads(inside) == value


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "file:///etc/passwd", "", "//x", "http://["]
)
def test_only_the_web_is_linked_to(url):
    assert web_address(url) == ""
    assert markdown_link("there", url) == "there"


def test_a_link_ends_where_it_should():
    assert markdown_link("a]b", "https://x.example/a)b|c d\n") == "[a\\]b](https://x.example/a%29b%7Cc%20d%0A)"


@given(st.text())
def test_what_is_no_report_was_made_at_no_time(text):
    assert made_at(text) is None


def test_a_report_tells_when_it_was_made():
    text = '<meta name="trackersync-made-at" content="2026-06-01T12:00:00+00:00">'
    assert made_at(text) == datetime(2026, 6, 1, 12, tzinfo=UTC)
