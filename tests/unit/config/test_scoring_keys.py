"""What makes scores can be said in the file, and what is wrong with it is told in plain words, all at once."""

from __future__ import annotations

from datetime import date

import pytest

from trackersync.scoring.rules import (
    Adjustment,
    Cap,
    Exclude,
    Floor,
    Goal,
    Input,
    InputSource,
    Scale,
    Set,
    Vote,
)

HEAD = """\
version: 1
trackers:
  one: {connector: desk, url: "https://one.example"}
  two: {connector: shelf}
"""
RULES = """\
scoring: {framework: formula, expression: size}
"""
BODY = HEAD + "inputs:\n  size: {from: {desk: {field: Size}}, scale: {min: 1}}\n" + RULES


@pytest.fixture
def size(load):
    """The only input, with these keys."""
    return lambda keys: load(HEAD + f"inputs:\n  size: {{{keys}}}\n" + RULES).rules.inputs[0]


@pytest.fixture
def wrong(problems):
    """What is told of the only input with these keys."""
    return lambda keys: problems(HEAD + f"inputs:\n  size: {{{keys}}}\n" + RULES)


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ('milestone: "Q{value}"', InputSource("milestone", "Q{value}")),
        ("column: priority", InputSource("column", "priority")),
        ("column: votes", InputSource("column", "votes")),
    ],
)
def test_an_input_is_read_from_what_every_issue_has(source, read, size):
    assert size(f"from: {{desk: {{{source}}}, shelf: {{{source}}}}}").sources == {"desk": read, "shelf": read}


@pytest.mark.parametrize(
    ("keys", "scale", "values"),
    [
        ("scale: fibonacci", Scale(1, 21, (1, 2, 3, 5, 8, 13, 21)), None),
        ("scale: [1, 2, 4]", Scale(1, 4, (1, 2, 4)), None),
        ("scale: {min: 0}", Scale(0), None),
        ("scale: t-shirt", Scale(1, 13, (1, 2, 3, 5, 8, 13)), {"XS": 1, "S": 2, "M": 3, "L": 5, "XL": 8, "XXL": 13}),
        ("scale: t-shirt, values: {tiny: 1}", Scale(1, 13, (1, 2, 3, 5, 8, 13)), {"tiny": 1}),
    ],
)
def test_a_scale_is_named_listed_or_given_by_its_ends(keys, scale, values, size):
    found = size(f"from: {{desk: {{field: S}}}}, {keys}")
    assert (found.scale, found.values) == (scale, values)


def test_uncertainty_and_the_way_of_counting_votes_belong_to_the_input(size):
    found = size("from: {desk: {field: S}}, uncertainty: 30%, aggregate: median")
    assert (found.uncertainty, found.aggregate) == (0.3, "median")


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("from: {desk: {milestone: Q}}", "from.desk.milestone: has no {value}, or more than one"),
        ("from: {desk: {column: priorty}}", "no built-in column is named 'priorty' (did you mean priority?)"),
        ("from: {desk: {column: labels}}", "`labels` is a list of texts, and an input is a number or a word"),
        ("from: {desk: {column: created_at}}", "`created_at` is a date, and an input is a number or a word"),
        ("from: {desk: {field: S}}, scale: fibonaci", "scale: no scale is named 'fibonaci' (did you mean fibonacci?)"),
        ("from: {desk: {field: S}}, scale: small", "scales are: fibonacci, wsjf, powers, t-shirt"),
        ("from: {desk: {field: S}}, scale: [3, 1, 1]", "the values of a scale ascend, each once (write [1, 3])"),
        ("from: {desk: {field: S}}, scale: [a]", "expected {min: …, max: …}, a scale's name or a list of numbers"),
        ("from: {desk: {field: S}}, scale: {steps: [1]}", "expected {min: …, max: …}, a scale's name or a list"),
        ("from: {desk: {field: S}}, scale: {mim: 1}", "scale.mim: unknown key (did you mean min?)"),
        ("from: {desk: {field: S}}, scale: fibonacci, missing: {default: 4}", "4 is none of the steps of its scale"),
        ("from: {desk: {field: S}}, uncertainty: 300%", "a share lies between 0% and 100%, found 300%"),
        (
            "from: {desk: {field: S}}, aggregate: mode",
            "expected mean, median, trimmed, geometric, found the text 'mode'",
        ),
    ],
)
def test_what_is_wrong_with_an_input_is_told(keys, told, wrong):
    (problem,) = wrong(keys)
    assert problem.startswith("6: inputs.size")
    assert told in problem


