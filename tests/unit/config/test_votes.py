"""What people said is read from the file and from one beside it, and every vote that cannot count is told."""

from __future__ import annotations

from datetime import date

import pytest

from trackersync.config.csv_file import TOLD
from trackersync.config.document import MAX_BYTES
from trackersync.scoring.rules import Input, Vote, Votes

HEAD = """\
version: 1
trackers:
  one: {connector: desk, url: "https://one.example"}
inputs:
  size: {from: {one: {field: Size}}, scale: {min: 1}}
scoring: {framework: formula, expression: size}
"""
VOTES = """\
votes:
  aggregate: median
  disagreement: 40%
  roles: {engineer: 2, sales: 0.5}
  people: {Ann: engineer}
"""
COLUMNS = "person,issue,input,value,low,high,role,date\n"


@pytest.fixture
def wrong(problems, tmp_path):
    """What is told of a file of votes with this content."""

    def wrong(content, name="votes.csv"):
        if content is not None:
            (tmp_path / name).write_text(content, encoding="utf-8")
        found = problems(HEAD + VOTES + f"  file: {name}\n")
        assert all(each.startswith(f"12: votes.file: {name}:") for each in found), found
        return [each.removeprefix(f"12: votes.file: {name}") for each in found]

    return wrong


def test_votes_stand_beside_the_file_and_in_it_in_this_order(load, tmp_path):
    rows = (
        "Bob,ONE-1,size,5,3,13,sales,2026-05-01\nann,ONE-1,size,big\nCy,ONE-1,size,1e1,,,Engineer\nDi,ONE-1,size,0.5\n"
    )
    (tmp_path / "votes.csv").write_text(COLUMNS + rows, encoding="utf-8")
    listed = "  list:\n    - {person: Ann, issue: jira:ONE-2, input: size, value: 3, date: 2026-06-01}\n"
    assert load(HEAD + VOTES + "  file: votes.csv\n" + listed).rules.votes == Votes(
        votes=(
            Vote(person="Bob", issue="ONE-1", input="size", value=5, low=3, high=13, weight=0.5, on=date(2026, 5, 1)),
            Vote(person="ann", issue="ONE-1", input="size", value="big", weight=2),
            Vote(person="Cy", issue="ONE-1", input="size", value=10, weight=2),
            Vote(person="Di", issue="ONE-1", input="size", value=0.5),
            Vote(person="Ann", issue="jira:ONE-2", input="size", value=3, weight=2, on=date(2026, 6, 1)),
        ),
        aggregate="median",
        disagreement=0.4,
    )


def test_without_votes_there_are_none(load):
    assert load(HEAD).rules.votes == Votes()


@pytest.mark.parametrize("name", ["votes.yaml", "votes.YML"])
def test_a_yaml_file_of_votes_holds_what_could_be_listed(name, load, tmp_path):
    listed = "- {person: Ann, issue: ONE-1, input: size, value: '5', low: small, date: 2026-05-01}\n"
    (tmp_path / name).write_text(listed, encoding="utf-8")
    (vote,) = load(HEAD + f"votes: {{file: {name}}}\n").rules.votes.votes
    assert vote == Vote(person="Ann", issue="ONE-1", input="size", value=5, low="small", on=date(2026, 5, 1))


def test_an_input_may_live_by_votes_alone(load):
    text = HEAD.replace("{from: {one: {field: Size}}, scale: {min: 1}}", "{}")
    votes = "votes: {list: [{person: A, issue: X, input: size, value: 1}]}\n"
    assert load(text + votes).rules.inputs == (Input(name="size"),)


def test_an_input_that_nobody_votes_on_is_told(problems, tmp_path):
    (tmp_path / "votes.csv").write_text(COLUMNS, encoding="utf-8")
    (problem,) = problems(
        HEAD.replace("{from: {one: {field: Size}}, scale: {min: 1}}", "{}") + "votes: {file: votes.csv}\n"
    )
    assert problem.startswith(
        "5: inputs.size: has neither from nor expression (say where it is kept with from:, compute"
    )


