"""Open pull requests are counted where the rules use them, and nobody else asks for one."""

from __future__ import annotations

import pytest

from trackersync.connector import FieldNames
from trackersync.errors import InvalidResponseError, NotFoundError, RejectedError

USED = FieldNames(columns=frozenset({"pull_requests_open"}))
LIST = "https://api.github.com/repos/acme/web/issues"
NOON = {"Date": "Sun, 01 Mar 2026 12:00:30 GMT"}
UNKNOWN = {"errors": [{"message": "Field 'closingIssuesReferences' doesn't exist on type 'PullRequest'"}]}


def pulls(*closing, end=None, repository="acme/web"):
    """A page of open pull requests; each closes issues of `acme/web` by number, or of another by its key."""

    def issue(named):
        place, _, number = named.partition("#") if isinstance(named, str) else ("acme/web", "", named)
        return {"number": int(number), "repository": {"full_name": place}}

    nodes = [
        None if numbers is None else {"closes": {"nodes": [issue(each) for each in numbers]}} for numbers in closing
    ]
    page = {"more": end is not None, "end": end}
    return {"repository": {"full_name": repository, "pulls": {"page": page, "nodes": nodes}}}


def counted(connector):
    return {issue.ref.key: issue.pull_requests_open for page in connector.pull() for issue in page}


def test_a_team_that_does_not_use_them_sends_not_one_request_more(connect, github):
    github.lists([github.rest_issue(1)])
    assert counted(connect()) == {"acme/web#1": None}
    assert github.asked == []
    github.will_answer(github.facts(), {"nodes": [github.graph_issue(1)]})
    assert connect().fetch(["I_1"])["I_1"].pull_requests_open is None
    assert "PullRequest" not in github.asked[-1]["query"]
    assert not connect().follows_board


def test_every_open_pull_request_counts_for_each_issue_that_it_closes(connect, github, accepted):
    github.lists([github.rest_issue(n) for n in (1, 2, 3)])
    github.will_answer(
        pulls([1, 2], [], None, ["acme/api#3", "Acme/Web#1"], end="c1"), pulls([1], [99], repository="Acme/web")
    )
    assert counted(connect(USED)) == {"acme/web#1": 3, "acme/web#2": 1, "acme/web#3": 0}
    first, second = github.asked
    assert accepted(first["query"]) == []
    assert first["variables"] == {"owner": "acme", "name": "web", "first": 100, "after": None}
    assert second["variables"]["after"] == "c1"


def test_they_are_read_from_their_own_side_and_cost_nothing_for_an_issue(connect, github):
    github.lists([github.rest_issue(n) for n in range(1, 101)], [github.rest_issue(101)])
    github.will_answer(pulls([1]))
    assert len(counted(connect(USED))) == 101
    assert (len(github.gets), len(github.asked)) == (2, 1)


def test_one_that_is_opened_or_closed_is_found_though_nobody_touched_the_issue(connect, github):
    github.will_answer(pulls([1], [2]), pulls([2], [3]))
    github.mock.get(LIST, json=[github.rest_issue(n) for n in (1, 2, 3, 4)], headers=NOON)
    connector = connect(USED)
    assert connector.follows_board
    before = [issue for page in connector.pull() for issue in page]
    github.mock.replace("GET", LIST, json=[github.rest_issue(4, title="edited")], headers=NOON)
    (delta,) = connector.changes(connector.cursor)
    assert [(issue.title, issue.pull_requests_open) for issue in delta.issues] == [("edited", 0)]
    now = connector.on_board(before[:3])
    assert [(issue.ref.key, issue.pull_requests_open) for issue in now] == [("acme/web#1", 0), ("acme/web#3", 1)]
    assert connector.on_board([*now, before[1]]) == []


def test_an_issue_that_is_fetched_is_asked_for_its_own(connect, github, accepted):
    here, elsewhere = {"full_name": "acme/web"}, {"full_name": "acme/api"}
    closing = [
        {"state": "OPEN", "repository": here}, {"state": "MERGED", "repository": here},
        {"state": "OPEN", "repository": elsewhere}, None,
    ]  # fmt: skip
    facts = github.facts()
    facts["issue"]["fields"].append({"name": "closedByPullRequestsReferences"})
    github.will_answer(facts, {"nodes": [github.graph_issue(1, pulls={"nodes": closing})]})
    assert connect(USED).fetch(["I_1"])["I_1"].pull_requests_open == 1
    assert accepted(github.asked[-1]["query"]) == []


def test_an_issue_is_not_asked_for_them_by_a_server_that_lacks_them(connect, github):
    github.will_answer(github.facts(), {"nodes": [github.graph_issue(1)]})
    assert connect(USED).fetch(["I_1"])["I_1"].pull_requests_open is None
    assert "closedBy" not in github.asked[-1]["query"]


@pytest.mark.parametrize("known", [["title"], ["title", "closingIssuesReferences"]])
def test_a_server_that_does_not_know_them_is_told_with_the_column_that_wants_them(connect, github, known):
    kinds = {"repository": {"fields": []}, "pulls": {"fields": [{"name": name} for name in known]}}
    github.will_answer((200, UNKNOWN), kinds)
    with pytest.raises(RejectedError) as error:
        counted(connect(USED))
    lacking = "does not know linked pull requests" in error.value.message
    assert lacking is (len(known) == 1)
    assert lacking is ("`pull_requests_open`" in (error.value.hint or ""))


def test_half_a_list_of_them_is_no_list(connect, github):
    github.will_answer(pulls([1], end="same"), pulls([1], end="same"))
    with pytest.raises(InvalidResponseError, match="no way to it"):
        counted(connect(USED))
    github.will_answer({"repository": None})
    with pytest.raises(NotFoundError, match="repository acme/web"):
        counted(connect(USED))
