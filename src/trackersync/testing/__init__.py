"""The contract of a connector made executable, and what its tests need."""

from trackersync.testing.clock import FakeClock

__all__ = ["FakeClock"]
