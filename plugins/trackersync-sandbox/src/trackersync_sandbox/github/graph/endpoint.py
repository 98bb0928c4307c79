"""`POST /graphql`: parse, validate, price, execute, and answer with HTTP 200 whatever became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execute_sync,
    get_operation_ast,
    parse,
    print_ast,
    validate,
)
from werkzeug import Response

from trackersync_sandbox.github.answers import Budget, refusal
from trackersync_sandbox.github.graph.context import Context
from trackersync_sandbox.github.graph.cost import price
from trackersync_sandbox.github.graph.fields import RESOLVERS, resolve_by_name, resolve_type
from trackersync_sandbox.github.graph.mutations import MUTATIONS
from trackersync_sandbox.github.graph.refusals import render_error
from trackersync_sandbox.github.world import World
from trackersync_sandbox.state import Call, Requests, json_response


class _Request(msgspec.Struct):
    query: str
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815 - GraphQL's own name


class Graph:
    """The endpoint over one world."""

    def __init__(self, world: World, budget_of: Callable[[Call], Budget], requests: Requests) -> None:
        self._world = world
        self._budget_of = budget_of
        self._requests = requests
        self._schema = _schema()

    def answer(self, call: Call) -> Response:
        """The answer to one request."""
        try:
            wanted = msgspec.json.decode(call.request.get_data(), type=_Request)
        except msgspec.DecodeError as exc:
            raise refusal(400, "A query attribute must be specified and must be a string.") from exc
        try:
            document = parse(wanted.query)
        except GraphQLError as exc:
            return json_response({"errors": [render_error(exc)]})
        return json_response(self._execute(call, document, wanted))

    def _execute(self, call: Call, document: DocumentNode, wanted: _Request) -> dict[str, Any]:
        if errors := validate(self._schema, document):
            return {"errors": [render_error(error) for error in errors]}
        operation = get_operation_ast(document, wanted.operationName)
        if operation is None:
            return {"errors": [{"message": f"No operation named {wanted.operationName!r}"}]}
        if operation.operation is OperationType.MUTATION:
            self._requests.count_mutations(len(operation.selection_set.selections))
        cost = price(document, operation, wanted.variables or {})
        budget = self._budget_of(call)
        budget.spend("graphql", cost.points)
        result = execute_sync(
            self._schema,
            _what_to_do(document, operation),
            variable_values=wanted.variables,
            operation_name=wanted.operationName,
            context_value=Context(self._world, call.base, cost, budget, call.refused),
            field_resolver=resolve_by_name,
            type_resolver=resolve_type,
        )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [render_error(error) for error in result.errors]
        return answer


@cache
def _schema() -> GraphQLSchema:
    """The same for every world: resolvers find theirs in the context."""
    text = (files("trackersync_sandbox") / "github" / "schema.graphql").read_text("utf-8")
    schema = build_schema(text)
    resolvers: Mapping[str, Mapping[str, Any]] = {**RESOLVERS, "Mutation": MUTATIONS}
    for type_name, fields in resolvers.items():
        kind: Any = schema.type_map[type_name]
        for name, resolver in fields.items():
            kind.fields[name].resolve = resolver
    return schema


def _what_to_do(document: DocumentNode, operation: OperationDefinitionNode) -> DocumentNode:
    """With `rateLimit(dryRun: true)` the operation is priced and nothing else of it is carried out."""
    dry = [part for part in operation.selection_set.selections if isinstance(part, FieldNode) and _is_dry(part)]
    if not dry:
        return document
    name = f"{operation.name.value} " if operation.name else ""
    return parse(f"query {name}{{ {' '.join(map(print_ast, dry))} }}")


def _is_dry(field: FieldNode) -> bool:
    return field.name.value == "rateLimit" and any(
        part.name.value == "dryRun" and getattr(part.value, "value", False) is True for part in field.arguments or ()
    )
