"""What a few issues tell of a place: whether an input is kept there, or something else."""

from datetime import UTC, datetime

import pytest

from trackersync.config.sampling import Held, fields_at, held
from trackersync.connector import FieldNames
from trackersync.scoring.frameworks import FRAMEWORKS

IMPACT = FRAMEWORKS["rice"].inputs[1]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def impacts(issue):
    """Four issues: two whose field and labels can be used, one where they cannot, one with nothing."""
    values = (2, "Low", "huge")
    labels = (("impact/high", "bug"), ("impact/0.5",), ("impact/huge",), ())
    fields = [*({"Impact": value} for value in values), {}]
    return [issue(n, labels=labels[n - 1], fields=fields[n - 1], project_fields=fields[n - 1]) for n in range(1, 5)]


@pytest.mark.parametrize(
    "place", [("field", "Impact"), ("project_field", "Impact"), ("issue_field", "Impact"), ("label", "impact/{value}")]
)
def test_values_are_judged_by_the_words_and_the_scale_of_the_input_wherever_they_are(impacts, place):
    found = held(impacts, IMPACT, place, NOW)
    assert (found.seen, found.fit, found.unfit) == (4, 2, 1)
    assert found.problem == "'huge' is none of massive, high, medium, low, minimal"


def test_no_issue_and_no_value_tell_nothing(impacts):
    assert held([], IMPACT, ("field", "Impact"), NOW) == Held(0, 0, 0)
    assert held(impacts, IMPACT, ("field", "Impakt"), NOW) == Held(4, 0, 0)


@pytest.mark.parametrize(
    ("found", "enough", "foreign"),
    [
        (Held(0, 0, 0), False, False),
        (Held(4, 2, 1), True, False),
        (Held(4, 1, 1), False, False),
        (Held(4, 1, 2), False, True),
    ],
)
def test_half_of_the_issues_are_enough_and_more_wrong_values_than_right_ones_are_something_else(found, enough, foreign):
    assert (found.enough, found.foreign) == (enough, foreign)


def test_the_fields_to_be_read_are_those_of_the_places():
    places = [("field", "A"), ("issue_field", "B"), ("project_field", "C"), ("label", "d/{value}")]
    assert fields_at(places) == FieldNames(frozenset("AB"), frozenset("C"))
