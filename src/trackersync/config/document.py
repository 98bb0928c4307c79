"""A YAML file as plain data that remembers the line of every key; knows YAML and nothing of what the keys mean.

Keys are always text as written (`1:` is the name "1"), dates stay text, and only YAML's own plain types are built:
a tag can construct nothing. Anchors, aliases and `<<` work; what they expand to is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from trackersync.errors import Problem

KeyPath = tuple[str | int, ...]

MAX_BYTES = 1_000_000
MAX_NODES = 100_000
"""Aliases included: a few lines of aliases of aliases can expand to billions."""
MAX_DEPTH = 40

_STANDARD = "tag:yaml.org,2002:"
_SCALARS = {_STANDARD + name for name in ("null", "bool", "int", "float")}
_TEXTS = {_STANDARD + name for name in ("str", "timestamp", "merge", "value")}
_MERGE = _STANDARD + "merge"


class Document(Struct):
    """The data of one file, where each part of it stands, and what is wrong with it as YAML."""

    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    """The line of every key and list item, counted from 1."""
    problems: list[Problem] = field(default_factory=list)
    folder: Path = field(default_factory=Path)
    """Where the file is."""

    def problem(self, path: KeyPath, message: str, hint: str | None = None) -> Problem:
        """A problem at this key, or at the nearest key around it that is in the file."""
        return Problem(message, path, locate(self.lines, path), hint)

    def mapping(self, path: KeyPath) -> dict[str, Any]:
        """The mapping at this path as it stands in the file, empty where something else stands there."""
        data = self.data
        for part in path:
            here = isinstance(data, dict) or (isinstance(data, list) and isinstance(part, int) and part < len(data))
            data = data.get(part) if isinstance(data, dict) else data[part] if here else None
        return data if isinstance(data, dict) else {}


def locate(lines: Mapping[KeyPath, int], path: KeyPath) -> int | None:
    """The line of the key, or of the nearest one around it; None where the file has no data at all."""
    return next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), None)


def read_document(path: Path) -> Document:
    """The file's content; what stops the reading is among the `problems`, and `data` is then None."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return _failed("the file does not exist", hint="`trackersync init` writes one to start from")
    except OSError as error:
        return _failed(f"the file cannot be read: {error.strerror}")
    if len(content) > MAX_BYTES:
        return _failed(f"the file is larger than {MAX_BYTES:,} bytes, which no team's rules are")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _failed("the file is not UTF-8 text", line, "save it with the encoding UTF-8")
    return replace(parse_document(text), folder=path.parent)


def parse_document(text: str) -> Document:
    """The same from text."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        return _failed(*_syntax(error))
    except YAMLError as error:
        return _failed(f"the file is not valid YAML: {str(error).splitlines()[0]}")
    except RecursionError:
        return _failed(_TOO_DEEP)
    document = Document() if root is None else _Reading().read(root)
    if document.data is None and not document.problems:
        return _failed("the file is empty", hint="`trackersync init` writes one to start from")
    return document


_TOO_DEEP = f"the file is nested more than {MAX_DEPTH} levels deep"


def _failed(message: str, line: int | None = None, hint: str | None = None) -> Document:
    return Document(problems=[Problem(message, line=line, hint=hint)])


def _syntax(error: MarkedYAMLError) -> tuple[str, int | None, str | None]:
    mark = error.problem_mark or error.context_mark
    what = ": ".join(part for part in (error.context, error.problem) if part)
    hint = None
    if "'\\t'" in what:
        hint = "indent with spaces, not tabs"
    elif "mapping values are not allowed" in what:
        hint = "put a text that contains a colon in quotes, and indent the keys of one section alike"
    return f"the file is not valid YAML: {what}", mark.line + 1 if mark else None, hint


class _UnusableError(Exception):
    """The rest of the file is not worth reading."""


class _Reading:
    """One walk over the composed nodes, from the top of the file to its end."""

    def __init__(self) -> None:
        self.document = Document()
        self.count = 0
        self.constructor = YAML(typ="safe", pure=True).constructor

    def read(self, root: Node) -> Document:
        self.document.lines[()] = _line(root)
        try:
            self.document.data = self._value(root, ())
        except _UnusableError as error:
            return _failed(str(error), _line(root))
        except RecursionError:  # a mapping that merges itself
            return _failed(_TOO_DEEP, _line(root))
        return self.document

    def _value(self, node: Node, path: KeyPath) -> Any:
        self.count += 1
        if self.count > MAX_NODES:
            raise _UnusableError(f"the file expands to more than {MAX_NODES:,} values; look at its aliases")
        if len(path) > MAX_DEPTH:
            raise _UnusableError(_TOO_DEEP)
        match node:
            case MappingNode() if str(node.tag) == _STANDARD + "map":
                return self._mapping(node, path)
            case SequenceNode() if str(node.tag) == _STANDARD + "seq":
                return [self._item(item, (*path, index)) for index, item in enumerate(node.value)]
            case ScalarNode() if str(node.tag) in _SCALARS:
                return self._scalar(node, path)
            case ScalarNode() if str(node.tag) in _TEXTS:
                return node.value
        self._note(node, path, f"the tag {node.tag} is not used in this file", "remove it")
        return None

    def _item(self, node: Node, path: KeyPath) -> Any:
        self.document.lines[path] = _line(node)
        return self._value(node, path)

    def _scalar(self, node: ScalarNode, path: KeyPath) -> Any:
        try:
            return self.constructor.construct_object(node)
        except (ValueError, YAMLError):
            self._note(node, path, f"{node.value!r} cannot be read as {str(node.tag).removeprefix(_STANDARD)}", None)
            return None

    def _mapping(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        found = self._merged(node, path)
        own: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._note(key, path, "a key is not plain text", "write keys as single words or quoted text")
            elif key.value in own:
                first = own[key.value]
                self._note(key, (*path, key.value), f"is given twice, first in line {first}", "keep one of them")
            elif str(key.tag) != _MERGE:
                own[key.value] = self.document.lines[*path, key.value] = _line(key)
                found[key.value] = self._value(value, (*path, key.value))
        return found

    def _merged(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        """What the `<<` of a mapping bring in; of several, the first has the last word."""
        found: dict[str, Any] = {}
        for key, value in node.value:
            if isinstance(key, ScalarNode) and str(key.tag) == _MERGE:
                for source in reversed(value.value if isinstance(value, SequenceNode) else [value]):
                    if isinstance(source, MappingNode):
                        found |= self._mapping(source, path)
                    else:
                        self._note(key, path, "<< merges what is not a mapping", "point it at an anchor on a mapping")
        return found

    def _note(self, node: Node, path: KeyPath, message: str, hint: str | None) -> None:
        self.document.problems.append(Problem(message, path, _line(node), hint))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
