"""What the sandbox serves of GraphQL is a part of GitHub's own schema, definition by definition."""

from __future__ import annotations

from importlib.resources import files

import pytest
from graphql import parse, print_ast

OURS = parse((files("trackersync_sandbox") / "github" / "schema.graphql").read_text("utf-8"), no_location=True)


@pytest.mark.parametrize("ours", OURS.definitions, ids=lambda definition: definition.name.value)
def test_every_definition_is_a_part_of_githubs(ours, official_schema):
    official = official_schema[ours.name.value]
    assert ours.kind == official.kind
    assert names(ours, "interfaces") <= names(official, "interfaces")
    assert names(ours, "types") <= names(official, "types")
    assert names(ours, "values") <= names(official, "values")
    fields = {field.name.value: field for field in getattr(official, "fields", None) or ()}
    for field in getattr(ours, "fields", None) or ():
        same(field, fields[field.name.value])


def same(ours, official):
    """Same type and, of those we have, the same arguments; and none is left out that has to be given."""
    assert print_ast(ours.type) == print_ast(official.type), ours.name.value
    assert default(ours) == default(official)
    arguments = {argument.name.value: argument for argument in getattr(official, "arguments", None) or ()}
    given = {argument.name.value for argument in getattr(ours, "arguments", None) or ()}
    for argument in getattr(ours, "arguments", None) or ():
        same(argument, arguments[argument.name.value])
    assert not [name for name, one in arguments.items() if print_ast(one.type).endswith("!") and name not in given]


def default(node):
    value = getattr(node, "default_value", None)
    return value and print_ast(value)


def names(definition, kind):
    return {part.name.value for part in getattr(definition, kind, None) or ()}


def test_no_required_input_is_left_out(official_schema):
    for ours in OURS.definitions:
        if ours.kind == "input_object_type_definition":
            required = {
                one.name.value for one in official_schema[ours.name.value].fields if print_ast(one.type).endswith("!")
            }
            assert required <= names(ours, "fields"), ours.name.value
