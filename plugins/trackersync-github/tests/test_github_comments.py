"""The one comment on an issue: found wherever it stands, added once, edited in place."""

from __future__ import annotations

import pytest

from trackersync.connector import FieldNames
from trackersync.errors import InvalidResponseError
from trackersync_github.comment_text import body_of

WANTED = FieldNames(comment=True)


def said(*comments, more=None):
    """Comments as (id, body, whether ours), and the cursor of the next page."""
    nodes = [{"id": id_, "body": body, "mine": mine} for id_, body, mine in comments]
    return {"said": {"page": {"more": more is not None, "end": more}, "nodes": nodes}}


@pytest.fixture
def fetched(connect, github):
    """What `fetch` tells of these issues, whose first comments are given, and of the answers that follow."""

    def fetch(*firsts, then=()):
        nodes = [github.graph_issue(number, **first) for number, first in enumerate(firsts, start=1)]
        github.will_answer(github.facts(), {"nodes": nodes}, *then)
        found = connect(WANTED).fetch([node["node_id"] for node in nodes])
        return [(issue.comment, issue.native_ids.get("comment")) for issue in found.values()]

    return fetch


def test_ours_is_the_first_that_we_wrote_and_that_bears_the_mark(fetched, github, accepted):
    ours, forged = body_of("Rank 1"), body_of("Rank 9")
    first = said(("C1", forged, False), ("C2", "by hand", True), ("C3", ours, True), ("C4", forged, True))
    assert fetched(first, said()) == [("Rank 1", "C3"), (None, None)]
    assert len(github.asked) == 2
    assert accepted(github.asked[-1]["query"]) == []


def test_of_long_discussions_alone_more_is_read_until_ours_is_found(fetched, github, accepted):
    other = ("C0", "talk", False)
    second = {"i0": said(other, more="page 3"), "i1": said(("C7", body_of("late"), True), more="page 3")}
    third = {"i0": said(other)}
    firsts = [
        said(other, more="page 2"),
        said(other, more="page 2"),
        said(("C1", body_of("early"), True), more="page 2"),
    ]
    assert fetched(*firsts, then=(second, third)) == [(None, None), ("late", "C7"), ("early", "C1")]
    asked = [request["variables"] for request in github.asked[2:]]
    assert asked == [{"i0": "I_1", "a0": "page 2", "i1": "I_2", "a1": "page 2"}, {"i0": "I_1", "a0": "page 3"}]
    assert accepted(github.asked[-1]["query"]) == []


def test_an_issue_that_goes_away_meanwhile_has_no_comment(fetched):
    assert fetched(said(more="page 2"), then=({"i0": None},)) == [(None, None)]


def test_pages_of_comments_that_go_round_in_a_circle_are_an_error(fetched):
    with pytest.raises(InvalidResponseError):
        fetched(said(more="page 2"), then=({"i0": said(more="page 2")},))


def test_comments_are_not_asked_for_where_none_is_wanted(connect, github):
    github.will_answer(github.facts(), {"nodes": [github.graph_issue()]})
    connect().fetch(["I_1"])
    assert "said" not in github.asked[-1]["query"]


@pytest.mark.parametrize(
    ("own", "after", "mutation", "given"),
    [
        ({}, "Rank 1", "addComment", {"subjectId": "I_1", "body": body_of("Rank 1")}),
        ({"comment": "C1"}, "Rank 2", "updateIssueComment", {"id": "C1", "body": body_of("Rank 2")}),
        ({"comment": "C1"}, None, "deleteIssueComment", {"id": "C1"}),
    ],
)
def test_it_is_added_edited_and_deleted(connect, github, accepted, writing, own, after, mutation, given):
    one = writing.issue(native_ids=own)
    github.will_answer(github.facts(), writing.done)
    assert writing.apply(connect(WANTED), [writing.change(one, "comment", after)], one) == [("applied", "")]
    asked = github.asked[-1]
    assert asked["variables"] == {"m0": given}
    assert f"m0: {mutation}(" in asked["query"]
    assert accepted(asked["query"]) == []


def test_a_comment_that_is_gone_already_need_not_be_deleted(connect, github, writing):
    github.will_answer(github.facts())
    one = writing.issue()
    ((status, _),) = writing.apply(connect(WANTED), [writing.change(one, "comment", None, before="x")], one)
    assert status == "unchanged"


def test_only_those_who_get_a_first_comment_may_get_mail(connect, writing):
    one, two, three = (writing.issue(number) for number in (1, 2, 3))
    changes = [
        writing.change(one, "comment", "Rank 1"),
        writing.change(one, "labels", ("p/P0",), name="p/"),
        writing.change(two, "comment", "Rank 2", before="Rank 3"),
        writing.change(three, "comment", None, before="Rank 3"),
        writing.change(three, "field", 3, name="Score"),
    ]
    assert connect().forecast(changes, notify=True, ask=False).mailed == 1


def test_an_added_comment_whose_answer_is_lost_is_not_added_again(connect, github, writing):
    github.will_answer(github.facts(), (502, {}))
    one = writing.issue()
    ((status, _),) = writing.apply(connect(WANTED), [writing.change(one, "comment", "Rank 1")], one)
    assert (status, len(github.asked)) == ("unknown", 2)
