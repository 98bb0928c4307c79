"""Everything to be written has a place on the trackers it is for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from trackersync.config.document import Document, KeyPath
from trackersync.config.places import Places
from trackersync.config.shape import WriteShape
from trackersync.config.wording import nearest
from trackersync.connector import Source, Target
from trackersync.errors import Problem


def check_writes(places: Places, writes: Mapping[str, WriteShape], bands: Collection[str]) -> Iterator[Problem]:
    """Everything to be written has a place on the trackers it is for."""
    for entry, shape in writes.items():
        yield from places.unknown(("write",), entry)
        yield from _check_bands(places.document, ("write", entry), shape, bands)
        for connector, source in places.loaded(entry).items():
            yield from _Write(places, entry, shape, connector, source).check(bands)


def _check_bands(document: Document, at: KeyPath, shape: WriteShape, bands: Collection[str]) -> Iterator[Problem]:
    """What shows a band needs bands, and only those that exist."""
    shows = {
        (*at, "labels"): shape.labels,
        (*at, "priority"): shape.priority,
        (*at, "fields", "band"): shape.fields.band,
        (*at, "issue_fields", "band"): shape.issue_fields.band,
        (*at, "project_fields", "band"): shape.project_fields.band,
        (*at, "properties", "band"): shape.properties.band,
    }
    if not bands:
        for path, shown in shows.items():
            if shown is not None:
                yield document.problem(path, "shows bands, and there are none", "add bands: to the file")
        return
    labels = shape.labels
    by_band: dict[KeyPath, Mapping[str, str] | None] = {
        (*at, "priority"): shape.priority,
        (*at, "labels", "colours"): labels.colours if labels else None,
        (*at, "labels", "descriptions"): labels.descriptions if labels else None,
    }
    for path, named in by_band.items():
        for band in named or {}:
            if band not in bands:
                yield document.problem((*path, band), "unknown band", nearest(band, bands, "the bands are"))


class _Write(Struct, frozen=True):
    """One entry of `write:` as one kind of connector sees it."""

    places: Places
    entry: str
    shape: WriteShape
    connector: str
    source: type[Source]

    def check(self, bands: Collection[str]) -> Iterator[Problem]:
        if not issubclass(self.source, Target):
            yield self._problem((), f"{self.connector} only reads", "remove this entry")
            return
        yield from self._absent_abilities()
        yield from self._order()
        yield from self._labels(bands)
        yield from self._previous_labels()
        yield from self._unset_project()
        shape = self.shape
        shown = (shape.fields, shape.issue_fields, shape.project_fields, shape.properties)
        if shape.min_score_change and not any(each.score for each in shown):
            hint = "name one under fields, issue_fields, project_fields or properties, or remove this"
            yield self._problem(("min_score_change",), "no field shows the score", hint)

    def _absent_abilities(self) -> Iterator[Problem]:
        """Keys for which this kind of tracker has no place."""
        able = self.source.capabilities
        has = {
            "labels": able.labels,
            "fields": able.fields and "field" in able.reads,
            "issue_fields": able.fields and "issue_field" in able.reads,
            "project_fields": able.project_fields,
            "add_to_project": able.project_items,
            "properties": able.properties,
            "priority": able.priority,
            "comment": able.comments,
            "notify": able.quiet,
            "order": able.order is not None,
        }
        usable = ", ".join(key for key, possible in has.items() if possible)
        for key, possible in has.items():
            if not possible and self._given(key):
                yield self._problem((key,), f"{self.connector} has no {key} to write", f"it takes {usable}")

    def _order(self) -> Iterator[Problem]:
        word = self.source.capabilities.order
        if word and self.shape.order and self.shape.order != word:
            yield self._problem(
                ("order",),
                f"{self.connector} keeps no order by {self.shape.order!r}",
                f"write `order: {word}`",
            )

    def _labels(self, bands: Collection[str]) -> Iterator[Problem]:
        pattern = self.source.capabilities.label_pattern
        if self.shape.labels and self.source.capabilities.labels:
            refused = [band for band in bands if not re.fullmatch(pattern, self.shape.labels.prefix + band)]
            if refused:
                label = self.shape.labels.prefix + refused[0]
                because = "labels hold no spaces there" if re.search(r"\s", label) else f"labels match {pattern} there"
                yield self._problem(("labels", "prefix"), f"{self.connector} takes no label {label!r}", because)

    def _previous_labels(self) -> Iterator[Problem]:
        """Labels of before have to be told from those of now."""
        labels = self.shape.labels
        now, before = (labels.prefix, labels.previously) if labels else ("", None)
        folded, of_before = now.casefold(), (before or "").casefold()
        if before is not None and (of_before.startswith(folded) or folded.startswith(of_before)):
            what = f"labels with {before!r} cannot be told from those with {now!r}"
            yield self._problem(("labels", "previously"), what, "choose a prefix that does not begin like the other")

    def _unset_project(self) -> Iterator[Problem]:
        """The project or board that order and project fields are kept on has to be configured."""
        able = self.source.capabilities
        needs = {
            "project_fields": "project" if able.project_fields else None,
            "add_to_project": "project" if able.project_items else None,
            "order": able.order,
        }
        for key, setting in needs.items():
            if not setting or not self._given(key):
                continue
            for tracker in self.places.named(self.entry):
                settings = self.places.settings.get(tracker)
                if settings is not None and getattr(settings, setting, ...) is None:
                    hint = f"add {setting}: to trackers.{tracker}"
                    yield self._problem((key,), f"tracker {tracker} has no {setting} to keep it on", hint)

    def _given(self, key: str) -> bool:
        return self.places.document.mapping(("write", self.entry)).get(key) is not None

    def _problem(self, path: KeyPath, message: str, hint: str) -> Problem:
        return self.places.document.problem(("write", self.entry, *path), message, hint)
