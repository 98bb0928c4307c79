"""What every HTTP connector needs: one session, limiter and retry, with time passed in."""

from trackersync.transport.client import Client
from trackersync.transport.clock import Clock, SystemClock
from trackersync.transport.graphql import GraphQLError, GraphQLResult
from trackersync.transport.response import Response
from trackersync.transport.session import Transport

__all__ = ["Client", "Clock", "GraphQLError", "GraphQLResult", "Response", "SystemClock", "Transport"]
