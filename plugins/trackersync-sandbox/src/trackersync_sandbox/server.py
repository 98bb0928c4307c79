"""Puts the application on a loopback port."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

from trackersync_sandbox.app import Sandbox

HOST = "127.0.0.1"
"""The only address ever bound: what a sandbox holds is for this machine."""
_THREADS = 8


class Server:
    """A sandbox that listens from construction on; `run` serves until `close` or Ctrl-C."""

    def __init__(self, app: Sandbox, port: int = 0) -> None:
        """`port` 0 takes a free one. Raises OSError where the port is taken."""
        # Callers that wait for each other and answers cut off are the rule here, not worth a warning each time.
        logging.getLogger("waitress").setLevel(logging.ERROR)
        listener = _listener(port)
        self.port: int = listener.getsockname()[1]
        self._open: dict[int, Any] = {}
        self._server: Any = create_server(
            app, map=self._open, sockets=[listener], threads=_THREADS, ident="trackersync-sandbox"
        )
        self._serving = threading.Event()

    @property
    def url(self) -> str:
        """The address without a slash at the end."""
        return f"http://localhost:{self.port}"

    def run(self) -> None:
        """Serve until closed."""
        self._serving.set()
        try:
            self._server.run()
        finally:
            self._serving.clear()

    @contextmanager
    def in_background(self) -> Iterator[str]:
        """Serve from a thread of its own until the block ends, and be closed then; tells the address."""
        thread = threading.Thread(target=self.run, daemon=True)
        thread.start()
        self._serving.wait()
        try:
            yield self.url
        finally:
            self.close()
            thread.join()

    def close(self) -> None:
        """Stop listening, drop every connection and end the worker threads. Safe to call from any thread."""
        if self._serving.is_set():
            # A request that ended just now may have woken it in between, so that it has ended and closed the trigger.
            with suppress(OSError):
                self._server.trigger.pull_trigger(self._end)
        else:
            self._end()

    def _end(self) -> None:
        wasyncore.close_all(self._open)
        self._server.task_dispatcher.shutdown()


def _listener(port: int) -> socket.socket:
    """A socket bound here rather than by waitress, which leaves it open where the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener
