"""A plugin's author sees what differed, and what is missing."""

import pytest
from _pytest.assertion.rewrite import AssertionRewritingHook

from trackersync.testing import SourceConformance, conformance
from trackersync.testing.conformance import commenting, offering, ordering, placing, reading, writing


@pytest.mark.parametrize("module", [conformance, commenting, offering, ordering, placing, reading, writing])
def test_failing_checks_show_both_sides(module):
    assert isinstance(module.__spec__.loader, AssertionRewritingHook)


@pytest.mark.parametrize("fixture", ["tracker", "connector"])
def test_a_fixture_that_is_not_supplied_is_named(fixture):
    supplied = getattr(SourceConformance, fixture).__wrapped__
    with pytest.raises(NotImplementedError, match=f"supply the fixture `{fixture}`"):
        supplied(SourceConformance(), **({} if fixture == "tracker" else {"tracker": None}))
