"""The trackers of a file: each with its connector's class and the connector's own settings, checked by its model."""

from __future__ import annotations

from msgspec import Struct
from pydantic import BaseModel

from trackersync.config.document import Document, KeyPath
from trackersync.config.shape import TrackerShape
from trackersync.config.validation import validate
from trackersync.config.wording import closest
from trackersync.connector import Source
from trackersync.errors import PluginError, Problem
from trackersync.registry import Registry


class TrackerConfig(Struct, frozen=True):
    """One tracker: the team's name, the kind of connector, its class and its settings (of `source.Settings`)."""

    name: str
    connector: str
    source: type[Source]
    settings: BaseModel


def find_source(
    name: str, shape: TrackerShape, document: Document, registry: Registry
) -> tuple[type[Source] | None, list[Problem]]:
    """The tracker's connector class; in place of one that is not installed the nearest, so that the rest is checked."""
    try:
        return registry.load(shape.connector), []
    except PluginError as error:
        problem = document.problem(("trackers", name, "connector"), error.message, error.hint)
    meant = closest(shape.connector, registry.names())
    if meant is None or meant == shape.connector:
        return None, [problem]
    try:
        return registry.load(meant), [problem]
    except PluginError:
        return None, [problem]


def read_tracker(
    name: str, shape: TrackerShape, source: type[Source], document: Document
) -> tuple[TrackerConfig | None, list[Problem]]:
    """One tracker's settings as its connector understands them."""
    at: KeyPath = ("trackers", name)
    section = {
        key: value for key, value in document.data["trackers"][name].items() if key != "connector" and value is not None
    }
    checked = validate(source.Settings, document, at, section)
    if checked.value is None or checked.problems:
        return None, checked.problems
    return TrackerConfig(name, shape.connector, source, checked.value), []
