"""The tracker's own words, made fit to be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync.transport.words import clean, duration, own_words, preview


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"message": "Bad credentials", "documentation_url": "x"}', "Bad credentials"),
        (
            b'{"message": "Invalid", "errors": [{"resource": "Label", "code": "already_exists", "field": "name"}]}',
            "Invalid; Label name already_exists",
        ),
        (
            b'{"message": "Problem", "errors": ["first", {"message": "second"}, {"message": "second"}]}',
            "Problem; first; second",
        ),
        (
            b'{"errorMessages": ["No such issue"], "errors": {"priority": "is not on the screen"}}',
            "No such issue; priority: is not on the screen",
        ),
        (b'{"error": "invalid_token", "error_description": "it expired"}', "invalid_token; it expired"),
        (b"<!doctype html><TITLE>\n Log in </TITLE>", "a page titled 'Log in'"),
        (b"<html></html>", "a page without a title"),
        (b"upstream connect error", "upstream connect error"),
        (b"", ""),
        (b"7", ""),
        (b"\xff\xfe", "��"),
        (b'{"message": "caf\xe9"}', '{"message": "caf�"}'),
        (b"[" * 100_000, "[" * 199 + "…"),
    ],
)
def test_the_trackers_words_are_found(body, words):
    assert own_words(body) == words


@given(st.binary())
def test_no_body_breaks_the_reading_of_it(body):
    assert len(own_words(body)) <= 500
    assert preview(body).isascii()


@given(st.text())
def test_what_is_shown_is_one_short_line_without_escapes(text):
    shown = clean(text, 20)
    assert len(shown) <= 20
    assert not any(char in shown for char in "\x1b\r\n\t\x00\u202e\u2028")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 s"), (45, "45 s"), (119.5, "2 min"), (600, "10 min"), (3600, "1 h"), (3901, "1 h 6 min")],
)
def test_durations_are_told_as_people_say_them(seconds, said):
    assert duration(seconds) == said
