"""The language lets in what it should and nothing else, and says where it stumbled."""

from __future__ import annotations

import inspect
import sys

import pytest

from trackersync.errors import ConfigError
from trackersync.scoring.columns import COLUMNS, Kind
from trackersync.scoring.expressions import ExpressionError, parse
from trackersync.scoring.grammar import MAX_DEPTH, MAX_LENGTH, tokenize


@pytest.mark.parametrize(
    ("text", "offset", "nearest"),
    [
        ("efort + 1", 0, "effort"),
        ("1 + comits", 4, "comments"),
        ("reach * abss(effort)", 8, "abs"),
        ("'effort' = efort", 11, "effort"),
        ('"reech" * 2', 0, "reach"),
    ],
)
def test_an_unknown_name_is_refused_with_its_place_and_the_nearest_valid_one(text, offset, nearest):
    with pytest.raises(ExpressionError) as refused:
        parse(text, ["effort", "reach"])
    assert (refused.value.offset, refused.value.nearest) == (offset, nearest)
    assert f"at character {offset + 1}" in str(refused.value)
    assert refused.value.hint == f"did you mean {nearest}?"


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        ("   ", 0),
        ("votes +", 6),
        ("(votes", 1),
        ("votes)", 5),
        ("votes comments", 6),
        ("votes, comments", 5),
        ("votes; comments", 5),
        ("votes -- all of them", 6),
        ("votes /* all */", 6),
        ("(SELECT 1)", 1),
        ("votes IN (SELECT votes)", 10),
        ("CAST(votes AS text)", 0),
        ("votes::text", 0),
        ("sum(votes)", 0),
        ("count(*)", 0),
        ("*", 0),
        ("abs(*)", 4),
        ("least((1, 2))", 7),
        ("votes[0]", 0),
        ("votes.title", 0),
        ("__import__('os')", 0),
        ("$votes", 0),
        ("votes % 2", 6),
        ("type || 'x'", 5),
        ("'open", 0),
        ("'it''s' = 'open", 10),
        ("1e999", 0),
        ("1 + IS", 4),
        ("votes + LIKE(1)", 8),
        ("2 * 1e", 4),
        ('"least"(1', 8),
        ('"lest"(1)', 0),
        ('"votes"(1)', 0),
        ("votes IS TRUE", 0),
        ("NULL", 0),
        ("votes IN comments", 0),
        ("CASE END", 5),
        ("current_date", 0),
        ("votes\n+\nnothing_such", 8),
        ("votes\n+ comments\n  votes", 19),
    ],
)
def test_whatever_is_not_in_the_language_is_refused_at_its_place(text, offset):
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    assert refused.value.offset == offset


@pytest.mark.parametrize(
    ("text", "wants", "offset"),
    [
        ("type + 1", Kind.NUMBER, 0),
        ("votes = 'x'", Kind.BOOLEAN, 8),
        ("votes AND TRUE", Kind.BOOLEAN, 0),
        ("1 < votes < 3", Kind.BOOLEAN, 0),
        ("created_at + 1", Kind.NUMBER, 0),
        ("days_since(votes)", Kind.NUMBER, 11),
        ("labels + 1", Kind.NUMBER, 0),
        ("labels < 'b'", Kind.BOOLEAN, 0),
        ("has_label(labels)", Kind.BOOLEAN, 10),
        ("label_like(title)", Kind.BOOLEAN, 11),
        ("title LIKE type", Kind.BOOLEAN, 11),
        ("CASE WHEN votes THEN 1 END", Kind.NUMBER, 10),
        ("CASE WHEN TRUE THEN 1 ELSE 'x' END", Kind.NUMBER, 27),
        ("coalesce(votes, title)", Kind.NUMBER, 16),
        ("votes > 3", Kind.NUMBER, 0),
        ("votes", Kind.BOOLEAN, 0),
        ("title", Kind.NUMBER, 0),
    ],
)
def test_values_of_the_wrong_kind_are_refused_before_any_issue_is_read(text, wants, offset):
    with pytest.raises(ExpressionError, match=r"needed here|result must be|pattern is a text") as refused:
        parse(text, wants=wants)
    assert refused.value.offset == offset


