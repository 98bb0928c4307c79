"""Who blocks whom, over the borders of trackers, and what of that runs in circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

from msgspec import Struct

from trackersync.model import Direction, Issue

Edge = tuple[int, int]
"""A blocker and what it blocks, by position."""
Targets = Mapping[int, Sequence[int]]
"""For every issue that leads anywhere, by position, the issues that it leads to, ascending."""


class Blockers(Struct, frozen=True):
    """The links of one kind among some issues, ready to be walked from the last blocked to the first blocker."""

    edges: Sequence[Edge]
    """In an order in which all links of an issue come before those that lead to it; a circle is its first member."""
    circles: Sequence[list[int]]
    """The groups that block themselves, each in ascending order."""

    def best(self, places: Sequence[int | None]) -> dict[int, int]:
        """For every issue that leads to one with a place, the best place among all that it leads to, at any distance.

        Places are unique, and the lowest is the best. A circle counts as one issue: its members gain nothing from each
        other, and all from what it leads to.
        """
        worst = len(places) + 1
        reached = [worst if place is None else place for place in places]
        for circle in self.circles:
            reached[circle[0]] = min(reached[member] for member in circle)
        beyond = [worst] * len(reached)
        for blocker, blocked in self.edges:
            found = reached[blocked]
            if found < beyond[blocker]:
                beyond[blocker] = found
                reached[blocker] = min(reached[blocker], found)
        for circle in self.circles:
            for member in circle:
                beyond[member] = beyond[circle[0]]
        return {row: found for row, found in enumerate(beyond) if found < worst}


def find_edges(issues: Sequence[Issue], kind: str) -> set[Edge]:
    """The links of this kind among `issues`, told from either side, by ref or by URL; others are left out."""
    linked = [
        (row, link.direction, folded(link.target))
        for row, issue in enumerate(issues)
        for link in issue.links
        if link.kind == kind
    ]
    known = _rows_by_name(issues, {name for _, _, name in linked})
    return {
        (row, other) if direction is Direction.OUTWARD else (other, row)
        for row, direction, name in linked
        for other in known.get(name, ())
        if row != other
    }


def join(edges: Iterable[Edge]) -> Blockers:
    """Put links in order; what runs in circles becomes one."""
    incoming: dict[int, list[int]] = {}
    targets: dict[int, list[int]] = {}
    for blocker, blocked in edges:
        targets.setdefault(blocker, []).append(blocked)
        incoming.setdefault(blocked, []).append(blocker)
    ordered, left = _peel(targets, incoming)
    if not left:
        return Blockers(ordered, ())
    # Whatever cannot be peeled off from the end is in a circle or leads to one.
    groups = list(_strong_groups({row: [other for other in targets[row] if other in left] for row in sorted(left)}))
    circles = sorted(sorted(group) for group in groups if len(group) > 1)
    first_of = {member: circle[0] for circle in circles for member in circle}
    rest = [(row, other) for group in groups for row in group for other in targets[row] if other in left]
    merged = ((first_of.get(row, row), first_of.get(other, other)) for row, other in (*ordered, *rest))
    return Blockers([(row, other) for row, other in merged if row != other], circles)


def _peel(targets: Targets, incoming: Targets) -> tuple[list[Edge], set[int]]:
    """The links from the last blocked towards the first blocker, and the issues from which no end is reached so."""
    open_links = {row: len(others) for row, others in targets.items()}
    waiting = [row for row in incoming if row not in targets]
    ordered: list[Edge] = []
    for blocked in waiting:  # which grows while it is walked
        for blocker in incoming.get(blocked, ()):
            ordered.append((blocker, blocked))
            left = open_links[blocker] - 1
            open_links[blocker] = left
            if not left:
                waiting.append(blocker)
    return ordered, {row for row, left in open_links.items() if left}


def _rows_by_name(issues: Sequence[Issue], wanted: set[str]) -> dict[str, set[int]]:
    rows: dict[str, set[int]] = {}
    by_url = any("://" in name for name in wanted)
    for row, issue in enumerate(issues if wanted else ()):
        # The ref's own words, because there are as many as issues, and most links are between refs of one tracker.
        name = f"{issue.ref.connector}:{issue.ref.key}".casefold()
        if name in wanted:
            rows.setdefault(name, set()).add(row)
        if by_url and (url := folded(issue.url)) in wanted:
            rows.setdefault(url, set()).add(row)
    return rows


def folded(target: str) -> str:
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
