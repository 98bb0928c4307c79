"""Who blocks whom, over the borders of trackers, and what of that runs in circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from trackersync.model import Direction, Issue

Targets = Mapping[int, Sequence[int]]
"""For every issue that leads anywhere, by position, the issues that it leads to, ascending."""


@dataclass(frozen=True, slots=True)
class Blockers:
    """The links of one kind among some issues, and the groups of issues that they join in a circle."""

    targets: Targets
    groups: Sequence[Sequence[int]]
    """Every linked issue in one group, after all groups that it leads to; of several issues only for a circle."""

    def circles(self) -> list[list[int]]:
        """The groups that block themselves, each in ascending order."""
        return sorted(sorted(group) for group in self.groups if len(group) > 1)

    def best(self, scores: Sequence[float | None]) -> dict[int, int]:
        """For an issue the best scored one among all that it leads to, at any distance, where there is one.

        A circle counts as one issue: its members gain nothing from each other, and all from what it leads to.
        """
        group_of = {member: number for number, group in enumerate(self.groups) for member in group}
        beyond: list[int | None] = []
        reached: list[int | None] = []
        for number, group in enumerate(self.groups):
            further = {group_of[target] for member in group for target in self.targets.get(member, ())} - {number}
            beyond.append(_best(scores, (reached[other] for other in further)))
            reached.append(_best(scores, (*group, beyond[number])))
        return {row: found for row, number in group_of.items() if (found := beyond[number]) is not None}


def _best(scores: Sequence[float | None], rows: Iterable[int | None]) -> int | None:
    """The row with the highest score, the first of equals; None where none has a score."""
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
    known = _rows_by_name(issues, {name for _, _, name in linked})
    targets: dict[int, set[int]] = {}
    for row, direction, name in linked:
        for other in known.get(name, ()):
            blocker, blocked = (row, other) if direction is Direction.OUTWARD else (other, row)
            if blocker != blocked:
                targets.setdefault(blocker, set()).add(blocked)
    ordered = {row: sorted(targets[row]) for row in sorted(targets)}
    return Blockers(ordered, list(_strong_groups(ordered)))


def _rows_by_name(issues: Sequence[Issue], wanted: set[str]) -> dict[str, set[int]]:
    rows: dict[str, set[int]] = {}
    if wanted:
        for row, issue in enumerate(issues):
            for name in (_folded(str(issue.ref)), _folded(issue.url)):
                if name in wanted:
                    rows.setdefault(name, set()).add(row)
    return rows


def _folded(target: str) -> str:
    """Two ways to write the same ref or URL are one: case, a slash at the end, `?query`, `#fragment` of a URL."""
    if "://" in target:
        target = target.partition("#")[0].partition("?")[0].rstrip("/")
    return target.casefold()


def _strong_groups(targets: Targets) -> Iterator[list[int]]:
    """Tarjan's strongly connected components without recursion, each after those it leads to."""
    numbers = count(1)
    entered: dict[int, int] = {}
    lowest: dict[int, int] = {}
    done: set[int] = set()
    waiting: list[int] = []
    for start in targets:
        path = [] if start in entered else [(start, iter(targets[start]))]
        while path:
            row, rest = path[-1]
            if row not in entered:
                entered[row] = lowest[row] = next(numbers)
                waiting.append(row)
            following = next((other for other in rest if other not in done), None)
            if following is None:
                path.pop()
                if path:
                    parent = path[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[row])
                if lowest[row] == entered[row]:
                    yield _close(row, waiting, done)
            elif following in entered:
                lowest[row] = min(lowest[row], entered[following])
            else:
                path.append((following, iter(targets.get(following, ()))))


def _close(row: int, waiting: list[int], done: set[int]) -> list[int]:
    """The group that was opened by `row`: all that has been entered since."""
    group = []
    while row not in done:
        member = waiting.pop()
        done.add(member)
        group.append(member)
    return group