def test_our_own_priority_is_not_read_back(problems):
    text = HEAD + "inputs:\n  size: {from: {desk: {column: priority}}, values: {High: 2}}\n" + RULES
    text += "bands: {P0: {}}\nwrite: {one: {priority: {P0: High}}}\n"
    (problem,) = problems(text)
    assert problem.startswith("9: write.one.priority: the input size is read from the priority, which this would write")


def test_a_table_of_the_teams_own_is_read_by_its_headings(load, tmp_path):
    (tmp_path / "points.csv").write_text("\ufeffissuekey, storypoint \n ONE-1 ,3\n\nONE-2,\nhttps://X/3/,xl\n", "utf-8")
    table = "table: {file: points.csv, issue: issuekey, value: storypoint}"
    config = load(HEAD + f"inputs:\n  size: {{from: {{one: {{{table}}}}}, scale: t-shirt}}\n" + RULES)
    (source,) = config.rules.inputs[0].sources.values()
    assert (source.name, source.table) == ("points.csv storypoint", {"one-1": "3", "https://x/3": "xl"})
    assert config.wanted("one").fields == frozenset()
    before = config.rules_digest
    (tmp_path / "points.csv").write_text("issuekey,storypoint\nONE-1,4\n")
    assert (
        load(HEAD + f"inputs:\n  size: {{from: {{one: {{{table}}}}}, scale: t-shirt}}\n" + RULES).rules_digest != before
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "points.csv cannot be read: No such file or directory"),
        (b"key,points\nA-1,3\n", "points.csv has no column 'issue' (its columns are: key, points)"),
        (b"issue,point\nA-1,3\n", "points.csv has no column 'points' (did you mean point?)"),
        (b"", "points.csv has no column 'issue' (it is empty)"),
        (b"issue,points\n,3\n", "points.csv, line 2: no issue"),
        (b"issue,points\nA-1,3\na-1,4\n", "points.csv, line 3: a-1 stands in line 2 already"),
        (b"issue,points\nA-1,\xff\n", "points.csv is not UTF-8 text; save it as CSV UTF-8"),
        (b'issue,points\n"A-1' + b"x" * 200_000, "points.csv, line 2: field larger than field limit"),
        (b"issue,points\n" + b"a,1\n" * 6_000_000, "points.csv is larger than 20,000,000 bytes"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_by_its_line(content, told, problems, tmp_path):
    if content is not None:
        (tmp_path / "points.csv").write_bytes(content)
    found = problems(HEAD + "inputs:\n  size: {from: {one: {table: {file: points.csv, value: points}}}}\n" + RULES)
    assert found[0].startswith("6: inputs.size.from.one.table: ")
    assert any(told in problem for problem in found)


def test_of_a_thousand_faults_of_a_table_the_first_are_told(problems, tmp_path):
    (tmp_path / "points.csv").write_text("issue,value\n" + ",1\n" * 1000)
    found = problems(HEAD + "inputs:\n  size: {from: {one: {table: {file: points.csv}}}}\n" + RULES)
    assert len(found) == 11
    assert found[-1].endswith("… and 990 more like these")


def test_limits_and_exclusion_are_actions_of_their_own(load):
    config = load(
        BODY.replace(
            "expression: size",
            "expression: size, adjustments: [{name: a, set: 100}, {name: b, cap: 90}, {name: c, floor: votes},"
            " {name: d, when: type = 'epic', exclude: true, because: No.}]",
        )
    )
    assert config.rules.adjustments == (
        Adjustment(name="a", action=Set("100")),
        Adjustment(name="b", action=Cap("90")),
        Adjustment(name="c", action=Floor("votes")),
        Adjustment(name="d", action=Exclude(), when="type = 'epic'", because="No."),
    )


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("exclude: false", "exclude: expected true, found false (remove it, or the rule that it stands in)"),
        ("exclude: true, add: 1", "does 2 things: add, exclude"),
        ("cap: vots", "cap: unknown name `vots`"),
        ("set: ''", "set: expected a number or an expression, found an empty text"),
    ],
)
def test_what_is_wrong_with_an_action_is_told(rule, told, problems):
    (problem,) = problems(BODY.replace("expression: size", f"expression: size, adjustments: [{{name: a, {rule}}}]"))
    assert told in problem


