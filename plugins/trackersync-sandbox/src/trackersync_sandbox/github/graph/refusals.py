"""GitHub's GraphQL errors: HTTP 200, a `type`, and the path of the field or alias they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError

from trackersync_sandbox.state import JSON


class RefusalError(Exception):
    """Raised by a resolver: the field becomes null, everything else stands."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def missing_node(node_id: Any) -> RefusalError:
    """No such node, or none of the kind that is needed here."""
    return RefusalError("NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'")


def missing(kind: str, by: str) -> RefusalError:
    """`missing("Repository", "name 'a/b'")`."""
    article = "an" if kind[0] in "AEIO" else "a"
    return RefusalError("NOT_FOUND", f"Could not resolve to {article} {kind} with the {by}.")


def lacking_scope(field: str, scope: str, scopes: Sequence[str]) -> RefusalError:
    """The token may not do that."""
    return RefusalError(
        "INSUFFICIENT_SCOPES",
        "Your token has not been granted the required scopes to execute this query. "
        f"The '{field}' field requires one of the following scopes: ['{scope}'], "
        f"but your token has only been granted the: {list(scopes)} scopes.",
    )


def render_error(error: GraphQLError) -> JSON:
    """One entry of `errors`; an error that is no refusal is a mistake in the document."""
    rendered: JSON = {"message": error.message}
    if error.locations:
        rendered["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        rendered["path"] = list(error.path)
    if isinstance(error.original_error, RefusalError):
        rendered["type"] = error.original_error.kind
    return rendered
