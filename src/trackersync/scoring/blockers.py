"""Who blocks whom, over the borders of trackers, and what of that runs in circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from trackersync.model import Direction, Issue


@dataclass(frozen=True, slots=True)
class Blockers:
    """The links of one kind among some issues, by position: everyone's targets, and the groups linked in a circle."""

    targets: Sequence[Sequence[int]]
    groups: Sequence[Sequence[int]]
    """Every issue in exactly one group, after all groups that it leads to; of more than one issue only for a circle."""

    def circles(self) -> list[list[int]]:
        """The groups that block themselves, each in ascending order."""
        return sorted(sorted(group) for group in self.groups if len(group) > 1)

    def best(self, scores: Sequence[float | None]) -> list[int | None]:
        """For every issue the best scored one among all that it leads to, at any distance; None: there is none.

        A circle counts as one issue: its members gain nothing from each other, and all from what it leads to.
        """
        group_of = {member: number for number, group in enumerate(self.groups) for member in group}
        beyond: list[int | None] = []
        reached: list[int | None] = []
        for number, group in enumerate(self.groups):
            further = {group_of[target] for member in group for target in self.targets[member]} - {number}
            beyond.append(_best(scores, (reached[other] for other in further)))
            reached.append(_best(scores, (*group, beyond[number])))
        return [beyond[group_of[row]] for row in range(len(self.targets))]


def _best(scores: Sequence[float | None], rows: Iterable[int | None]) -> int | None:
    scored = [(-score, row) for row in rows if row is not None and (score := scores[row]) is not None]
    return min(scored)[1] if scored else None


def find_blockers(issues: Sequence[Issue], kind: str) -> Blockers:
    """The links of this kind among `issues`, told from either side, by ref or by URL; others are left out."""
    linked = [
        (row, link.direction, _folded(link.target))
        for row, issue in enumerate(issues)
        for link in issue.links
        if link.kind == kind
    ]
    known = _by_name(issues) if linked else {}
    targets: list[set[int]] = [set() for _ in issues]
    for row, direction, name in linked:
        for other in known.get(name, ()):
            blocker, blocked = (row, other) if direction is Direction.OUTWARD else (other, row)
            if blocker != blocked:
                targets[blocker].add(blocked)
    ordered = [sorted(found) for found in targets]
    return Blockers(ordered, list(_strong_groups(ordered)))


def _by_name(issues: Sequence[Issue]) -> dict[str, list[int]]:
    known: dict[str, list[int]] = {}
    for row, issue in enumerate(issues):
        for name in {_folded(str(issue.ref)), _folded(issue.url)}:
            known.setdefault(name, []).append(row)
    return known


def _folded(target: str) -> str:
    """Two ways to write the same ref or URL are one: case, a slash at the end, `?query`, `#fragment` of a URL."""
    if "://" in target:
        target = target.partition("#")[0].partition("?")[0].rstrip("/")
    return target.casefold()


def _strong_groups(targets: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Tarjan's strongly connected components without recursion, each after those it leads to."""
    numbers = count(1)
    entered = [0] * len(targets)
    lowest = [0] * len(targets)
    done = [False] * len(targets)
    open_rows: list[int] = []
    for start in range(len(targets)):
        path = [] if entered[start] else [(start, iter(targets[start]))]
        while path:
            row, rest = path[-1]
            if not entered[row]:
                entered[row] = lowest[row] = next(numbers)
                open_rows.append(row)
            following = next((other for other in rest if not done[other]), None)
            if following is None:
                path.pop()
                if path:
                    parent = path[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[row])
                if lowest[row] == entered[row]:
                    yield _close(row, open_rows, done)
            elif entered[following]:
                lowest[row] = min(lowest[row], entered[following])
            else:
                path.append((following, iter(targets[following])))


def _close(row: int, open_rows: list[int], done: list[bool]) -> list[int]:
    """The group that was opened by `row`: all that has been entered since."""
    group = []
    while not done[row]:
        member = open_rows.pop()
        done[member] = True
        group.append(member)
    return group
