"""Runs a command beside a sandbox and ends as the command does."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

URL = "TRACKERSYNC_SANDBOX_URL"
CONFIG = "TRACKERSYNC_CONFIG"
_TOKENS = ("GITHUB_TOKEN", "JIRA_TOKEN")
_ENDED_BY_SIGNAL = 128


def environment(url: str, config: str | None = None) -> Mapping[str, str]:
    """Ours, with the sandbox's address, a token that opens it where none is set, and the team's file."""
    told = {URL: url} if config is None else {URL: url, CONFIG: config}
    return {**dict.fromkeys(_TOKENS, "sandbox"), **os.environ, **told}


def rehearse(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the command to its end: its exit code, or 128 and the number of the signal that ended it.

    A terminal sends Ctrl-C to the command as well, which decides what it does then; SIGTERM is passed on to it. Raises
    OSError where the command cannot be run.
    """
    with subprocess.Popen(command, env=environment) as process, _signals_are_left_to(process):  # noqa: S603 - what the user asked for
        code = process.wait()
    return code if code >= 0 else _ENDED_BY_SIGNAL - code


@contextmanager
def _signals_are_left_to(process: subprocess.Popen[bytes]) -> Iterator[None]:
    # Only now: a signal that is ignored here before the command starts would be ignored by the command too.
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda number, _: process.send_signal(number)),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