@pytest.mark.parametrize(
    ("votes", "told"),
    [
        ("{file: votes.csv}", "votes.file"),
        ("{list: 5}", "votes.list"),
        ("{list: [{person: A, issue: X, input: size, value: true}]}", "votes.list.0.value"),
        ("{fiel: votes.csv}", "votes.fiel"),
        ("5", "votes"),
    ],
)
def test_no_input_is_called_baseless_while_its_votes_cannot_be_read(votes, told, problems):
    text = HEAD.replace("{from: {one: {field: Size}}, scale: {min: 1}}", "{}")
    (problem,) = problems(text + f"votes: {votes}\n")
    assert problem.startswith(f"7: {told}: ")


def test_a_vote_does_not_count_as_wrong_where_the_inputs_are(problems):
    text = HEAD.replace("{from: {one: {field: Size}}, scale: {min: 1}}", "{form: {}}").replace(
        "expression: size", "expression: votes"
    )
    (problem,) = problems(text + "votes: {list: [{person: A, issue: X, input: size, value: 1}]}\n")
    assert problem.startswith("5: inputs.size.form: unknown key")
    listed = (
        "version: 1\ntrackers: {one: {connector: desk, url: 'https://x'}}\ninputs: 5\nscoring: {expression: votes}\n"
    )
    (problem,) = problems(listed + "votes: {list: [{person: A, issue: X, input: size, value: 1}]}\n")
    assert problem.startswith("3: inputs: expected a mapping")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",ONE-1,size,5", [":2: person: is missing"]),
        ("Ann, ,size,", [":2: issue: is missing", ":2: value: is missing"]),
        ("Ann,ONE-1,sise,5", [":2: input: no input is named 'sise' (did you mean size?)"]),
        ("Ann,ONE-1,\x1b[1msize,5", [":2: input: no input is named '\\x1b[1msize' (did you mean size?)"]),
        ("Ann,ONE-1,size,5,7,9", [":2: value: 5 is below 7, the low end of its range"]),
        ("Ann,ONE-1,size,5,,3", [":2: value: 5 is above 3, the high end of its range"]),
        ("Ann,ONE-1,size,5,9,3", [":2: low: the range begins at 9 and ends at 3"]),
        ("Ann,ONE-1,size,big,9,3", [":2: low: the range begins at 9 and ends at 3"]),
        ("Ann,ONE-1,size,5,,,enginer", [":2: role: no role is named 'enginer' (did you mean engineer?)"]),
        ("Ann,ONE-1,size,5,,,,May", [":2: date: expected a date such as 2026-01-31, found the text 'May'"]),
        ("Ann,ONE-1,size,5,,,,20260131", [":2: date: expected a date such as 2026-01-31, found the text '20260131'"]),
        (
            "Ann,ONE-1,size,5,,,,2026-02-31",
            [":2: date: expected a date such as 2026-01-31, found the text '2026-02-31'"],
        ),
        (
            'Ann,"ONE-1\n",size,5\n\nBob,,sise,5,9,3,boss,May',
            [
                ":5: date: expected a date such as 2026-01-31, found the text 'May'",
                ":5: issue: is missing",
                ":5: input: no input is named 'sise' (did you mean size?)",
                ":5: role: no role is named 'boss' (roles are: engineer, sales)",
                ":5: low: the range begins at 9 and ends at 3",
            ],
        ),
    ],
)
def test_all_that_is_wrong_with_a_vote_is_told_at_its_line(row, told, wrong):
    assert wrong(COLUMNS + row + "\n") == told


