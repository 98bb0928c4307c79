"""Questions that are answered with yes or no, and that Ctrl-C ends."""

from __future__ import annotations

import signal
import sys
import threading

import click


def confirm(question: str, *, default: bool) -> bool:
    """Ask on the terminal, stderr, since results go to stdout. `click.Abort` on Ctrl-C."""
    _end_with_ctrl_c()
    return click.confirm(question, default=default, err=True)


def _end_with_ctrl_c() -> None:
    """Have Ctrl-C end the reading of a line: a library that has a handler of its own, as polars, has it go on."""
    if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
        signal.siginterrupt(signal.SIGINT, True)  # noqa: FBT003 - the standard library's signature
