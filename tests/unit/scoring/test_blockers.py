"""What blocks what is found over the borders of trackers, from either side, and circles do no harm."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trackersync.model import Direction, IssueRef, Link
from trackersync.scoring.blockers import find_edges, join

OUT, IN = Direction.OUTWARD, Direction.INWARD


def blocks(*targets, direction=OUT, kind="blocks"):
    return tuple(Link(kind, direction, target) for target in targets)


def test_links_are_found_by_ref_and_by_url_from_either_side(issue):
    web = IssueRef("web", "github", "9", "acme/Web#12")
    issues = [
        issue(1, links=blocks("github:acme/web#12")),
        issue(2, links=blocks("https://tracker.example/browse/CORE-3/")),
        issue(3, links=blocks("memory:core-1", direction=IN)),
        issue(ref=web, url="https://github.example/acme/web/issues/12", links=()),
        issue(5, links=blocks("HTTPS://github.example/acme/web/issues/12#issuecomment-1")),
    ]
    assert find_edges(issues, "blocks") == {(0, 2), (0, 3), (1, 2), (4, 3)}


def test_other_links_strangers_and_oneself_are_left_out(issue):
    issues = [
        issue(1, links=(*blocks("memory:CORE-2", kind="relates"), *blocks("memory:CORE-1", "jira:X-1"))),
        issue(2),
    ]
    assert find_edges(issues, "blocks") == set()
    assert find_edges(issues, "relates") == {(0, 1)}
    assert join([]).best([1, 2]) == {}


def test_the_best_is_found_at_any_distance():
    chain = join([(0, 1), (1, 2), (3, 1)])
    assert chain.best([4, 2, 1, 3]) == {0: 1, 1: 1, 3: 1}
    assert chain.best([4, 1, 2, 3]) == {0: 1, 1: 2, 3: 1}
    assert chain.best([2, None, 1, 3]) == {0: 1, 1: 1, 3: 1}
    assert chain.best([1, None, None, 2]) == {}


def test_a_circle_is_one_issue_to_the_rest_and_its_members_gain_nothing_from_each_other():
    found = join([(0, 1), (1, 0), (1, 2), (3, 0)])
    assert found.circles == [[0, 1]]
    assert found.best([3, 1, 2, 4]) == {0: 2, 1: 2, 3: 1}


def test_two_circles_that_meet_are_one():
    assert join([(0, 1), (1, 0), (1, 2), (2, 1)]).circles == [[0, 1, 2]]


def test_a_circle_of_a_thousand_blockers_is_one(issue):
    circle = join([(row, (row + 1) % 1000) for row in range(1000)] + [(7, 1000)])
    assert circle.circles == [list(range(1000))]
    assert set(circle.best([*range(1, 1001), 1001]).values()) == {1001}


def test_a_chain_of_fifty_thousand_is_walked_without_recursion():
    count = 50_000
    chain = join([(row, row + 1) for row in range(count - 1)])
    assert len(chain.edges) == count - 1
    assert chain.best(list(range(count, 0, -1)))[0] == 1


def reached(row, edges):
    found, waiting = set(), [row]
    while waiting:
        for source, target in edges:
            if source in waiting and target not in found:
                found.add(target)
                waiting.append(target)
        waiting.pop(0)
    return found


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda edge: edge[0] != edge[1]), max_size=14))
def test_the_best_is_what_a_walk_from_every_issue_finds(edges):
    places = [5, 2, None, 1, 7, 4, 3]
    beyond = {row: reached(row, edges) for row in range(7)}
    circle = {row: {other for other in beyond[row] if row in beyond[other]} for row in range(7)}
    known = {row: [places[o] for o in beyond[row] - circle[row] - {row} if places[o]] for row in range(7)}
    assert join(edges).best(places) == {row: min(found) for row, found in known.items() if found}
