"""What a query costs by GitHub's published formula.

Points are the requests needed to fulfil every connection, assuming that each is filled up to its `first`, divided by
100 and rounded, at least 1: docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    value_from_ast_untyped,
)

_REQUESTS_A_POINT = 100


@dataclass(slots=True)
class Cost:
    """The price of one operation."""

    requests: int = 0
    node_count: int = 0

    @property
    def points(self) -> int:
        """What is taken from the hour's budget."""
        return max(1, round(self.requests / _REQUESTS_A_POINT))


def price(document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Cost:
    """The cost of an operation of a valid document."""
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    cost = Cost()
    _walk(operation.selection_set, 1, _Scope(fragments, variables, cost))
    return cost


@dataclass(frozen=True, slots=True)
class _Scope:
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    cost: Cost


def _walk(selections: SelectionSetNode | None, parents: int, scope: _Scope) -> None:
    for part in selections.selections if selections else ():
        if isinstance(part, FieldNode):
            _walk(part.selection_set, _count(part, parents, scope), scope)
        elif isinstance(part, FragmentSpreadNode):
            _walk(scope.fragments[part.name.value].selection_set, parents, scope)
        elif isinstance(part, InlineFragmentNode):
            _walk(part.selection_set, parents, scope)


def _count(field: FieldNode, parents: int, scope: _Scope) -> int:
    """How many objects the field stands for below `parents` objects."""
    arguments = {part.name.value: part.value for part in field.arguments or ()}
    if "first" in arguments:
        first = value_from_ast_untyped(arguments["first"], dict(scope.variables)) or 0
        scope.cost.requests += parents
        scope.cost.node_count += parents * first
        return parents * first
    if field.name.value == "nodes" and "ids" in arguments:
        count = len(value_from_ast_untyped(arguments["ids"], dict(scope.variables)) or ())
        scope.cost.requests += 1
        scope.cost.node_count += count
        return count
    return parents
