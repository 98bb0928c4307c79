"""Issues made of the facts that an example gives, and the team's rules made ready to read them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from trackersync.config.examples import Fact, Facts
from trackersync.errors import TrackersyncError
from trackersync.model import Direction, Issue, IssueRef, Link, Person, StateCategory
from trackersync.scoring.columns import FROM_THE_OTHER_SIDE
from trackersync.scoring.frameworks import values_of
from trackersync.scoring.rules import OF_A_LIST, Input, InputSource, Missing, Rules, SourceKind, Votes

CONNECTOR = "example"
"""The kind of tracker that an example's issues are of; each input that is given is a field there."""

_OF_ANY_TRACKER: frozenset[SourceKind] = frozenset({"label", "milestone", "column"})
_MOST_DAYS = 100_000


def issue_of(facts: Facts, name: str, id_: str, *, now: datetime) -> Issue:
    """An open issue with these facts: built-in columns by name, all else as fields.

    Raises `TrackersyncError` with all facts that a column cannot hold.
    """
    values: dict[str, Any] = {"title": name, "state": "open", "created_at": now, "updated_at": now}
    fields: dict[str, Fact] = {}
    problems = []
    for column, fact in facts.items():
        if fact is None or column not in _COLUMNS:
            fields[column] = fact
            continue
        try:
            for part, told in _COLUMNS[column](fact, now).items():
                values[part] = values.get(part, {}) | told if part == "reactions" else told
        except ValueError as error:
            problems.append(f"{column}: {error}")
    if problems:
        raise TrackersyncError("; ".join(problems))
    if "reactions" in values:
        values["reactions"] = _by_kind(values["reactions"])
    ref = IssueRef(values.pop("tracker", CONNECTOR), CONNECTOR, id_, name)
    return Issue(ref=ref, url="", state_category=StateCategory.TODO, fields=fields, **values)


def rules_for(rules: Rules, given: Sequence[Facts]) -> Rules:
    """The rules, with every input read from the issues that are given; what a list alone can tell is left out."""
    alone = rules.normalize in OF_A_LIST
    return replace(
        rules,
        inputs=tuple(each for used in rules.inputs for each in _inputs(used, rules, given)),
        votes=Votes(),
        normalize="none" if alone else rules.normalize,
        round=_MOST_DIGITS if alone else rules.round,
    )


_MOST_DIGITS = 10


def _inputs(used: Input, rules: Rules, given: Sequence[Facts]) -> list[Input]:
    """An input as the examples have it: given, computed, or given for some and computed for the others."""
    field = {CONNECTOR: InputSource("field", used.name)}
    places = [facts.get(used.name) is not None for facts in given]
    if used.expression is None:
        return [replace(used, sources=field if any(places) else {CONNECTOR: _source(used)})]
    if all(places):
        return [replace(used, expression=None, sources=field)]
    if not any(places):
        return [used]
    told = f"{used.name} as given"
    words = values_of(used, rules.framework) or None
    return [
        replace(used, name=told, expression=None, sources=field, values=words, missing=Missing(), weight=None),
        replace(used, expression=f'coalesce("{told}", {used.expression})'),
    ]


def _source(used: Input) -> InputSource:
    """Where an input is read that no example gives: from labels and the like, if all trackers have it there."""
    found = list(used.sources.values())
    shared = found[0] if found and all(each == found[0] for each in found) else None
    return shared if shared and shared.kind in _OF_ANY_TRACKER else InputSource("field", used.name)


def _number(fact: Fact) -> float:
    if isinstance(fact, bool) or not isinstance(fact, int | float) or not math.isfinite(fact):
        raise ValueError(f"{fact!r} is no number")
    return fact


def _days(fact: Fact) -> timedelta:
    days = _number(fact)
    if abs(days) > _MOST_DAYS:
        raise ValueError(f"{days:g} days are too many")
    return timedelta(days=days)


def _date(fact: Fact) -> date:
    try:
        return date.fromisoformat(_text(fact))
    except ValueError:
        raise ValueError(f"{fact!r} is no date such as 2026-07-31") from None


def _moment(fact: Fact, now: datetime) -> datetime:
    return datetime.combine(_date(fact), now.timetz())


def _text(fact: Fact) -> str:
    texts = _texts(fact)
    if len(texts) != 1:
        raise ValueError(f"{', '.join(texts) or 'nothing'} is not one text")
    return texts[0]


def _texts(fact: Fact) -> tuple[str, ...]:
    return fact if isinstance(fact, tuple) else (str(fact),)


def _person(name: str) -> Person:
    return Person(name, name)


def _links(fact: Fact) -> tuple[Link, ...]:
    """Of a link nothing is known but its side: `blocks`, `blocked by`."""
    sides = {side: kind for kind, side in FROM_THE_OTHER_SIDE.items()}
    return tuple(
        Link(sides.get(text, text), Direction.INWARD if text in sides else Direction.OUTWARD, "")
        for text in _texts(fact)
    )


_ALL_KINDS = "all"


def _by_kind(told: Mapping[str, float]) -> Mapping[str, float]:
    """The thumbs that were told, and as other kinds what is left of the sum of all, where that was told too."""
    thumbs = {kind: count for kind, count in told.items() if kind != _ALL_KINDS}
    rest = told.get(_ALL_KINDS, 0) - sum(thumbs.values())
    return thumbs | ({"other": rest} if _ALL_KINDS in told else {})


def _as(name: str, read: Callable[[Fact], object]) -> Callable[[Fact, datetime], dict[str, Any]]:
    return lambda fact, _: {name: read(fact)}


_COLUMNS: Mapping[str, Callable[[Fact, datetime], dict[str, Any]]] = MappingProxyType(
    {
        **{name: _as(name, _text) for name in ("tracker", "type", "state", "priority", "milestone", "title", "parent")},
        **{name: _as(name, _text) for name in ("sprint", "sprint_state")},
        **{name: _as(name, _texts) for name in ("labels", "components", "fix_versions", "affects_versions")},
        **{
            name: _as(name, _number)
            for name in (
                "votes", "watchers", "comments", "estimate", "blocks_open", "blocked_by_open", "sub_issues",
                "sub_issues_open", "pull_requests_open", "past_sprints",
            )
        },
        "author": lambda fact, _: {"author": _person(_text(fact))},
        "assignee": lambda fact, _: {"assignees": tuple(map(_person, _texts(fact)))},
        "reactions": lambda fact, _: {"reactions": {_ALL_KINDS: _number(fact)}},
        "thumbs_up": lambda fact, _: {"reactions": {"+1": _number(fact)}},
        "thumbs_down": lambda fact, _: {"reactions": {"-1": _number(fact)}},
        "links": _as("links", _links),
        "age_days": lambda fact, now: {"created_at": now - _days(fact)},
        "idle_days": lambda fact, now: {"updated_at": now - _days(fact)},
        "due_in_days": lambda fact, now: {"due_on": (now + _days(fact)).date()},
        "created_at": lambda fact, now: {"created_at": _moment(fact, now)},
        "updated_at": lambda fact, now: {"updated_at": _moment(fact, now)},
        "due_on": _as("due_on", _date),
    }
)  # fmt: skip
"""What each built-in column says of an issue."""
