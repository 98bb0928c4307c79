"""What is asked for only where the rules use it, by column: who uses none of it sends nothing for it."""

from __future__ import annotations

PULL_REQUESTS = "pull_requests_open"
"""The column that tells how many open pull requests will close an issue."""
