"""Every error has a place in one documented tree, and says what happened and what to do next."""

import inspect
import re

import pytest

from trackersync import errors
from trackersync.errors import ConfigError, GuardError, GuardVerdict, Problem, RateLimitError, TrackersyncError


def tree(error=TrackersyncError):
    yield error
    for child in error.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from tree(child)


@pytest.mark.parametrize("error", list(tree()), ids=lambda error: error.__name__)
def test_every_error_is_named_one_documented_and_drawn_in_the_tree(error):
    assert error.__name__.endswith("Error")
    assert inspect.getdoc(error)
    assert error.__doc__ != Exception.__doc__
    assert re.search(rf"\b{error.__name__}\b", errors.__doc__)


def test_the_drawn_tree_is_the_real_one():
    above, drawn = {}, {}
    for lead, name in re.findall(r"^([ │├└─]*)(\w+Error)\b", inspect.cleandoc(errors.__doc__), re.MULTILINE):
        above[len(lead)] = name
        drawn[name] = above.get(len(lead) - len("├── "))
    assert drawn == {error.__name__: error.__base__.__name__ for error in tree()} | {"TrackersyncError": None}


def test_an_error_carries_its_message_and_its_way_out():
    error = errors.AuthError("the token expired", hint="renew it", tracker="web", host="github.com", status=401)
    assert (str(error), error.message, error.hint) == ("the token expired", "the token expired", "renew it")
    assert (error.tracker, error.host, error.ref, error.status) == ("web", "github.com", None, 401)


def test_a_limit_says_how_long_to_wait_and_a_broken_connection_whether_it_was_sent():
    assert RateLimitError("slow down", retry_after=30.0).retry_after == 30.0
    assert errors.UnavailableError("gone").sent
    assert not errors.UnavailableError("refused", sent=False).sent


def test_problems_are_told_with_file_line_key_and_hint():
    problem = Problem("unknown framework 'RISE'", path=("scoring", "inputs", 0), line=7, hint="did you mean rice?")
    assert problem.render("a.yaml") == "a.yaml:7: scoring.inputs.0: unknown framework 'RISE' (did you mean rice?)"
    assert Problem("is empty").render("a.yaml") == "a.yaml: is empty"
    error = ConfigError([problem, Problem("is empty")], file="a.yaml")
    assert str(error).splitlines() == [problem.render("a.yaml"), "a.yaml: is empty"]
    assert error.problems == (problem, Problem("is empty"))


def test_a_guard_s_refusal_names_the_switch_that_allows_it():
    error = GuardError([GuardVerdict("max_changes", "6000 issues"), GuardVerdict("max_shrink", "40 % fewer")])
    assert str(error).count("refused by guard") == 2
    assert "--allow max_changes --allow max_shrink" in error.hint
