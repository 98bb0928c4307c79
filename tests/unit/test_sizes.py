"""Modules and functions stay small enough to be read at one sitting."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for folder in (ROOT / "src", *ROOT.glob("plugins/*/src")) for path in folder.rglob("*.py"))
MODULE_LINES = 400
BODY_LINES = 50

LONGER_ON_PURPOSE: dict[str, str] = {}
"""By `path` or `path:function`: why the limit does not serve there."""


def name(path):
    return path.relative_to(ROOT).as_posix()


def functions(path):
    """Every function of a file with the lines from its first statement after the docstring to its last."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            yield node.name, body[-1].end_lineno - body[0].lineno + 1 if body else 0


def too_long():
    for path in MODULES:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MODULE_LINES:
            yield name(path), lines
        yield from ((f"{name(path)}:{function}", body) for function, body in functions(path) if body > BODY_LINES)


@pytest.fixture(scope="module")
def found():
    return dict(too_long())


def test_there_is_code_to_look_at():
    assert len(MODULES) > 50


def test_nothing_is_longer_than_a_reader_can_hold(found):
    assert {place: lines for place, lines in found.items() if place not in LONGER_ON_PURPOSE} == {}


def test_every_exception_is_still_needed(found):
    assert set(LONGER_ON_PURPOSE) <= set(found)


def test_no_module_is_named_after_nothing():
    assert not {path.stem for path in MODULES} & {"utils", "util", "helpers", "helper", "common", "base", "manager"}