@pytest.mark.parametrize("value", ["small", "1_000", "nan", "inf", "1e999", "3,5", "80%"])
def test_what_is_no_number_is_a_word_for_scoring_to_judge(value, load, tmp_path):
    (tmp_path / "votes.csv").write_text(f'{COLUMNS}Ann,ONE-1,size,"{value}",1,9\n', encoding="utf-8")
    (vote,) = load(HEAD + "votes: {file: votes.csv}\n").rules.votes.votes
    assert vote.value == value


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("votes.csv", None, ": the file does not exist (its path is taken from the folder of the file that names it)"),
        ("votes.csv", "", ": the file is empty (its first line names the columns: person, issue, input, value)"),
        ("votes.csv", "person,issue,inputs,value\n", ":1: there is no column 'input' (did you mean inputs?)"),
        (
            "votes.csv",
            "person,issue,input,value,lwo\n",
            ":1: unknown column 'lwo' (did you mean low? Otherwise give it a name less like it)",
        ),
        ("votes.yml", None, ": the file does not exist (its path is taken from the folder of the file that names it)"),
        ("votes.yml", "", ": the file is empty"),
        ("votes.yml", "\na: 1\n", ":2: expected a list of votes, found a mapping"),
        ("votes.yml", "- [\n", ":2: the file is not valid YAML: while parsing a flow node: expected the node content"),
        ("votes.yml", "- 5\n", ":1: expected a mapping of keys to values, found the number 5"),
        (
            "votes.yml",
            "- {person: A, issue: B,\n   input: size, value: [1]}\n",
            ":2: value: expected a number or a word",
        ),
        (
            "votes.yml",
            "- {person: A, issue: B, input: size, value: ''}\n",
            ":1: value: expected a number or a word, foun",
        ),
        (
            "votes.yml",
            "- {person: A, issue: B, input: size, value: .inf}\n",
            ":1: value: expected a number or a word, f",
        ),
        (
            "votes.yml",
            "- person: A\n  issue: B\n  input: size\n  vlaue: 5\n",
            ":4: vlaue: unknown key (did you mean value",
        ),
        (
            "votes.yml",
            "- person: A\n  person: B\n  issue: B\n  input: size\n  value: 5\n",
            ":2: person: is given twice",
        ),
        (
            "votes.yml",
            "#" * (MAX_BYTES + 1),
            ": the file is larger than 1,000,000 bytes (a CSV file may have 20,000,000)",
        ),
    ],
)
def test_what_is_wrong_with_a_file_of_votes_is_told(name, content, told, wrong):
    (problem,) = wrong(content, name)
    assert problem.startswith(told)


def test_of_a_thousand_votes_that_cannot_count_the_first_are_told(wrong):
    found = wrong(COLUMNS + "Ann,ONE-1,sise,5\n" * 1000)
    assert len(found) == TOLD + 1
    assert found[-1] == f": … and {1000 - TOLD} more like these"


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("people: {Ann: boss}", "people.Ann: no role is named 'boss' (give its weight under votes.roles)"),
        ("roles: {boss: 1}, people: {Ann: bos}", "people.Ann: no role is named 'bos' (did you mean boss?)"),
        ("roles: {boss: 0}", "roles.boss: must be more than 0, found 0"),
        (
            "list: [{person: A, issue: X, input: size, value: true}]",
            "list.0.value: expected a number or a word, found true",
        ),
        ("list: [{person: A, issue: X, input: size}]", "list.0.value: is missing"),
        ("list: [{person: A, issue: X, input: size, vlaue: 1}]", "list.0.vlaue: unknown key (did you mean value?)"),
        ("list: [7]", "list.0: expected a mapping of keys to values, found the number 7"),
        (
            "list: [{person: A, issue: X, input: sise, value: 1}]",
            "list.0.input: no input is named 'sise' (did you mean si",
        ),
        (
            "list: [{person: 5, issue: X, input: size, value: 1}]",
            "list.0.person: expected text, found the number 5 (put it",
        ),
        (
            "list: [{person: A, issue: X, input: size, value: 1, date: 5}]",
            "list.0.date: expected a date such as 2026-01-31",
        ),
        ("agregate: mean", "agregate: unknown key (did you mean aggregate?)"),
        ("aggregate: mode", "aggregate: expected mean, median, trimmed, geometric, found the text 'mode'"),
        ("disagreement: 50", "disagreement: a share lies between 0% and 100%, found 50 (did you mean 50%?)"),
    ],
)
def test_what_is_wrong_with_the_votes_of_the_file_is_told_once(section, told, problems):
    (problem,) = problems(HEAD + f"votes: {{{section}}}\n")
    assert problem.startswith(f"7: votes.{told}")


def test_a_word_near_to_none_is_answered_with_all_of_them_once(problems):
    (problem,) = problems(HEAD + "votes: {aggregate: avg}\n")
    assert problem == "7: votes.aggregate: expected mean, median, trimmed, geometric, found the text 'avg'"
