"""The team's own examples, run by the team's own rules: offline, without a store or a snapshot.

Each example is a list of its own: the given issue, and those that it must stand above or below. So a score that is made
of the whole list (`normalize: percentile` or `minmax`) cannot be told from it, and neither can a band by `share`,
`count` or `capacity`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from trackersync.config.examples import Example, Expectation
from trackersync.errors import TrackersyncError
from trackersync.scoring.engine import Ranking, score
from trackersync.scoring.explain import Explanation, explain_all
from trackersync.scoring.rules import OF_A_LIST, Rules
from trackersync.sync.example_issues import issue_of, rules_for


class Failure(Struct, frozen=True):
    """One expectation that the rules do not meet."""

    expected: str
    found: str


class Verdict(Struct, frozen=True, kw_only=True):
    """What became of one example."""

    name: str
    failures: tuple[Failure, ...]
    explanations: tuple[Explanation, ...] = ()
    """Where it failed: how each of its issues came by its score, the given one first."""

    @property
    def passed(self) -> bool:
        """Whether all is as expected."""
        return not self.failures


def run_tests(rules: Rules, examples: Sequence[Example], *, now: datetime) -> list[Verdict]:
    """A verdict on each example, in their order."""
    return [_verdict(rules, example, now) for example in examples]


def _verdict(rules: Rules, example: Example, now: datetime) -> Verdict:
    expect = example.expect
    given = {"given": example.given, "above": expect.above, "below": expect.below}
    facts = {name: each for name, each in given.items() if each is not None}
    try:
        issues = [issue_of(each, name, _IDS[name], now=now) for name, each in facts.items()]
    except TrackersyncError as error:
        return Verdict(name=example.name, failures=(Failure("facts that an issue can have", error.message),))
    own = rules_for(rules, list(facts.values()))
    outcome = _Outcome(rules, score(issues, own, now=now))
    failures = tuple(outcome.failures(expect))
    keys = [issue.ref.issue_key for issue in issues]
    explanations = explain_all(issues, own, keys, now=now) if failures else ()
    return Verdict(name=example.name, failures=failures, explanations=tuple(explanations))


_IDS = {"above": "1", "given": "2", "below": "3"}
"""Of equal issues the one with the first id goes first: so that no expectation is met by that alone."""


class _Outcome:
    """What the rules made of one example."""

    def __init__(self, rules: Rules, ranking: Ranking) -> None:
        self.rules = rules
        self.ranked = {entry.issue.ref.key: entry for entry in ranking.ranked}
        self.needs_input = {entry.issue.ref.key: entry for entry in ranking.needs_input}
        self.excluded = {entry.issue.ref.key: entry for entry in ranking.excluded}

    def failures(self, expect: Expectation) -> Iterator[Failure]:
        """Everything that is not as expected."""
        if expect.needs_input is not None and set(expect.needs_input) != self._missing():
            yield Failure(f"needs input: {', '.join(expect.needs_input)}", self._place("given"))
        if expect.excluded and "given" not in self.excluded:
            yield Failure("left out of the list", self._place("given"))
        if expect.score is not None:
            yield from self._score(expect.score)
        if expect.band is not None:
            yield from self._band(expect.band)
        if expect.above is not None and not self._first("given", "above"):
            yield Failure("a rank above the other", self._both("above"))
        if expect.below is not None and not self._first("below", "given"):
            yield Failure("a rank below the other", self._both("below"))

    def _missing(self) -> set[str]:
        lacking = self.needs_input.get("given")
        return set(lacking.missing or (lacking.detail,)) if lacking else set()

    def _score(self, expected: float) -> Iterator[Failure]:
        entry = self.ranked.get("given")
        if self.rules.normalize in OF_A_LIST:
            yield Failure(f"score {expected:.12g}", f"none: {self._not_alone('score')}")
        elif entry is None or entry.score != expected:
            yield Failure(f"score {expected:.12g}", self._place("given"))

    def _band(self, expected: str) -> Iterator[Failure]:
        entry = self.ranked.get("given")
        if self.rules.normalize in OF_A_LIST:
            yield Failure(f"band {expected}", f"none: {self._not_alone('band')}")
        elif entry is None or entry.band != expected:
            band = f"band {entry.band or 'none'}, " if entry else ""
            yield Failure(f"band {expected}", f"{band}{self._place('given')}")

    def _not_alone(self, what: str) -> str:
        return (
            f"{self.rules.normalize} makes a {what} of the whole list, which an example has not; expect above or below"
        )

    def _first(self, higher: str, lower: str) -> bool:
        return higher in self.ranked and lower in self.ranked and self.ranked[higher].rank < self.ranked[lower].rank

    def _both(self, other: str) -> str:
        return f"{self._place('given')}, of the other {self._place(other)}"

    def _place(self, name: str) -> str:
        if name in self.needs_input:
            lacking = self.needs_input[name]
            return f"needs input: {', '.join(lacking.missing) or lacking.detail}"
        if name in self.excluded:
            return f"left out by {self.excluded[name].rule}"
        return f"score {self.ranked[name].score:.12g}"
