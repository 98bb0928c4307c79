"""trackersync, killed by SIGKILL at the Nth step: before or after a request or a commit, whichever comes Nth.

`victim.py N ARGUMENT…`; 0 kills never. The steps that were taken are told at the end, on the last line of stderr. It
sleeps for nobody: its clock moves on instead.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager

import requests.adapters

from trackersync.cli import main
from trackersync.store.database import Database
from trackersync.transport import SystemClock


class Steps:
    def __init__(self, last: int) -> None:
        self.taken = 0
        self._last = last

    def take(self) -> None:
        self.taken += 1
        if self.taken == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


def count_requests(steps: Steps) -> None:
    send = requests.adapters.HTTPAdapter.send

    def sent(*arguments, **named):
        steps.take()
        answer = send(*arguments, **named)
        steps.take()
        return answer

    requests.adapters.HTTPAdapter.send = sent


def count_commits(steps: Steps, name: str) -> None:
    write = getattr(Database, name)

    @contextmanager
    def written(self: Database):
        with write(self) as connection:
            yield connection
            steps.take()
        steps.take()

    setattr(Database, name, written)


def sleep_never() -> None:
    slept: list[float] = []
    SystemClock.sleep = lambda _, seconds: slept.append(seconds)
    SystemClock.monotonic = lambda _: time.monotonic() + sum(slept)


if __name__ == "__main__":
    steps = Steps(int(sys.argv.pop(1)))
    count_requests(steps)
    count_commits(steps, "write")
    count_commits(steps, "write_quickly")
    sleep_never()
    try:
        main()
    finally:
        print(steps.taken, file=sys.stderr)
