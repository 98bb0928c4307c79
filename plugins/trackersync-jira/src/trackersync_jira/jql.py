"""The little of JQL that reading needs: the filter without its order, and an order that paging can rely on; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

# Strings come first, so that "order by" inside one is never taken for the clause; quotes are escaped by a backslash.
_STRING_OR_ORDER = re.compile(
    r""" "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | \\. | (?P<order>(?<![\w.\[\]-])order\s+by(?![\w.-])) """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def without_order(jql: str) -> str:
    """The filter alone. ORDER BY can only stand last, and outside of strings both its words are reserved."""
    for found in _STRING_OR_ORDER.finditer(jql):
        if found["order"]:
            return jql[: found.start()].rstrip()
    return jql.rstrip()


def in_fixed_order(jql: str) -> str:
    """The same issues in an order that no edit changes, so that pages neither overlap nor leave gaps."""
    return f"{without_order(jql)} ORDER BY id ASC".lstrip()


def touched_since(jql: str, projects: Collection[str], since: str) -> str:
    """What was touched and is selected, or is in these projects and may have been; in the fixed order.

    `since` is a number of milliseconds since the epoch, which no time zone moves, or a quoted date.
    """
    wanted = f"({without_order(jql)})"
    if projects:
        wanted = f"({wanted} OR project in ({', '.join(_quoted(key) for key in sorted(projects))}))"
    return in_fixed_order(f"{wanted} AND updated >= {since}")


def selected_among(jql: str, ids: Sequence[str]) -> str:
    """Those of these ids that are selected, in the fixed order."""
    return in_fixed_order(f"({without_order(jql)}) AND id in ({', '.join(ids)})")


def project_of(key: str) -> str:
    """`CORE` of `CORE-7`."""
    return key.rpartition("-")[0]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def with_ids(ids: list[str]) -> str:
    """The issues with these ids, in the fixed order."""
    return in_fixed_order(f"id in ({', '.join(ids)})")
