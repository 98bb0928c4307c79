"""The contract of a connector made executable, and what its tests need."""

import pytest

# Before the kit is imported, so that a plugin's author sees `assert ['A-1'] == ['A-2']` and not a bare AssertionError.
pytest.register_assert_rewrite("trackersync.testing.conformance")

from trackersync.testing.clock import FakeClock  # noqa: E402 - see above
from trackersync.testing.conformance import Names, SourceConformance, TargetConformance  # noqa: E402
from trackersync.testing.double import SeedIssue, SentRequest, TrackerDouble  # noqa: E402
from trackersync.testing.memory import MemoryConnector, MemorySettings  # noqa: E402
from trackersync.testing.memory_tracker import MemoryTracker  # noqa: E402

__all__ = [
    "FakeClock",
    "MemoryConnector",
    "MemorySettings",
    "MemoryTracker",
    "Names",
    "SeedIssue",
    "SentRequest",
    "SourceConformance",
    "TargetConformance",
    "TrackerDouble",
]
