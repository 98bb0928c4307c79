"""Jira's own refusals, word for word where they are known."""

from __future__ import annotations

from collections.abc import Mapping

from trackersync_sandbox.state import AnswerError, json_response

NO_ISSUE = "Issue does not exist or you do not have permission to see it."
HIDDEN = "You do not have the permission to see the specified issue."
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


def refusal(*messages: str, errors: Mapping[str, str] | None = None, status: int = 400) -> AnswerError:
    """An `ErrorCollection`: messages about the request, and by field what is wrong with it."""
    return AnswerError(json_response({"errorMessages": messages, "errors": errors or {}}, status))
