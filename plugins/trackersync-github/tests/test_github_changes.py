"""Only what was touched is read again, on GitHub's clock, and what is gone is told apart."""

from __future__ import annotations

import json
from itertools import islice, repeat
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import pytest

from trackersync.connector import FieldNames
from trackersync.errors import NotFoundError, UnavailableError
from trackersync.model import Delta, Fate, IssueRef, Whereabouts

URL = "https://api.github.com"
LINKS = FieldNames(columns=frozenset({"links"}))
LIST = f"{URL}/repos/acme/web/issues"
NOON = {"Date": "Sun, 01 Mar 2026 12:00:30 GMT"}
SINCE = "2026-03-01T11:58:30Z"


def ref(number):
    return IssueRef("web", "github", f"I_{number}", f"acme/web#{number}")


def test_a_read_ends_with_a_cursor_a_little_before_it_began(connect, github):
    github.mock.get(LIST, json=[github.rest_issue(1)], headers=NOON)
    connector = connect()
    assert connector.cursor is None
    list(connector.pull())
    assert connector.cursor == SINCE


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}])
def test_without_the_servers_clock_there_is_no_cursor(headers, connect, github):
    github.mock.get(LIST, json=[], headers=headers)
    connector = connect()
    list(connector.pull())
    assert connector.cursor is None


def items(*numbers):
    nodes = [
        {"id": f"PVTI_{number}", "content": {"number": number, "repository": {"full_name": "acme/web"}}}
        for number in numbers
    ]
    return {"project": {"items": {"page": {"more": False}, "nodes": nodes}}}


def test_what_moved_on_the_project_is_found_though_nobody_touched_it(connect, github):
    github.will_answer(github.facts(), items(1, 2, 3), items(2, 1))
    github.mock.get(LIST, json=[github.rest_issue(number) for number in (1, 2, 3)], headers=NOON)
    connector = connect(project={"owner": "acme", "number": 7})
    assert connector.follows_board
    before = [issue for page in connector.pull() for issue in page]
    github.mock.replace("GET", LIST, json=[github.rest_issue(2, title="edited")], headers=NOON)
    (delta,) = connector.changes(SINCE)
    assert [(issue.title, issue.native_rank) for issue in delta.issues] == [("edited", "00000001")]
    now = connector.on_board([before[0], before[2]])
    assert [(issue.ref.key, issue.native_rank, dict(issue.native_ids)) for issue in now] == [
        ("acme/web#1", "00000002", {"project_item": "PVTI_1"}),
        ("acme/web#3", None, {}),
    ]
    assert connector.on_board(now) == []
    assert len(github.asked) == 3
    assert not connect().follows_board


def by_question(github, listed, touched):
    """Lists of the selection in turn, each of several pages, and what was touched since."""
    passes = iter(listed)

    def answer(request):
        query = parse_qs(urlsplit(request.url).query)
        if "since" in query:
            return 200, NOON, json.dumps(next(touched))
        if "page" not in query:
            answer.pages = next(passes)
        place = int(query.get("page", ["1"])[0])
        more = {"Link": f'<{LIST}?page={place + 1}>; rel="next"'} if place < len(answer.pages) else {}
        return 200, NOON | more, json.dumps(answer.pages[place - 1])

    github.mock.add_callback("GET", LIST, callback=answer)


def test_what_slipped_to_a_page_that_was_read_already_is_read_once_more(connect, github):
    one, two, three, four = (github.rest_issue(number) for number in range(1, 5))
    closed = github.rest_issue(1, state="closed")
    # While the first page was read the first issue closed, and the third slipped onto it.
    by_question(github, [[[one, two], [four]], [[two, three], [four]]], iter([[closed], []]))
    found = [issue.ref.key for page in connect().pull() for issue in page]
    assert found == ["acme/web#1", "acme/web#2", "acme/web#4", "acme/web#3"]


def test_where_issues_keep_leaving_the_read_is_given_up_and_never_short(connect, github):
    page, closed = [github.rest_issue(1)], [github.rest_issue(9, state="closed")]
    by_question(github, [[page, page]] * 3, repeat(closed))
    connector = connect()
    with pytest.raises(UnavailableError, match="issues keep leaving the selection while acme/web is read: 3 times"):
        list(connector.pull())
    assert connector.cursor is None


def test_a_list_that_cannot_shift_is_not_asked_about(connect, github):
    by_question(github, [[[github.rest_issue(1)], [github.rest_issue(2)]]], iter([]))
    assert len(list(connect(select={"state": "all"}).pull())) == 2
    assert len(github.gets) == 2


def test_an_idle_repository_costs_one_request(connect, github):
    github.mock.get(LIST, json=[], headers=NOON)
    connector = connect()
    assert list(connector.changes("2026-02-01T00:00:00Z")) == [Delta([], [])]
    (asked,) = github.gets
    assert parse_qs(urlsplit(asked).query) == {
        "per_page": ["100"], "state": ["all"], "sort": ["updated"], "direction": ["asc"],
        "since": ["2026-02-01T00:00:00Z"],
    }  # fmt: skip
    assert connector.cursor == SINCE