@pytest.mark.parametrize(
    "text",
    ["least()", "round()", "round(1, 2, 3)", "round(1, votes)", "round(1, 11)", "round(1, 2.5)", "pow(1)", "ln(1, 2)",
     "coalesce()", "days_since()", "days_since(created_at, due_on)", "round(1, 'x')"],
)  # fmt: skip
def test_a_function_with_other_arguments_says_how_it_is_used(text):
    with pytest.raises(ExpressionError, match="is used as"):
        parse(text)


def test_text_too_long_or_nested_too_deeply_is_refused():
    with pytest.raises(ExpressionError, match="longer than"):
        parse("1" + "+1" * MAX_LENGTH)
    for text in ("(" * 21 + "1" + ")" * 21, "- " * 21 + "1", "abs(" * 21 + "1" + ")" * 21):
        with pytest.raises(ExpressionError, match="nested deeper"):
            parse(text)
    with pytest.raises(ExpressionError, match="nested deeper"):
        parse("NOT " * 21 + "TRUE", wants=Kind.BOOLEAN)
    with pytest.raises(ExpressionError, match="inside each other"):
        parse("1" + "-1" * 150)


def test_a_caller_deep_in_its_stack_gets_the_same_kind_of_error():
    def deeper(levels):
        return deeper(levels - 1) if levels else parse("(" * 19 + "comments + 2" + ")" * 19)

    with pytest.raises(ExpressionError, match="nested too deeply"):
        deeper(sys.getrecursionlimit() - len(inspect.stack(0)) - 250)


def test_what_people_write_is_not_too_deep_or_too_long():
    assert parse("(" * MAX_DEPTH + "votes" + ")" * MAX_DEPTH).names == {"votes"}
    assert len(parse("+".join(["votes"] * 300)).root.args) == 300


def test_names_are_known_and_filled_in_where_they_stand():
    expression = parse('"story points" * votes + abs(votes)', ["story points"])
    assert expression.names == {"story points", "votes"}
    assert expression.filled({"story points": "3", "votes": "12"}) == "3 * 12 + abs(12)"
    assert expression.filled({}) == "story points * votes + abs(votes)"


def test_functions_are_found_in_any_case_and_names_of_functions_are_no_columns():
    assert parse("LEAST (votes, 1)").root.op == "least"
    with pytest.raises(ExpressionError, match="unknown name `least`"):
        parse("least")


def test_an_expression_error_is_a_problem_of_the_configuration():
    with pytest.raises(ConfigError) as refused:
        parse("nothing_such")
    assert refused.value.problems[0].message == "unknown name `nothing_such`, at character 1"


def test_the_columns_of_the_contract_are_there():
    promised = (
        "tracker type state priority labels components milestone title author assignee votes watchers reactions "
        "comments estimate age_days idle_days due_in_days blocks_open blocked_by_open sub_issues_open"
    )
    assert set(promised.split()) <= COLUMNS.keys()
    assert all(column.doc for column in COLUMNS.values())


def test_every_unknown_name_of_an_expression_is_told_at_once():
    with pytest.raises(ExpressionError) as refused:
        parse("reech * impct + reech + leest(votes, 1)", ["reach", "impact"])
    assert [(problem.message, problem.hint) for problem in refused.value.problems] == [
        ("unknown name `reech`, at character 1", "did you mean reach?"),
        ("unknown name `impct`, at character 9", "did you mean impact?"),
        ("unknown function `leest`, at character 25", "did you mean least?"),
    ]


@pytest.mark.parametrize(("text", "meant"), [("votes > 1 && comments > 1", "AND"), ("votes > 1 || comments > 1", "OR")])
def test_operators_of_other_languages_are_told_in_ours(text, meant):
    with pytest.raises(ExpressionError, match=f"has no place in an expression; write {meant}"):
        tokenize(text)
