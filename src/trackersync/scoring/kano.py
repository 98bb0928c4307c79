"""The Kano model: categories in the order in which they are usually served, named or found by two questions."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from msgspec.structs import replace

from trackersync.scoring.framework import Example, Framework, FrameworkInput
from trackersync.scoring.rules import Scale

_WORDS = MappingProxyType(
    {"must-be": 4.0, "basic": 4.0, "one-dimensional": 3.0, "performance": 3.0, "attractive": 2.0, "delighter": 2.0,
     "indifferent": 1.0, "reverse": 0.0}
)  # fmt: skip
_CATEGORY = FrameworkInput("kano", "the category", Scale(0, 4, (0, 1, 2, 3, 4)), (0, 1, 2, 3, 4), _WORDS)
_TABLE = "kostya.ws/projects/other/how-to-analyse-kano-survey-results"
_ORDER = f"the order M > O > A > I: {_TABLE}; the numbers, and the place of reverse, are chosen here"

KANO = Framework(
    name="kano",
    doc="Kano categories in the order in which they are usually served: must-be, performance, attractive.",
    inputs=(_CATEGORY,),
    expression="kano",
    classes=True,
    source="Berger et al., Center for Quality of Management Journal 2(4), 1993",
    examples=tuple(Example(given={"kano": worth}, score=worth, source=_ORDER) for worth in (4.0, 3.0, 2.0, 1.0, 0.0)),
)

ANSWERS = MappingProxyType({"like": 1.0, "must-be": 2.0, "neutral": 3.0, "live-with": 4.0, "dislike": 5.0})
"""The answers of the questionnaire."""
EVALUATION = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
"""The category by answer to the functional question (a row each) and to the dysfunctional one, in that order."""
_CLASSES = MappingProxyType({"M": 4.0, "O": 3.0, "A": 2.0, "I": 1.0, "R": 0.0})

_EVALUATED = (
    "CASE WHEN functional = 1 AND dysfunctional = 5 THEN 3"
    " WHEN functional = 1 AND dysfunctional BETWEEN 2 AND 4 THEN 2"
    " WHEN functional BETWEEN 2 AND 4 AND dysfunctional = 5 THEN 4"
    " WHEN functional BETWEEN 2 AND 4 AND dysfunctional BETWEEN 2 AND 4 THEN 1"
    " WHEN functional = 5 AND dysfunctional < 5 OR functional > 1 AND dysfunctional = 1 THEN 0 END"
)
"""The table without the two cells that contradict themselves (Q), which have no category."""


def _cells() -> Iterator[Example]:
    for functional, row in enumerate(EVALUATION, start=1):
        for dysfunctional, letter in enumerate(row, start=1):
            if letter in _CLASSES:
                given = {"functional": float(functional), "dysfunctional": float(dysfunctional)}
                yield Example(given=given, score=_CLASSES[letter], source=f"{letter} in the evaluation table, {_TABLE}")


KANO_SURVEY = replace(
    KANO,
    doc="Kano categories from a survey of two questions: how would you feel with it, and how without it?",
    inputs=(
        FrameworkInput("functional", "the answer to: if it were there?", Scale(1, 5), (1, 2, 3, 4, 5), ANSWERS),
        FrameworkInput("dysfunctional", "the answer to: if it were not?", Scale(1, 5), (1, 2, 3, 4, 5), ANSWERS),
        replace(_CATEGORY, doc="none where the two answers contradict each other", expression=_EVALUATED),
    ),
    examples=tuple(sorted(_cells(), key=lambda cell: -cell.score)),
)
