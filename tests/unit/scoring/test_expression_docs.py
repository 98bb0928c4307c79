"""The examples of docs/expressions.md do what the page says."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from trackersync.model import Direction, Link
from trackersync.scoring.columns import COLUMNS, Kind
from trackersync.scoring.evaluate import Table, evaluate, read_column
from trackersync.scoring.expressions import ExpressionError, parse
from trackersync.scoring.grammar import MAX_DEPTH, MAX_LENGTH
from trackersync.scoring.tree import FUNCTIONS

PAGE = (Path(__file__).parents[3] / "docs" / "expressions.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `([^`]+)` \| (.+?) \| (\S+) \|$", PAGE.partition("## Examples")[2], re.MULTILINE)
KINDS = {"reactions": "heart", "thumbs_up": "+1", "thumbs_down": "-1"}
LISTS = {"labels", "fix_versions", "affects_versions"}
AGES = {"age_days": "created_at", "updated_at": "updated_at"}


def values_of(described, now):
    if described == "nothing":
        return {}
    values = {}
    for name, value in (part.split(" ", 1) for part in described.split(", ")):
        if name in AGES:
            values[AGES[name]] = now - timedelta(days=int(value))
        elif name == "due_in_days":
            values["due_on"] = (now + timedelta(days=int(value))).date()
        elif name in KINDS:
            values["reactions"] = values.get("reactions", {}) | {KINDS[name]: int(value)}
        elif name == "links":
            values[name] = (Link(value, Direction.OUTWARD, "memory:CORE-2"),)
        else:
            values[name] = (value,) if name in LISTS else int(value) if value.isdigit() else value
    return values


def computed(text, of, now):
    try:
        expression = parse(text)
    except ExpressionError:
        expression = parse(text, wants=Kind.BOOLEAN)
    columns = {name: read_column(COLUMNS[name], [of], now) for name in expression.names}
    return evaluate(expression, Table(1, columns)).values[0]


@pytest.mark.parametrize(("text", "described", "promised"), EXAMPLES)
def test_every_example_of_the_page_gives_what_it_promises(text, described, promised, issue, now):
    words = {"absent": None, "true": True, "false": False}
    expected = words[promised] if promised in words else pytest.approx(float(promised))
    assert computed(text, issue(**values_of(described, now)), now) == expected


def test_the_page_has_examples_and_names_every_column_function_and_limit():
    assert len(EXAMPLES) > 15
    for name in (*COLUMNS, *FUNCTIONS):
        assert f"`{name}`" in PAGE
    assert f"{MAX_LENGTH:,} characters and {MAX_DEPTH}" in PAGE.replace("\n", " ")
