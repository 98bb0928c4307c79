"""The trackers that the names in `from:` and `write:` stand for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct
from pydantic import BaseModel

from trackersync.config.document import Document, KeyPath
from trackersync.config.wording import closest, nearest
from trackersync.connector import Source
from trackersync.errors import Problem


class Places(Struct, frozen=True):
    """The trackers of a file: the connector each names, the classes that load, the settings that are valid."""

    document: Document
    connectors: Mapping[str, str]
    sources: Mapping[str, type[Source]]
    settings: Mapping[str, BaseModel]
    installed: Collection[str]

    def named(self, name: str) -> list[str]:
        """The trackers that an entry of this name is for: the tracker of the name, else those of the connector.

        A misspelt name is taken for the nearest, so that what stands under it is checked as well.
        """
        known = self.known()
        meant = name if name in known else closest(name, known)
        if meant is not None and meant in self.connectors:
            return [meant]
        return [tracker for tracker, connector in self.connectors.items() if connector == meant]

    def known(self) -> set[str]:
        """Every name that an entry may have."""
        return {*self.connectors, *(self.connectors[tracker] for tracker in self.sources)}

    def unknown(self, at: KeyPath, name: str) -> list[Problem]:
        """The problem of an entry whose name is neither a tracker nor a used connector, or nothing.

        Where trackers or their connectors are wrong themselves, any installed one may be the one that is meant.
        """
        known = self.known() | set(self.connectors.values())
        unsettled = name in self.installed and (not self.sources or self.connectors.keys() != self.sources.keys())
        if name in known or unsettled:
            return []
        hint = nearest(name, self.known(), "trackers and connectors of this file")
        return [self.document.problem((*at, name), "names neither a tracker nor a connector in use", hint)]

    def loaded(self, name: str) -> dict[str, type[Source]]:
        """The classes behind a name, by connector; those that do not load have a problem of their own already."""
        return {self.connectors[each]: self.sources[each] for each in self.named(name) if each in self.sources}
