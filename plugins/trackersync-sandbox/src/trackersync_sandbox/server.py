"""Puts the application on a loopback port."""

from __future__ import annotations

from typing import Any

from trackersync_sandbox.app import Sandbox

HOST = "127.0.0.1"
"""The only address ever bound: what a sandbox holds is for this machine."""
_THREADS = 8


class Server:
    """A sandbox that listens from construction on; `run` serves until `close` or Ctrl-C."""

    def __init__(self, app: Sandbox, port: int = 0) -> None:
        """`port` 0 takes a free one. Raises OSError where the port is taken."""
        from waitress.server import create_server

        server: Any = create_server(app, host=HOST, port=port, threads=_THREADS, ident="trackersync-sandbox")
        self._server = server
        self.port: int = server.effective_port

    @property
    def url(self) -> str:
        """The address without a slash at the end."""
        return f"http://localhost:{self.port}"

    def run(self) -> None:
        """Serve until closed."""
        self._server.run()

    def close(self) -> None:
        """Stop listening and end the worker threads."""
        self._server.close()
        self._server.task_dispatcher.shutdown()
