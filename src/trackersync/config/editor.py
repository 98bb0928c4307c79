"""The JSON Schema of the file, the settings of the installed connectors included, for editors."""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from typing import Any

from trackersync.config.reading import READABLE
from trackersync.config.rules_shape import Shape
from trackersync.config.shape import FileShape
from trackersync.connector import Source
from trackersync.errors import PluginError
from trackersync.registry import Registry

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(registry: Registry | None = None) -> dict[str, Any]:
    """JSON Schema 2020-12 of the whole file; a connector that does not load is left out."""
    from trackersync.scoring.frameworks import FRAMEWORKS

    found = FileShape.model_json_schema(by_alias=True, mode="validation")
    definitions = found["$defs"]
    for shape in Shape.__subclasses__():
        if section := found if shape is FileShape else definitions.get(shape.__name__):
            _describe(shape, section)
    definitions["ScoringShape"]["properties"]["framework"] = {
        "description": "The scoring method by name.",
        "oneOf": [{"const": name, "description": each.doc} for name, each in FRAMEWORKS.items()],
    }
    definitions["SourceShape"]["properties"]["column"] |= {"anyOf": [{"enum": [*READABLE]}, {"type": "null"}]}
    definitions["TrackerShape"] = {
        "description": "One place with issues, under a name of the team's choosing.",
        "oneOf": [_section(name, source, definitions) for name, source in _loaded(registry or Registry())],
    }
    return {"$schema": DIALECT, **found}


def _describe(shape: type[Shape], section: dict[str, Any]) -> None:
    """Describe every key by the docstring under it.

    Pydantic could, but it would parse the source again at every start of the program, when nobody asks for a schema.
    """
    [definition] = ast.parse(inspect.getsource(shape)).body
    assert isinstance(definition, ast.ClassDef)
    for statement, below in pairwise(definition.body):
        match statement, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                key = shape.model_fields[name].alias or name
                section["properties"][key].setdefault("description", inspect.cleandoc(text))
            case _:
                pass


def _loaded(registry: Registry) -> list[tuple[str, type[Source]]]:
    found = []
    for name in registry.names():
        try:
            found.append((name, registry.load(name)))
        except PluginError:
            continue  # `trackersync connectors` says why
    return found


def _section(name: str, source: type[Source], definitions: dict[str, Any]) -> dict[str, Any]:
    """One connector's section; its own definitions move to the top, under names that no other connector uses."""
    section = source.Settings.model_json_schema(by_alias=True, ref_template=f"#/$defs/{name}.{{model}}")
    definitions |= {f"{name}.{model}": each for model, each in section.pop("$defs", {}).items()}
    section["properties"] = {"connector": {"const": name}, **section.get("properties", {})}
    section["required"] = ["connector", *section.get("required", [])]
    return section
