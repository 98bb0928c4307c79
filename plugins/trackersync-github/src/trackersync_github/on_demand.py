"""What is asked for only where the rules use it, by column: who uses none of it sends nothing for it."""

from __future__ import annotations

PULL_REQUESTS = "pull_requests_open"
"""The column that tells how many open pull requests will close an issue."""
LINKS = "links"
"""The column that tells who blocks whom, for a request more for every hundred issues that have dependencies.

How many block an issue, and how many it blocks, comes with the issue itself.
"""
COLUMNS = frozenset({PULL_REQUESTS, LINKS})
