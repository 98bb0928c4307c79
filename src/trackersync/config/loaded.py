"""The configuration as the rest of the program knows it: valid, typed, frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from trackersync.config.conflicts import FIELDS, is_project_field
from trackersync.config.document import KeyPath, locate
from trackersync.config.examples import Example
from trackersync.config.trackers import TrackerConfig
from trackersync.connector import FieldNames
from trackersync.errors import Problem
from trackersync.plan.policy import Capacity, Guards, Overrides, WritePolicy
from trackersync.scoring.inputs import source_of
from trackersync.scoring.rules import Inherit, Rules
from trackersync.transport.allowance import Rate


class Config(Struct, frozen=True, kw_only=True):
    """One team's file."""

    file: Path
    """As it was named, for messages."""
    store: str
    """The store's URL; a SQLite file in it is absolute."""
    trackers: Mapping[str, TrackerConfig]
    """By the team's names, in file order."""
    rules: Rules
    write: Mapping[str, WritePolicy]
    """Of every tracker by name; where the file says nothing, nothing is written."""
    census: timedelta | None
    """How old the last look at every issue may be; None: as old as it is."""
    budget: Mapping[str, Rate]
    """How many requests a tracker may be sent; of those without there is no entry."""
    capacity: Capacity | None = None
    """What the team gets done; None: the file does not say."""
    overrides: Overrides
    guards: Guards
    tests: tuple[Example, ...]
    lines: Mapping[KeyPath, int] = {}
    """The line of every key, counted from 1."""

    def wanted(self, tracker: str) -> FieldNames:
        """Every field, by name, that is read or written on this tracker."""
        policy, read = self.write[tracker], self.read_by(self.rules, tracker)
        return FieldNames(
            read.fields | set(policy.fields.values()),
            read.project_fields | set(policy.project_fields.values()),
            frozenset(policy.properties.values()),
            policy.comment,
            read.columns,
        )

    def read_by(self, rules: Rules, tracker: str) -> FieldNames:
        """Every field, by name, that these rules read on this tracker, and every column that it reads on demand."""
        configured = self.trackers[tracker]
        fields: set[str] = set()
        project_fields: set[str] = set()
        for each in rules.inputs:
            source = source_of(each.sources, tracker, configured.connector)
            if source and source.kind in FIELDS:
                (project_fields if is_project_field(source) else fields).add(source.name)
        on_demand = configured.source.capabilities.on_demand
        columns = on_demand & self.columns_used(rules, tracker) if on_demand else frozenset()
        return FieldNames(frozenset(fields), frozenset(project_fields), columns=columns)

    def columns_used(self, rules: Rules, tracker: str) -> frozenset[str]:
        """The built-in columns that these rules use of the issues of one tracker, in expressions or as inputs."""
        from trackersync.scoring.method import read_method  # it loads the parser of expressions

        method, connector = read_method(rules), self.trackers[tracker].connector
        sources = [source_of(each.sources, tracker, connector) for each, _ in method.inputs]
        inherited = {"links"} if any(isinstance(part.action, Inherit) for part in method.parts) else set()
        return (
            method.columns | inherited | {each.name if each.kind == "column" else each.kind for each in sources if each}
        )

    def problem(self, path: KeyPath, message: str, hint: str | None = None) -> Problem:
        """A problem found later, at the line of this key, or of the nearest key around it that the file has."""
        return Problem(message, path, locate(self.lines, path), hint)

    @property
    def rules_digest(self) -> str:
        """SHA-256 of the rules in a canonical form: the same for files that differ only in comments and layout."""
        canonical = json.dumps(self.rules, sort_keys=True, ensure_ascii=False, default=_plain)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(part: Any) -> Any:
    """A part of the rules for the digest; its kind counts, or a cap would be as good as a floor."""
    if isinstance(part, date):
        return part.isoformat()
    return {"": type(part).__name__} | {each.name: getattr(part, each.name) for each in fields(part)}