def test_goals_are_met_by_one_or_several(load):
    goals = 'goals:\n  a: {weight: 2, label: [x, "y/%"], milestone: M, epic: ONE-1, when: votes > 1, because: Yes.}\n'
    (goal,) = load(BODY + goals).rules.goals
    assert goal == Goal(
        name="a", weight=2, labels=("x", "y/%"), milestones=("M",), epics=("ONE-1",), when="votes > 1", because="Yes."
    )


@pytest.mark.parametrize(
    ("goal", "told"),
    [
        ("{label: x}", "goals.a.weight: is missing"),
        ("{weight: 0, label: x}", "goals.a.weight: must be more than 0, found 0"),
        ("{weight: 1}", "goals.a: nothing says which issues serve it"),
        ("{weight: 1, when: vots}", "goals.a.when: unknown name `vots`"),
        ("{weight: 1, label: [1]}", "goals.a.label.0: expected text, found the number 1"),
        ("{weight: 1, labels: x}", "goals.a.labels: unknown key (did you mean label?)"),
    ],
)
def test_what_is_wrong_with_a_goal_is_told(goal, told, problems):
    assert any(told in problem for problem in problems(BODY + f"goals:\n  a: {goal}\n"))


VOTES = """\
votes:
  aggregate: median
  disagreement: 40%
  roles: {engineer: 2}
  people: {Ann: engineer}
"""


def test_votes_stand_in_the_file_and_beside_it(load, tmp_path):
    (tmp_path / "votes.csv").write_text(
        "person,issue,input,value,low,high,role,date,note\nBob,ONE-1,size,5,3,13,engineer,2026-05-01,x\nann,ONE-1,size,big,,,,,\n"
    )
    listed = "  file: votes.csv\n  list:\n    - {person: Ann, issue: ONE-2, input: size, value: 3, date: 2026-06-01}\n"
    votes = load(BODY + VOTES + listed).rules.votes
    assert (votes.aggregate, votes.disagreement) == ("median", 0.4)
    assert votes.votes == (
        Vote(person="Bob", issue="ONE-1", input="size", value=5, low=3, high=13, weight=2, on=date(2026, 5, 1)),
        Vote(person="ann", issue="ONE-1", input="size", value="big", weight=2),
        Vote(person="Ann", issue="ONE-2", input="size", value=3, weight=2, on=date(2026, 6, 1)),
    )


def test_votes_may_stand_in_a_yaml_file(load, tmp_path):
    (tmp_path / "votes.yaml").write_text("- {person: Ann, issue: ONE-1, input: size, value: 5, date: 2026-05-01}\n")
    (vote,) = load(BODY + "votes: {file: votes.yaml}\n").rules.votes.votes
    assert vote == Vote(person="Ann", issue="ONE-1", input="size", value=5, on=date(2026, 5, 1))


