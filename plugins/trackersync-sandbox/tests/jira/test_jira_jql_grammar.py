from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync_sandbox.jira.jql.errors import JqlError
from trackersync_sandbox.jira.jql.parser import parse
from trackersync_sandbox.jira.jql.query import And, Clause, Empty, Function, Not, Or, Order, Value

OPERATORS = "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'."
PIECES = """
project = CORE AND OR NOT ( ) , in is empty != ~ <= order by desc cf [ 10016 ] "a 'x' now() -7d ! && || {
"""
pieces = st.sampled_from(PIECES.split())


def said(jql):
    with pytest.raises(JqlError) as caught:
        parse(jql)
    return str(caught.value)


@given(st.one_of(st.text(), st.lists(pieces).map(" ".join)))
def test_every_text_is_a_query_or_refused_in_words(text):
    with suppress(JqlError):
        parse(text)


@given(st.text())
def test_every_text_can_be_quoted(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    assert parse(f'summary ~ "{escaped}"').where == Clause("summary", "~", (Value(text, quoted=True),))


def test_and_binds_closer_than_or():
    one, two, three = (Clause("id", "=", (Value(str(number)),)) for number in (1, 2, 3))
    assert parse("id = 1 OR id = 2 AND id = 3").where == Or((one, And((two, three))))
    assert parse("(id = 1 || id = 2) && id = 3").where == And((Or((one, two)), three))


def test_not_stands_before_a_clause_or_a_bracket():
    one = Clause("id", "=", (Value("1"),))
    assert parse("NOT id = 1").where == Not(one)
    assert parse("! (id = 1)").where == Not(one)
    assert parse("not not id = 1").where == one


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("status in (Open, 'In Progress')", Clause("status", "in", (Value("Open"), Value("In Progress", quoted=True)))),
        ("status NOT IN (Open)", Clause("status", "not in", (Value("Open"),))),
        ("assignee is EMPTY", Clause("assignee", "is", (Empty(),))),
        ("assignee IS NOT null", Clause("assignee", "is not", (Empty(),))),
        ("assignee = currentUser()", Clause("assignee", "=", (Function("currentUser"),))),
        ('due < endOfDay("-1d", x)', Clause("due", "<", (Function("endOfDay", ("-1d", "x")),))),
        ("cf[10016] >= 3", Clause("cf[10016]", ">=", (Value("3"),))),
        ('"Story Points" != 3', Clause("Story Points", "!=", (Value("3"),))),
        ("created > -7d", Clause("created", ">", (Value("-7d"),))),
        (r'summary ~ "a\tb\u0041\"c"', Clause("summary", "~", (Value('a\tbA"c', quoted=True),))),
        (r"labels = a\,b", Clause("labels", "=", (Value("a,b"),))),
    ],
)
def test_a_clause_says_field_operator_and_values(text, clause):
    assert parse(text).where == clause


def test_order_names_fields_and_directions():
    assert parse("ORDER BY priority DESC, created asc, Rank").order == (
        Order("priority", descending=True),
        Order("created"),
        Order("Rank"),
    )
    assert parse("").where is None
    assert parse("  ").order == ()


@pytest.mark.parametrize(
    ("jql", "message"),
    [
        ("project x", f"Expecting operator but got 'x'. {OPERATORS} (line 1, character 9)"),
        ("project =\n= x", "Expecting either a value, list or function but got '='. (line 2, character 1)"),
        ("project = x y", "Expecting either 'OR' or 'AND' but got 'y'. (line 1, character 13)"),
        ("project = x ORDER BY key sideways", "Expecting ',' but got 'sideways'. (line 1, character 26)"),
        ("project = x ORDER key", "Expecting 'BY' but got 'key'. (line 1, character 19)"),
        ("project = x AND = 3", "Expecting a field name but got '='. (line 1, character 17)"),
        ("status in Open", "Expecting '(' but got 'Open'. (line 1, character 11)"),
        ("status in (Open", "Expecting ')' before the end of the query."),
        ("(status = Open", "Expecting ')' before the end of the query."),
        ("status = ", "Expecting either a value, list or function before the end of the query."),
        ("status", "Expecting operator before the end of the query."),
        ("status is Open", "Expecting either 'EMPTY' or 'NULL' but got 'Open'. (line 1, character 11)"),
        (
            "project = CF",
            (
                "Expecting either a value, list or function but got 'CF'. You must surround 'CF' in quotation marks "
                "to use it as a value. (line 1, character 11)"
            ),
        ),
        (
            "set = 3",
            (
                "'set' is a reserved JQL word. You must surround it in quotation marks to use it in a query. "
                "(line 1, character 1)"
            ),
        ),
        (
            "text ~ a@b",
            (
                "The character '@' is a reserved JQL character. You must enclose it in a string or use the escape "
                "'\\u0040' instead. (line 1, character 9)"
            ),
        ),
        ("text ~ 'a", "The quoted string 'a' has not been completed. (line 1, character 8)"),
        ("text ~ \\", "Unable to parse the escape sequence '\\'. (line 1, character 8)"),
        ("cf[x] = 3", "Expecting a custom field ID. (line 1, character 4)"),
        ("cf[", "Expecting a custom field ID. (line 1, character 4)"),
        ("cf[1 = 3", "Expecting ']' but got '='. (line 1, character 6)"),
        ("due < now(,)", "Expecting ')' but got ','. (line 1, character 11)"),
        ("(" * 61 + "id = 1" + ")" * 61, "The query is nested too deeply. (line 1, character 61)"),
    ],
)
def test_a_mistake_is_told_in_jiras_words_with_its_place(jql, message):
    assert said(jql) == f"Error in the JQL Query: {message}"


def test_no_more_than_seven_fields_sort():
    assert "no more than 7 fields" in said("ORDER BY " + ", ".join(["key"] * 8))
