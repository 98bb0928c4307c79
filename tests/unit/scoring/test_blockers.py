"""What blocks what is found over the borders of trackers, from either side, and circles do no harm."""

from __future__ import annotations

from trackersync.model import Direction, IssueRef, Link
from trackersync.scoring.blockers import Blockers, find_blockers

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
    assert find_blockers(issues, "blocks").targets == {0: [2, 3], 1: [2], 4: [3]}


def test_other_links_strangers_and_oneself_are_left_out(issue):
    issues = [
        issue(1, links=(*blocks("memory:CORE-2", kind="relates"), *blocks("memory:CORE-1", "jira:X-1"))),
        issue(2),
    ]
    assert find_blockers(issues, "blocks") == Blockers({}, [])
    assert find_blockers(issues, "relates").targets == {0: [1]}


def test_the_best_is_found_at_any_distance():
    chain = Blockers({0: [1], 1: [2], 3: [1]}, [[2], [1], [0], [3]])
    assert chain.best([1, 5, 90, 2]) == {0: 2, 1: 2, 3: 2}
    assert chain.best([1, 95, 90, 2]) == {0: 1, 1: 2, 3: 1}
    assert chain.best([1, None, 90, 2]) == {0: 2, 1: 2, 3: 2}
    assert chain.best([1, None, None, 2]) == {}


def test_of_two_equals_the_first_is_chosen():
    assert Blockers({0: [1, 2]}, [[1], [2], [0]]).best([0, 7, 7]) == {0: 1}


def test_a_circle_is_one_issue_to_the_rest_and_its_members_gain_nothing_from_each_other(issue):
    issues = [
        issue(1, links=blocks("memory:CORE-2")),
        issue(2, links=blocks("memory:CORE-1", "memory:CORE-3")),
        issue(3),
        issue(4, links=blocks("memory:CORE-1")),
    ]
    found = find_blockers(issues, "blocks")
    assert found.circles() == [[0, 1]]
    assert found.best([10, 80, 20, 1]) == {0: 2, 1: 2, 3: 1}


def test_two_circles_that_meet_are_one(issue):
    issues = [
        issue(1, links=blocks("memory:CORE-2")),
        issue(2, links=blocks("memory:CORE-1", "memory:CORE-3")),
        issue(3, links=blocks("memory:CORE-2")),
    ]
    assert find_blockers(issues, "blocks").circles() == [[0, 1, 2]]


def test_a_chain_of_fifty_thousand_is_walked_without_recursion(issue):
    count = 50_000
    issues = [issue(number, links=blocks(f"memory:CORE-{number + 1}")) for number in range(count)]
    found = find_blockers(issues, "blocks")
    assert len(found.groups) == count
    assert found.best([float(number) for number in range(count)])[0] == count - 1
