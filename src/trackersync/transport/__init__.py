"""What every HTTP connector needs: one session, limiter and retry, with time passed in."""

from trackersync.transport.client import Client, GraphQLError, GraphQLResult, Response
from trackersync.transport.clock import Clock, SystemClock
from trackersync.transport.session import Transport

__all__ = ["Client", "Clock", "GraphQLError", "GraphQLResult", "Response", "SystemClock", "Transport"]
