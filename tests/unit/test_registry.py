from importlib.metadata import EntryPoint

import pytest

from trackersync import registry as module
from trackersync.connector import Source
from trackersync.errors import PluginError
from trackersync.registry import ConnectorStatus, Registry


class Memory(Source):
    kind = "memory"


@pytest.fixture
def installed(monkeypatch):
    """Stands in for what is installed here: one that loads, one that does not, one that is no connector."""
    points = [
        EntryPoint("good", "trackersync.connector:Source", module.GROUP),
        EntryPoint("broken", "trackersync.no_such_module:Connector", module.GROUP),
        EntryPoint("odd", "trackersync.registry:GROUP", module.GROUP),
    ]
    monkeypatch.setattr(module, "entry_points", lambda *, group: [p for p in points if p.group == group])


def test_names_are_sorted_and_include_what_does_not_load(installed):
    assert Registry(extra={"memory": Memory}).names() == ("broken", "good", "memory", "odd")


def test_a_class_given_by_hand_is_found(installed):
    assert Registry(extra={"memory": Memory}).load("memory") is Memory


def test_a_class_given_by_hand_wins_over_an_installed_one(installed):
    assert Registry(extra={"good": Memory}).load("good") is Memory


def test_an_installed_connector_is_loaded_by_its_name(installed):
    assert Registry().load("good") is Source


def test_an_unknown_name_lists_what_is_installed_and_how_to_add_it(installed):
    with pytest.raises(PluginError, match="no connector named 'gitlab' is installed") as caught:
        Registry().load("gitlab")
    assert "installed: broken, good, odd" in caught.value.hint
    assert "pip install trackersync-gitlab" in caught.value.hint


def test_a_misspelt_name_gets_the_nearest_one(installed):
    with pytest.raises(PluginError) as caught:
        Registry().load("brokn")
    assert caught.value.hint.startswith("did you mean broken?")


def test_with_nothing_installed_the_hint_says_so(monkeypatch):
    monkeypatch.setattr(module, "entry_points", lambda *, group: [])
    with pytest.raises(PluginError) as caught:
        Registry().load("jira")
    assert caught.value.hint == ("no connector is installed; a further one is added with: pip install trackersync-jira")


def test_a_connector_that_fails_to_import_says_why(installed):
    with pytest.raises(PluginError, match="installed but does not load: ModuleNotFoundError: No module named"):
        Registry().load("broken")


def test_what_is_no_connector_is_refused(installed):
    with pytest.raises(PluginError, match="is not a subclass of"):
        Registry().load("odd")


def test_status_tries_every_connector(installed):
    broken, good, memory, odd = Registry(extra={"memory": Memory}).status()
    assert good == ConnectorStatus("good", "unknown distribution", "", loads=True)
    assert (broken.loads, odd.loads) == (False, False)
    assert "ModuleNotFoundError" in broken.error
    assert memory.loads


def test_the_two_connectors_of_this_repository_are_announced_by_their_distributions():
    found = {status.name: status.distribution for status in Registry().status()}
    assert found.items() >= {("github", "trackersync-github"), ("jira", "trackersync-jira")}
