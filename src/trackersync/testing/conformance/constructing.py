"""Making a connector: no request, no secret shown, no unknown setting taken, no secret missing unnoticed."""

from __future__ import annotations

import os
import re
from collections import ChainMap
from collections.abc import MutableMapping
from importlib.metadata import entry_points

import pytest
from pydantic import ValidationError

from trackersync.connector import Source
from trackersync.errors import ConfigError
from trackersync.testing.conformance.check import Checks
from trackersync.testing.double import TrackerDouble

_CORE = re.compile(r"trackersync\s*(?![\w.-])(?:\[[^]]*\])?\s*([^;]*)")
"""The core by its name and not a plugin, and the versions of it."""


class ConstructionChecks(Checks):
    """What holds before anything is read."""

    @pytest.fixture
    def registered(self, connector: Source) -> list[type]:
        """The classes that installed distributions announce under the connector's kind."""
        return [point.load() for point in entry_points(group="trackersync.connectors", name=connector.kind)]

    def test_kind_matches_entry_point(self, connector: Source, registered: list[type]) -> None:
        assert len(registered) == 1, f"entry points named {connector.kind!r} in trackersync.connectors: {registered}"
        assert isinstance(connector, registered[0])

    @pytest.fixture
    def requirements(self, connector: Source) -> list[str]:
        """What those distributions depend on, as their metadata says."""
        points = entry_points(group="trackersync.connectors", name=connector.kind)
        return [need for point in points if point.dist for need in point.dist.requires or ()]

    def test_distribution_bounds_its_core(self, requirements: list[str]) -> None:
        bounds = [found[1] for need in requirements if (found := _CORE.match(need))]
        assert bounds, "a connector is written for a version of trackersync, and depends on it"
        for bound in bounds:
            assert "~=" in bound or {">", "<"} <= set(bound), f"no version below and none above, but {bound!r}"

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

    def test_secrets_come_from_env_alone(
        self, tracker: TrackerDouble, connector: Source, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "environ", _Holding(tracker.secret, os.environ))
        with pytest.raises(ConfigError):
            type(connector)(
                connector.tracker, connector.settings, transport=connector.transport, env={}, wanted=connector.wanted
            )


class _Holding(ChainMap[str, str]):
    """An environment in which the secret is kept under every name that is not taken."""

    def __init__(self, secret: str, environ: MutableMapping[str, str]) -> None:
        super().__init__({}, environ)
        self._secret = secret

    def __missing__(self, key: str) -> str:
        return self._secret

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str)
