"""What all checks stand on: the fixtures a plugin supplies, and the rule that it supplies nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest

from trackersync.connector import Source
from trackersync.model import Issue
from trackersync.testing.conformance.names import Names
from trackersync.testing.double import SeedIssue, TrackerDouble

_KIT = __name__.rpartition(".")[0]
_NUMBER = re.compile(r"Issue (\d+)\b")


class Checks:
    """Refuses subclasses that replace a check: one that fails is repaired, or admitted with `xfail(strict=True)`."""

    @pytest.fixture
    def tracker(self) -> TrackerDouble:
        """The pretended tracker; every plugin supplies its own."""
        raise NotImplementedError("supply the fixture `tracker`: a trackersync.testing.TrackerDouble")

    @pytest.fixture
    def connector(self, tracker: TrackerDouble) -> Source:
        """The connector under test, made with a `Transport` over a `FakeClock`; every plugin supplies its own."""
        raise NotImplementedError(f"supply the fixture `connector`, reading {tracker}")

    @pytest.fixture
    def names(self) -> Names:
        """What the kit writes to; supplied by plugins whose pretended tracker has other names."""
        return Names()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in dir(cls):
            check = _check(cls, name)
            if check is not None and getattr(cls, name) is not check:
                _refuse_unless_admitted(cls, name, getattr(cls, name))


def _check(cls: type, name: str) -> object:
    """The kit's own check of this name, whatever stands before it, such as another base class of a plugin's."""
    for parent in cls.__mro__ if name.startswith("test_") else ():
        if parent.__module__.startswith(_KIT) and name in vars(parent):
            return vars(parent)[name]
    return None


def _refuse_unless_admitted(cls: type, name: str, value: object) -> None:
    for mark in getattr(value, "pytestmark", []):
        if mark.name == "xfail" and mark.kwargs.get("strict") is True and mark.kwargs.get("reason"):
            return
    raise TypeError(
        f"{cls.__name__}.{name} replaces a check of the conformance kit: supply fixtures only, "
        "or admit a known failure with @pytest.mark.xfail(strict=True, reason=...)"
    )


def seeds(count: int, **values: Any) -> list[SeedIssue]:
    """So many plain issues, numbered from 1."""
    return [SeedIssue(number=number, title=f"Issue {number}", **values) for number in range(1, count + 1)]


def pulled(connector: Source) -> list[Issue]:
    """Every issue of a whole pull, in the order in which it came."""
    return [issue for page in connector.pull() for issue in page]


def by_number(issues: Sequence[Issue]) -> dict[int, Issue]:
    """The issues by the number they were seeded with."""
    found: dict[int, Issue] = {}
    for issue in issues:
        match = _NUMBER.match(issue.title)
        assert match, f"a title came back changed: {issue.title!r}"
        found[int(match.group(1))] = issue
    return found
