"""What the field of sprints holds: every sprint an issue was ever in, in both of Jira's forms; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

# Data Center prints its own objects, `com.atlassian.greenhopper.service.sprint.Sprint@1f[id=4,state=ACTIVE,name=…]`,
# its keys in an order that differs by version:
# community.atlassian.com/t5/Jira-questions/Sprint-field-value-REST-API/qaq-p/229495
# A name may hold commas, so it ends before the next `,key=`.
_PRINTED = re.compile(r"com\.atlassian\.greenhopper\.service\.sprint\.Sprint@\w*\[")
_STATE = re.compile(r"[\[,]state=(\w+)")
_NAME = re.compile(r"[\[,]name=(.*?)(?=,[A-Za-z]+=|\]$)", re.DOTALL)


class Sprint(NamedTuple):
    """One sprint; `state` is `active`, `future` or `closed`."""

    name: str
    state: str


def sprint_of(raw: Any) -> Sprint | None:
    """A sprint as Cloud tells it, an object, or as Data Center prints it; None for anything else."""
    if isinstance(raw, dict):
        name, state = raw.get("name"), raw.get("state")
    elif isinstance(raw, str) and _PRINTED.match(raw):
        name, state = (found.group(1) if (found := pattern.search(raw)) else None for pattern in (_NAME, _STATE))
    else:
        return None
    return Sprint(name, state.lower()) if isinstance(name, str) and isinstance(state, str) else None


def sprints_of(raw: Any) -> list[Sprint]:
    """All sprints of a field's value, in Jira's order."""
    return [sprint for each in (raw if isinstance(raw, list) else [raw]) if (sprint := sprint_of(each))]


def current(sprints: Sequence[Sprint]) -> Sprint | None:
    """The active sprint, else the first of those to come."""
    for state in ("active", "future"):
        for sprint in sprints:
            if sprint.state == state:
                return sprint
    return None


def over(sprints: Iterable[Sprint]) -> int:
    """How many of them are closed."""
    return sum(sprint.state == "closed" for sprint in sprints)
