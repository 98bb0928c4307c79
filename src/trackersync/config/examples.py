"""The team's own examples, kept beside the rules: an issue, and what the rules must make of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from trackersync.config.document import Document, KeyPath
from trackersync.config.wording import nearest
from trackersync.errors import Problem
from trackersync.scoring.rules import OF_A_LIST

Fact = str | float | bool | tuple[str, ...] | None
"""What is given of an issue: a built-in column's value, or an input's as number or word."""

Facts = Mapping[str, Fact]
"""By name of the column or input; what is left out is missing."""


class Expectation(Struct, frozen=True):
    """What must come out; None where nothing is expected of it."""

    above: Facts | None = None
    """An issue that must rank lower than the given one."""
    below: Facts | None = None
    """An issue that must rank higher than the given one."""
    score: float | None = None
    """The exact score, as rounded by the rules."""
    band: str | None = None
    """The band; only where bands have a `min_score`, the one limit that needs no list."""
    needs_input: tuple[str, ...] | None = None
    """The inputs for want of which there must be no score, in any order."""
    excluded: bool = False
    """Whether a rule must leave it out."""


class Example(Struct, frozen=True, kw_only=True):
    """One test of the rules."""

    name: str
    given: Facts
    expect: Expectation


def check_examples(document: Document, facts: Collection[str], bands: Collection[str]) -> Iterator[Problem]:
    """Every example gives something known and expects something; `facts` are the columns and inputs there are."""
    tests = document.data.get("tests")
    for index, raw in enumerate(tests if isinstance(tests, list) else ()):
        if not isinstance(raw, dict):
            continue
        at: KeyPath = ("tests", index)
        expect = document.mapping((*at, "expect"))
        yield from (document.problem((*at, key), "is missing") for key in ("given", "expect") if raw.get(key) is None)
        if raw.get("expect") == {}:
            yield document.problem(
                (*at, "expect"), "expects nothing", "give above, below, score, band, needs_input or excluded"
            )
        for path in ((*at, "given"), (*at, "expect", "above"), (*at, "expect", "below")):
            for name in document.mapping(path):
                if name not in facts:
                    hint = nearest(name, facts, "columns and inputs are")
                    yield document.problem((*path, name), "is neither a built-in column nor an input", hint)
        wanting = expect.get("needs_input")
        for place, name in enumerate(wanting if isinstance(wanting, list) else ()):
            if isinstance(name, str) and name not in facts:
                hint = nearest(name, facts, "columns and inputs are")
                yield document.problem((*at, "expect", "needs_input", place), f"{name!r} is no input", hint)
        yield from _check_alone(document, (*at, "expect"), expect)
        if isinstance(expect.get("band"), str):
            yield from _check_band(document, (*at, "expect", "band"), expect["band"], bands)


def _check_alone(document: Document, at: KeyPath, expect: Mapping[str, object]) -> Iterator[Problem]:
    """An example is a list of its own: there is no score in it where scores are made of the whole list."""
    normalize = document.mapping(("scoring",)).get("normalize")
    for name in ("score", "band"):
        if isinstance(normalize, str) and normalize in OF_A_LIST and expect.get(name) is not None:
            message = f"under normalize: {normalize} a {name} depends on the whole list, which an example has not"
            yield document.problem((*at, name), message, "expect above, below, needs_input or excluded")


def _check_band(document: Document, at: KeyPath, band: str, bands: Collection[str]) -> Iterator[Problem]:
    if band not in bands:
        yield document.problem(at, f"unknown band {band!r}", nearest(band, bands, "bands are"))
    elif not any("min_score" in document.mapping(("bands", each)) for each in bands):
        hint = "expect above, below or score, or give the bands a min_score"
        yield document.problem(at, "these bands depend on the whole list, which an example has not", hint)
