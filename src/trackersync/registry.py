"""Which connectors are installed, and their classes: the entry points of the group `trackersync.connectors`.

Nothing is imported before it is asked for by name, so that a broken plugin hurts only those who use it.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points

from trackersync.connector import Source
from trackersync.errors import PluginError

GROUP = "trackersync.connectors"


@dataclass(frozen=True, slots=True)
class ConnectorStatus:
    """One installed connector: the distribution it comes from, and whether it loads; `error` says why not."""

    name: str
    distribution: str
    version: str
    loads: bool
    error: str | None = None


class Registry:
    """The installed connectors by kind of tracker; `extra` adds classes that no distribution announces."""

    def __init__(self, extra: Mapping[str, type[Source]] | None = None) -> None:
        self._extra = dict(extra or {})

    @cached_property
    def _points(self) -> tuple[EntryPoint, ...]:
        """All that is installed; looked up once, since that opens a file of every distribution there is."""
        return tuple(entry_points(group=GROUP))

    def names(self) -> tuple[str, ...]:
        """Every known kind of tracker, sorted; what is installed and does not load is among them."""
        return tuple(sorted({*self._extra, *(point.name for point in self._points)}))

    def load(self, name: str) -> type[Source]:
        """The class of this kind of tracker; raises `PluginError` where it is not installed or does not load."""
        if name in self._extra:
            return self._extra[name]
        for point in self._points:
            if point.name == name:
                return _load(point)
        raise self._unknown(name)

    def status(self) -> list[ConnectorStatus]:
        """Every installed connector by name, each tried."""
        given = [ConnectorStatus(name, source.__module__, "", loads=True) for name, source in self._extra.items()]
        found = [_status(point) for point in self._points]
        return sorted(given + found, key=lambda status: (status.name, status.distribution))

    def _unknown(self, name: str) -> PluginError:
        names = self.names()
        nearest = difflib.get_close_matches(name, names, n=1)
        installed = f"installed: {', '.join(names)}" if names else "no connector is installed"
        guess = f"did you mean {nearest[0]}? " if nearest else ""
        return PluginError(
            f"no connector named {name!r} is installed",
            hint=f"{guess}{installed}; a further one is added with: pip install trackersync-{name}",
        )


def _load(point: EntryPoint) -> type[Source]:
    """Import what the entry point names; whatever that raises becomes a `PluginError` that says why."""
    where = f"connector {point.name!r} ({_distribution(point)}, {point.value})"
    try:
        found = point.load()
    except Exception as error:  # a plugin's import can raise anything, and must not end the program
        raise PluginError(
            f"{where} is installed but does not load: {type(error).__name__}: {error}",
            hint="reinstall or upgrade it; `trackersync connectors` lists what loads",
        ) from error
    if not (isinstance(found, type) and issubclass(found, Source)):
        raise PluginError(
            f"{where} is not a subclass of trackersync.connector.Source",
            hint="tell its authors, or install another version of it",
        )
    return found


def _status(point: EntryPoint) -> ConnectorStatus:
    version = point.dist.version if point.dist else ""
    try:
        _load(point)
    except PluginError as error:
        return ConnectorStatus(point.name, _distribution(point), version, loads=False, error=error.message)
    return ConnectorStatus(point.name, _distribution(point), version, loads=True)


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "unknown distribution"
