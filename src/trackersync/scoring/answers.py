"""What somebody answers on the spot: an input of one issue, as it shall count and as its tracker would keep it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from trackersync.errors import TrackersyncError
from trackersync.model import Issue
from trackersync.scoring.blockers import folded
from trackersync.scoring.expressions import nearest
from trackersync.scoring.figures import figure
from trackersync.scoring.frameworks import scale_of, values_of
from trackersync.scoring.inputs import as_number, names_of, off_scale, source_of, unknown_word
from trackersync.scoring.rules import InputSource, Rules, Vote

ANSWERED = "answered now"
"""Who is said to have voted."""


class Answer(Struct, frozen=True):
    """One input of one issue, as a person has just said it."""

    issue: Issue
    input: str
    value: float | str
    """A number, or one of the input's words."""

    def __str__(self) -> str:
        said = self.value if isinstance(self.value, str) else figure(self.value)
        return f"{self.input} = {said}"


def read_answer(rules: Rules, issue: Issue, name: str, text: str) -> Answer:
    """What was typed, as an answer; `TrackersyncError` for an input that is not there or a value that it cannot be."""
    used = next((each for each in rules.inputs if each.name == name), None)
    if used is None:
        near = nearest(name, [each.name for each in rules.inputs])
        raise TrackersyncError(f"the rules have no input {name!r}", hint=f"did you mean {near}?" if near else None)
    if used.expression is not None:
        raise TrackersyncError(
            f"{name} is computed, from {used.expression}", hint="answer what it is computed from, or change the rules"
        )
    words = values_of(used, rules.framework)
    worth = as_number(text, words)
    problem = unknown_word(text, words) if worth is None else off_scale(worth, scale_of(used, rules.framework))
    if problem is not None or worth is None:
        raise TrackersyncError(f"{issue.ref} {name}: {problem}")
    return Answer(issue, name, text.strip() if text.strip().casefold() in words else worth)


def answered(rules: Rules, answers: Sequence[Answer]) -> Rules:
    """The rules under which these answers count, in the place of what the tracker holds and of what people voted."""
    said = {(folded(name), each.input) for each in answers for name in names_of(each.issue)}
    kept = [vote for vote in rules.votes.votes if (folded(vote.issue.strip()), vote.input) not in said]
    new = [Vote(person=ANSWERED, issue=str(each.issue.ref), input=each.input, value=each.value) for each in answers]
    return replace(rules, votes=replace(rules.votes, votes=(*kept, *new)))


def kept_in(rules: Rules, answer: Answer) -> InputSource | None:
    """Where the issue's tracker keeps the input that was answered; None where it keeps none."""
    used = next(each for each in rules.inputs if each.name == answer.input)
    return source_of(used.sources, answer.issue.ref.tracker, answer.issue.ref.connector)


def label_of(pattern: str, answer: Answer) -> str:
    """The label that says the answer."""
    return pattern.replace("{value}", answer.value if isinstance(answer.value, str) else figure(answer.value))
