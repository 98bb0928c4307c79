"""What Jira says to a query it does not take."""

from __future__ import annotations


class JqlError(ValueError):
    """The query is refused; the text is Jira's own."""


def syntax_error(said: str, text: str, offset: int) -> JqlError:
    """A mistake in the grammar, with its place counted as Jira counts it: lines and characters from 1."""
    before = text[:offset]
    line, character = before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
    return JqlError(f"Error in the JQL Query: {said} (line {line}, character {character})")


def early_end(expected: str) -> JqlError:
    """The query ends where more had to come."""
    return JqlError(f"Error in the JQL Query: Expecting {expected} before the end of the query.")
