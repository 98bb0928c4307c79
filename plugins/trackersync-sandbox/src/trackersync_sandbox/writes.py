"""Every single write that a request asks for, as one line: a mutation, an edit, one move of a run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_ASKS = frozenset({"GET", "HEAD", "POST"})
"""What a POST writes here, it writes as a mutation; all others search."""


def single_writes(method: str, path: str, body: bytes) -> Iterator[str]:
    """Yield the writes of a request that was carried out: those of equal lines did the same thing twice."""
    if path.endswith("graphql"):
        yield from _mutations(body)
    elif path.endswith("/issue/rank"):
        yield from _moves(body)
    elif method not in _ASKS:
        yield f"{method} {path} {body.decode('utf-8', 'replace')}"


def _mutations(body: bytes) -> Iterator[str]:
    asked = json.loads(body)
    query = str(asked.get("query"))
    if not query.lstrip().startswith("mutation"):
        return
    for mutation, variable in re.findall(r"(\w+)\(input: \$(\w+)\)", query):
        given = (asked.get("variables") or {}).get(variable)
        yield f"{mutation} {json.dumps(given, sort_keys=True)}"


def _moves(body: bytes) -> Iterator[str]:
    asked = json.loads(body)
    anchor = f"after {asked['rankAfterIssue']}" if "rankAfterIssue" in asked else f"before {asked['rankBeforeIssue']}"
    for issue in asked["issues"]:
        yield f"rank {issue} {anchor}"
        anchor = f"after {issue}"
