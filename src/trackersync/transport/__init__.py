"""What every HTTP connector needs: one session, limiter and retry, with time passed in.

A name is loaded when it is first used: what works on stored issues alone has no use for all that HTTP takes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackersync.transport.client import Client
    from trackersync.transport.clock import Clock, SystemClock
    from trackersync.transport.graphql import GraphQLError, GraphQLResult
    from trackersync.transport.response import Response
    from trackersync.transport.session import Transport

__all__ = ["Client", "Clock", "GraphQLError", "GraphQLResult", "Response", "SystemClock", "Transport"]

_HOMES = {
    "Client": "client",
    "Clock": "clock",
    "GraphQLError": "graphql",
    "GraphQLResult": "graphql",
    "Response": "response",
    "SystemClock": "clock",
    "Transport": "session",
}


def __getattr__(name: str) -> object:
    """Find a name in the module where it is at home (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
