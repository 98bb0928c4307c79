"""Making a connector: no request, no secret shown, no unknown setting taken, no secret missing unnoticed."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest
from pydantic import ValidationError

from trackersync.connector import Source
from trackersync.errors import ConfigError
from trackersync.testing.conformance.check import Checks
from trackersync.testing.double import TrackerDouble


class ConstructionChecks(Checks):
    """What holds before anything is read."""

    @pytest.fixture
    def registered(self, connector: Source) -> list[type]:
        """The classes that installed distributions announce under the connector's kind."""
        return [point.load() for point in entry_points(group="trackersync.connectors", name=connector.kind)]

    def test_kind_matches_entry_point(self, connector: Source, registered: list[type]) -> None:
        assert len(registered) == 1, f"entry points named {connector.kind!r} in trackersync.connectors: {registered}"
        assert isinstance(connector, registered[0])

    def test_construction_makes_no_request(self, tracker: TrackerDouble, connector: Source) -> None:
        identity = connector.identify(connector.settings)
        assert list(tracker.requests) == []
        assert identity == connector.identify(connector.settings)
        assert "\n" not in identity.strip() != ""

    def test_settings_repr_hides_secrets(self, tracker: TrackerDouble, connector: Source) -> None:
        shown = (
            repr(connector.settings),
            connector.settings.model_dump_json(),
            repr(connector),
            connector.identify(connector.settings),
        )
        assert not any(tracker.secret in text for text in shown)

    def test_unknown_setting_is_rejected(self, connector: Source) -> None:
        section = connector.settings.model_dump(mode="json", exclude_unset=True)
        connector.Settings.model_validate(section)
        with pytest.raises(ValidationError):
            connector.Settings.model_validate({**section, "no_such_setting": 1})

    def test_missing_secret_is_a_problem_of_the_file(self, connector: Source) -> None:
        with pytest.raises(ConfigError) as caught:
            type(connector)(
                connector.tracker, connector.settings, transport=connector.transport, env={}, wanted=connector.wanted
            )
        for problem in caught.value.problems:
            assert problem.path, "the path leads to the setting that names the secret, from the tracker's section on"
            assert problem.message
