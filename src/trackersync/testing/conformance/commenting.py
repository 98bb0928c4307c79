"""Our one comment: it is read as it was written, edited in place, and nobody else's is touched."""

from __future__ import annotations

import pytest

from trackersync.change import WriteTarget
from trackersync.connector import Target
from trackersync.model import Issue
from trackersync.testing.conformance.check import Checks, seeds
from trackersync.testing.conformance.written import apply, change_to, fetched, issues_of, write
from trackersync.testing.double import TrackerDouble

COMMENT = WriteTarget("comment")
AWKWARD = "Priority P1, score 7.\nBecause of @somebody: *a* <b>, #1 & `c_d_e`\n- 1. Łódź 🚲"
"""What means something else wherever text is marked up, on several lines."""
_REMARK = "Why so?"


class CommentChecks(Checks):
    """What `apply` and `fetch` promise of comments, where the connector declares them and is made to want them."""

    def test_comment_is_read_as_it_was_written(self, tracker: TrackerDouble, connector: Target) -> None:
        issue = _first_of_two(tracker, connector)
        _say(connector, issue, AWKWARD)
        assert fetched(connector, issue).comment == AWKWARD
        assert fetched(connector, issues_of(connector)[2]).comment is None
        assert len(tracker.comments(1)) == 1

    def test_comment_is_edited_in_place(self, tracker: TrackerDouble, connector: Target) -> None:
        issue = _first_of_two(tracker, connector)
        for text in ("the first", "the second"):
            _say(connector, issue, text)
            assert fetched(connector, issue).comment == text
        assert len(tracker.comments(1)) == 1, "people get mail of a second comment, and not of an edit"

    def test_comment_written_twice_is_one(self, tracker: TrackerDouble, connector: Target) -> None:
        issue = _first_of_two(tracker, connector)
        change = change_to(fetched(connector, issue), COMMENT, "the same")
        write(connector, [change])
        apply(connector, [change])
        assert len(tracker.comments(1)) == 1

    def test_cleared_comment_is_gone(self, tracker: TrackerDouble, connector: Target) -> None:
        issue = _first_of_two(tracker, connector)
        _say(connector, issue, "for a while")
        _say(connector, issue, None)
        assert fetched(connector, issue).comment is None

    def test_foreign_comments_survive(self, tracker: TrackerDouble, connector: Target) -> None:
        issue = _first_of_two(tracker, connector)
        tracker.remark(1, _REMARK)
        assert fetched(connector, issue).comment is None, "only our own comment is told"
        for text in ("the first", "the second", None):
            _say(connector, issue, text)
            assert any(_REMARK in comment for comment in tracker.comments(1))


def _first_of_two(tracker: TrackerDouble, connector: Target) -> Issue:
    if not connector.capabilities.comments:
        pytest.skip("the connector keeps no comment")
    tracker.seed(seeds(2))
    return issues_of(connector)[1]


def _say(connector: Target, issue: Issue, text: str | None) -> None:
    write(connector, [change_to(fetched(connector, issue), COMMENT, text)])
