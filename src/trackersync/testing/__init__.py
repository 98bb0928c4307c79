"""The contract of a connector made executable, and what its tests need."""

from trackersync.testing.clock import FakeClock
from trackersync.testing.double import SeedIssue, SentRequest, TrackerDouble
from trackersync.testing.memory import MemoryConnector, MemorySettings
from trackersync.testing.memory_tracker import MemoryTracker

__all__ = [
    "FakeClock",
    "MemoryConnector",
    "MemorySettings",
    "MemoryTracker",
    "SeedIssue",
    "SentRequest",
    "TrackerDouble",
]