def test_what_is_selected_no_more_has_left_and_pull_requests_never_were(connect, github):
    milestone = {"title": "M1", "due_on": None}
    github.mock.get(
        LIST,
        json=[
            github.rest_issue(1, labels=["bug"], milestone=milestone),
            github.rest_issue(2, labels=["bug"], milestone=milestone, state="closed"),
            github.rest_issue(3, labels=["bug", "wontfix"], milestone=milestone),
            github.rest_issue(4, labels=["bug"]),
            github.rest_issue(5, milestone=milestone),
            github.rest_issue(6, labels=["bug"], milestone=milestone, pull_request={}),
        ],
        headers=NOON,
    )
    select = {"labels": ["bug"], "without_labels": ["wontfix"], "milestone": "M1"}
    (delta,) = connect(select=select).changes(SINCE)
    assert [issue.ref.key for issue in delta.issues] == ["acme/web#1"]
    assert delta.left == ["I_2", "I_3", "I_4", "I_5"]


def test_who_blocks_whom_is_asked_for_those_that_are_blocked(connect, github):
    blocked = {"blocked_by": 1, "blocking": 0}
    github.mock.get(LIST, json=[github.rest_issue(1, issue_dependencies_summary=blocked), github.rest_issue(2)])
    node = {
        "kind": "Issue",
        "blocked_by": {"nodes": [{"number": 9, "repository": {"full_name": "acme/web"}}]},
        "blocking": {"nodes": []},
    }
    github.will_answer({"nodes": [node]})
    (delta,) = connect(LINKS).changes(SINCE)
    assert [[link.target for link in issue.links] for issue in delta.issues] == [["github:acme/web#9"], []]
    assert len(github.asked) == 1


def test_a_read_that_breaks_moves_no_cursor(connect, github):
    github.mock.get(LIST, status=502)
    connector = connect()
    with pytest.raises(UnavailableError):
        list(connector.changes(SINCE))
    assert connector.cursor is None


def test_deleted_moved_hidden_and_unselected_are_told_apart(connect, github):
    github.mock.get(f"{LIST}/1", status=410, json={"message": "This issue was deleted"})
    github.mock.get(f"{LIST}/2", status=404, json={"message": "Not Found"})
    github.mock.get(f"{LIST}/3", status=301, headers={"Location": f"{URL}/repositories/2/issues/30"})
    elsewhere = github.rest_issue(30, repository_url=f"{URL}/repos/acme/other")
    github.mock.get(f"{URL}/repositories/2/issues/30", json=elsewhere)
    github.mock.get(f"{LIST}/4", json=github.rest_issue(4, state="closed"))
    assert connect().whereabouts([ref(number) for number in range(1, 5)]) == {
        "I_1": Whereabouts(Fate.DELETED), "I_2": Whereabouts(Fate.HIDDEN),
        "I_3": Whereabouts(Fate.MOVED, "acme/other#30"), "I_4": Whereabouts(Fate.UNSELECTED),
    }  # fmt: skip


def test_of_many_that_are_gone_the_first_hundred_are_asked_about(connect, github):
    for number in range(1, 121):
        github.mock.get(f"{LIST}/{number}", status=410, json={})
    found = connect().whereabouts([ref(number) for number in range(1, 121)])
    assert len(github.gets) == 100
    assert [found[f"I_{number}"].fate for number in (1, 100, 101)] == [Fate.DELETED, Fate.DELETED, Fate.UNKNOWN]


def numbered(github, count, broken=()):
    """Pages of one issue each; the first tells the last, as GitHub does where it counts pages."""
    together = Barrier(2, timeout=10)

    def answer(request):
        number = int(parse_qs(urlsplit(request.url).query).get("page", ["1"])[0])
        if "since" in request.url:
            return 200, NOON, "[]"
        if 1 < number < count:
            together.wait()  # nobody is answered before a second one asks
        if number in broken:
            return 404, {}, "{}"
        links = [f'<{LIST}?per_page=100&page={n}>; rel="{rel}"' for rel, n in (("next", number + 1), ("last", count))]
        headers = {"Link": ", ".join(links)} if number < count else {}
        return 200, NOON | headers, json.dumps([github.rest_issue(number)])

    github.mock.add_callback("GET", LIST, callback=answer)


def test_pages_that_are_counted_are_asked_for_at_once_and_come_in_order(connect, github):
    numbered(github, 10)
    found = [issue.ref.key for page in connect().pull() for issue in page]
    assert found == [f"acme/web#{number}" for number in range(1, 11)]
    assert len(github.gets) == 11


def test_a_counted_page_that_fails_is_an_error_in_its_place(connect, github):
    numbered(github, 6, broken=(4,))
    pages = connect().pull()
    assert [issue.ref.key for page in islice(pages, 3) for issue in page] == [f"acme/web#{n}" for n in (1, 2, 3)]
    with pytest.raises(NotFoundError):
        next(pages)


def test_ids_are_not_listed_since_they_come_no_cheaper_than_issues(connect):
    assert connect().census() is None


def test_places_are_read_anew_from_the_list_of_the_project(connect, github):
    github.will_answer(github.facts(), items(1, 2, 3), items(3, 1))
    github.mock.get(LIST, json=[github.rest_issue(number) for number in (1, 2, 3)], headers=NOON)
    connector = connect(project={"owner": "acme", "number": 7})
    one, two, three = (issue.ref for page in connector.pull() for issue in page)
    assert connector.places([one, two, three]) == {three.id: "00000001", one.id: "00000002"}
