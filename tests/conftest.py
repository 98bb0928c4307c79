"""What every test may use: issues made of what matters to the test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from trackersync.model import Issue, IssueRef, StateCategory

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def make_issue(number: int = 1, **values: Any) -> Issue:
    tracker = values.pop("tracker", "core")
    ref = values.pop("ref", IssueRef(tracker, "memory", f"id{number}", f"CORE-{number}"))
    defaults: dict[str, Any] = {
        "title": f"Issue {number}",
        "url": f"https://tracker.example/browse/{ref.key}",
        "state": "open",
        "state_category": StateCategory.TODO,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Issue(ref=ref, **{**defaults, **values})


@pytest.fixture
def issue() -> Callable[..., Issue]:
    return make_issue


@pytest.fixture
def now() -> datetime:
    return NOW
