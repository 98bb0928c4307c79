"""What a goal must say beyond its grammar: how much it weighs. What serves it is checked with the rules."""

from __future__ import annotations

from collections.abc import Iterator

from trackersync.config.document import Document
from trackersync.config.rules_shape import GoalShape
from trackersync.config.wording import closest
from trackersync.errors import Problem


def check_goals(document: Document) -> Iterator[Problem]:
    """Every goal has a weight, of which a misspelt one has been told already."""
    for name in document.mapping(("goals",)):
        raw = document.mapping(("goals", name))
        misspelt = {closest(key, GoalShape.model_fields) for key in raw.keys() - GoalShape.model_fields.keys()}
        if raw and raw.get("weight") is None and "weight" not in misspelt:
            yield document.problem(("goals", name, "weight"), "is missing", "1.2 makes a score a fifth more, 1 nothing")
