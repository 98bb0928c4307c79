"""Several questions are on their way at once, and nobody can tell by the answers."""

from __future__ import annotations

import threading
from itertools import count, islice

import pytest

from trackersync.transport.ahead import AT_ONCE, ahead


def test_answers_come_in_the_order_of_the_questions():
    assert list(ahead(lambda number: number * 2, range(100))) == list(range(0, 200, 2))
    assert list(ahead(str, [])) == []


def test_as_many_are_on_their_way_at_once_as_may_be():
    together = threading.Barrier(AT_ONCE, timeout=10)
    assert list(ahead(lambda number: together.wait() >= 0 and number, range(AT_ONCE * 2))) == list(range(AT_ONCE * 2))


def test_no_more_is_asked_than_a_few_ahead_of_what_is_taken():
    asked = []
    answers = ahead(lambda number: asked.append(number) or number, count())
    assert list(islice(answers, 3)) == [0, 1, 2]
    answers.close()
    assert len(asked) <= 3 + AT_ONCE


def test_an_error_comes_in_its_place_and_ends_the_asking():
    def ask(number):
        if number == 5:
            raise ValueError("five")
        return number

    answers = ahead(ask, count())
    assert list(islice(answers, 5)) == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="five"):
        next(answers)
    assert list(answers) == []