def test_an_input_may_live_by_votes_alone(load):
    text = HEAD + "inputs:\n  size: {}\n" + RULES + "votes: {list: [{person: A, issue: X, input: size, value: 1}]}\n"
    assert load(text).rules.inputs == (Input(name="size"),)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",ONE-1,size,5", "votes.csv, line 2: no person"),
        ("Ann,,size,", "votes.csv, line 2: no issue, no value"),
        ("Ann,ONE-1,sise,5", "votes.csv, line 2: no input is named 'sise' (did you mean size?)"),
        ("Ann,ONE-1,size,5,7,9", "votes.csv, line 2: the value 5.0 is not between low and high"),
        ("Ann,ONE-1,size,5,,,enginer", "votes.csv, line 2: no role is named 'enginer' (did you mean engineer?)"),
        ("Ann,ONE-1,size,5,,,,May", "votes.csv, line 2: expected a date such as 2026-01-31, found the text 'May'"),
    ],
)
def test_what_is_wrong_with_a_vote_of_a_file_is_told_by_its_line(row, told, problems, tmp_path):
    (tmp_path / "votes.csv").write_text(f"person,issue,input,value,low,high,role,date\n{row}\n")
    (problem,) = problems(BODY + VOTES + "  file: votes.csv\n")
    assert problem.endswith(f"votes.file: {told}")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("votes.csv", "person,issue,value\n", "votes.csv has no column 'input'"),
        ("votes.csv", None, "votes.csv cannot be read"),
        ("votes.yml", "a: 1\n", "votes.yml: expected a list of votes, found a mapping"),
        ("votes.yml", "- [\n", "votes.yml: the file is not valid YAML"),
        ("votes.yml", "- 5\n", "votes.yml, vote 1: no person, no issue, no input, no value"),
        (
            "votes.yml",
            "- {person: A, issue: B, input: size, value: [1]}\n",
            "expected a number or a word, found a list",
        ),
        ("votes.yml", None, "votes.yml cannot be read"),
    ],
)
def test_what_is_wrong_with_a_file_of_votes_is_told(name, content, told, problems, tmp_path):
    if content is not None:
        (tmp_path / name).write_text(content)
    (problem,) = problems(BODY + f"votes: {{file: {name}}}\n")
    assert told in problem


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("people: {Ann: boss}", "votes.people.Ann: no role is named 'boss'"),
        ("roles: {boss: 0}", "votes.roles.boss: must be more than 0, found 0"),
        ("list: [{person: A, issue: X, input: size, value: true}]", "votes.list.0.value"),
        ("list: [{person: A, issue: X, input: size}]", "votes.list.0.value: is missing"),
        ("list: [{person: A, issue: X, input: sise, value: 1}]", "votes.list.0: no input is named 'sise'"),
        ("list: [{person: A, issue: X, input: size, value: 1, date: May}]", "expected a date such as 2026-01-31"),
        ("agregate: mean", "votes.agregate: unknown key (did you mean aggregate?)"),
    ],
)
def test_what_is_wrong_with_the_votes_of_the_file_is_told(section, told, problems):
    found = problems(BODY + f"votes: {{{section}}}\n")
    assert any(told in problem for problem in found), found


def test_a_band_has_a_budget_and_a_test_expects_what_is_not_ranked(load):
    text = (
        BODY
        + "bands: {P0: {min_score: 9, budget: 5%}, P1: }\ntests:\n  - {given: {type: epic}, expect: {excluded: true}}\n"
    )
    config = load(text + "  - {given: {votes: 1}, expect: {needs_input: [size]}}\n")
    assert config.rules.bands[0].budget == 0.05
    assert [(each.expect.excluded, each.expect.needs_input) for each in config.tests] == [
        (True, None),
        (False, ("size",)),
    ]


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("excluded: no", "expect.excluded: expected true"),
        ("needs_input: []", "expect.needs_input: must not be empty"),
        ("needs_input: [sise]", "expect.needs_input.0: 'sise' is no input (did you mean size?)"),
    ],
)
def test_what_is_wrong_with_an_expectation_is_told(expect, told, problems):
    found = problems(BODY + f"tests:\n  - {{given: {{votes: 1}}, expect: {{{expect}}}}}\n")
    assert any(told in problem for problem in found), found
