"""The trackers of a file: each with its connector's class and the connector's own settings, checked by its model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from trackersync.config.document import Document, KeyPath
from trackersync.config.shape import TrackerShape
from trackersync.config.validation import validate
from trackersync.connector import Source
from trackersync.errors import PluginError, Problem
from trackersync.registry import Registry


@dataclass(frozen=True, slots=True)
class TrackerConfig:
    """One tracker: the team's name, the kind of connector, its class and its settings (of `source.Settings`)."""

    name: str
    connector: str
    source: type[Source]
    settings: BaseModel


def find_sources(
    shapes: Mapping[str, TrackerShape], document: Document, registry: Registry
) -> tuple[dict[str, type[Source]], list[Problem]]:
    """The connector class of every tracker whose connector is installed and loads."""
    sources: dict[str, type[Source]] = {}
    problems = []
    for name, shape in shapes.items():
        try:
            sources[name] = registry.load(shape.connector)
        except PluginError as error:
            problems.append(document.problem(("trackers", name, "connector"), error.message, error.hint))
    return sources, problems


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
