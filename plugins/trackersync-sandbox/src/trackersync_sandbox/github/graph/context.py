"""What every resolver knows besides the object at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from graphql import GraphQLResolveInfo

from trackersync_sandbox.github.answers import Budget
from trackersync_sandbox.github.graph.cost import Cost
from trackersync_sandbox.github.world import World


@dataclass(frozen=True, slots=True)
class Context:
    """One request to one world."""

    world: World
    base: str
    cost: Cost
    budget: Budget
    refused: Callable[[str], str | None]
    """See `Call.refused`."""


Info: TypeAlias = "GraphQLResolveInfo[Context]"
"""What graphql-core hands to a resolver."""
