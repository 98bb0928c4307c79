"""A clock that only a test moves, and the machine's own."""

from datetime import timedelta

from trackersync.testing import FakeClock
from trackersync.transport import Clock, SystemClock


def test_time_stands_still_but_for_sleep_and_advance():
    clock: Clock = FakeClock()
    begun, before = clock.now(), clock.monotonic()
    assert clock.now() == begun
    clock.sleep(90)
    clock.advance(10)
    assert clock.now() - begun == timedelta(seconds=100)
    assert clock.monotonic() - before == 100
    assert clock.sleeps == [90]


def test_the_machines_clock_is_aware_and_never_goes_back():
    clock: Clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    before = clock.monotonic()
    clock.sleep(0)
    assert clock.monotonic() >= before
