"""What may be tried again, how often and how long: the only place that knows tenacity."""

from __future__ import annotations

from collections.abc import Callable

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from trackersync.errors import RateLimitError, UnavailableError
from trackersync.transport.clock import Clock

_WORTH_TELLING = 5.0
"""Seconds of silence after which a person wonders."""
_LONGEST_STEP = 60.0


class Budget:
    """The waiting one request may do: every sleep is paid from it, so the sum is bounded whatever the tracker says."""

    def __init__(self, clock: Clock, seconds: float, on_wait: Callable[[str, float], None] | None) -> None:
        self.left = seconds
        self.overdrawn = False
        self._clock = clock
        self._on_wait = on_wait

    def afford(self, seconds: float) -> bool:
        """Whether so much waiting is left; after the first no nothing more is tried."""
        self.overdrawn = self.overdrawn or seconds > self.left
        return not self.overdrawn

    def wait(self, seconds: float, why: str) -> None:
        """Sleep, and tell whoever listens if it takes long."""
        self.left -= seconds
        if self._on_wait and seconds >= _WORTH_TELLING:
            self._on_wait(why, seconds)
        self._clock.sleep(seconds)


def retrying(budget: Budget, *, attempts: int, safe: bool) -> Retrying:
    """Repeat what may be repeated, at most `attempts` times and within the budget; then raise the last error."""
    back_off = wait_exponential_jitter(initial=1.0, max=_LONGEST_STEP, jitter=1.0)

    def pause(state: RetryCallState) -> float:
        # Of a refusal with a time the limiter knows, and makes everyone wait, this request included.
        error = _error(state)
        heeded = isinstance(error, RateLimitError) and error.retry_after is not None
        return 0.0 if heeded else back_off(state)

    def enough(state: RetryCallState) -> bool:
        return stop_after_attempt(attempts)(state) or not budget.afford(state.upcoming_sleep)

    def sleep(state: RetryCallState) -> None:
        if state.upcoming_sleep:
            budget.wait(state.upcoming_sleep, str(_error(state)))

    return Retrying(
        retry=retry_if_exception(lambda error: not budget.overdrawn and may_repeat(error, safe=safe)),
        wait=pause,
        stop=enough,
        before_sleep=sleep,
        sleep=lambda _seconds: None,  # slept above, where the reason is known
        reraise=True,
    )


def may_repeat(error: BaseException, *, safe: bool) -> bool:
    """A refused or unsent request may always be repeated; one that may have been carried out only if it is safe."""
    if isinstance(error, UnavailableError):
        return safe or not error.sent
    return isinstance(error, RateLimitError)


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
