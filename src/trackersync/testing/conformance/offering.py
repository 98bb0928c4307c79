"""What a tracker offers to be chosen from: it is true, nothing is there twice, and looking for it changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from trackersync.connector import FieldNames, InputKind, Offer, Offers, Source
from trackersync.testing.conformance.check import Checks, pulled, seeds
from trackersync.testing.conformance.reading import MOST_AT_START
from trackersync.testing.double import TrackerDouble

_OF_ISSUES: tuple[InputKind, ...] = ("field", "issue_field")


class OfferChecks(Checks):
    """What `offers` promises; a connector need not offer anything."""

    @pytest.fixture
    def undecided(self, connector: Source) -> Source:
        """The connector while nothing that it offers is chosen; supplied where `connector` has a board or project."""
        return connector

    @pytest.fixture
    def stages(self, connector: Source, undecided: Source) -> list[Source]:
        """The connector before and after a choice."""
        return [undecided] if undecided is connector else [undecided, connector]

    def test_offered_settings_are_accepted(self, tracker: TrackerDouble, stages: list[Source]) -> None:
        tracker.seed(seeds(1))
        for source in stages:
            refusals = [_refusal(source, offer) for offer in source.offers().settings]
            assert [refusal for refusal in refusals if refusal] == []

    def test_offered_kinds_of_fields_are_read(self, tracker: TrackerDouble, stages: list[Source]) -> None:
        tracker.seed(seeds(1))
        for source in stages:
            assert source.offers().fields.keys() <= source.capabilities.reads

    def test_offered_fields_can_be_read(self, tracker: TrackerDouble, stages: list[Source]) -> None:
        tracker.seed(seeds(1))
        for source in stages:
            wanted = _all_of(source.offers())
            assert len(pulled(_wanting(source, wanted))) == 1

    def test_nothing_is_offered_twice(self, tracker: TrackerDouble, stages: list[Source]) -> None:
        tracker.seed(seeds(1))
        for source in stages:
            assert _twice(source.offers()) == []

    def test_offering_sends_no_write(self, tracker: TrackerDouble, stages: list[Source]) -> None:
        tracker.seed(seeds(3))
        for source in stages:
            source.offers()
        assert [request for request in tracker.requests if request.write] == []

    def test_offering_stays_in_request_budget(self, tracker: TrackerDouble, stages: list[Source]) -> None:
        tracker.seed(seeds(tracker.page_size * 3))
        for source in stages:
            before = len(tracker.requests)
            source.offers()
            assert len(tracker.requests) - before <= MOST_AT_START


def _refusal(source: Source, offer: Offer) -> str:
    """Why the tracker's section does not take what is offered; empty where it does."""
    section = source.settings.model_dump(mode="json", exclude_unset=True)
    try:
        source.Settings.model_validate({**section, offer.setting: offer.value})
    except ValidationError as error:
        return f"{offer}: {error}"
    return ""


def _all_of(offers: Offers) -> FieldNames:
    """Every field that is offered, as a file would want it that kept an input in each."""
    issues = (name for kind in _OF_ISSUES for name in offers.fields.get(kind, ()))
    return FieldNames(fields=frozenset(issues), project_fields=frozenset(offers.fields.get("project_field", ())))


def _wanting(source: Source, wanted: FieldNames) -> Source:
    return type(source)(source.tracker, source.settings, transport=source.transport, env=source.env, wanted=wanted)


def _twice(offers: Offers) -> list[tuple[str, Any]]:
    """What stands there more than once: a value for one setting, or a name among the fields of one kind."""
    everything: list[tuple[str, Any]] = [(offer.setting, offer.value) for offer in offers.settings]
    everything += [(kind, name) for kind, names in offers.fields.items() for name in names]
    return [one for one in everything if everything.count(one) > 1]
