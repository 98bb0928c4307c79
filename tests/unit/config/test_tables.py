"""A table of the team's own stands in for a field, and every problem of it is told at its own line."""

from __future__ import annotations

import pytest

from trackersync.config.csv_file import MAX_BYTES, TOLD, read_rows

HEAD = """\
version: 1
trackers:
  one: {connector: desk, url: "https://one.example"}
inputs:
  size: {from: {one: {table: {file: points.csv, issue: key, value: points}}}, scale: t-shirt}
scoring: {framework: formula, expression: size}
"""


@pytest.fixture
def table(load, tmp_path):
    """What is read from a table with this content."""

    def table(content):
        (tmp_path / "points.csv").write_bytes(content.encode("utf-8"))
        return load(HEAD).rules.inputs[0].sources["one"].table

    return table


@pytest.fixture
def wrong(problems, tmp_path):
    """What is told of a table with this content."""

    def wrong(content):
        if content is not None:
            (tmp_path / "points.csv").write_bytes(content)
        found = problems(HEAD)
        assert all(each.startswith("5: inputs.size.from.one.table: points.csv:") for each in found), found
        return [each.removeprefix("5: inputs.size.from.one.table: ") for each in found]

    return wrong


@pytest.mark.parametrize(
    "content",
    [
        "key,points\nONE-1,3\nhttps://X/3/,xl\n",
        "\ufeffkey, points \r\n ONE-1 ,3\r\n\r\nhttps://x/3,xl\r\n",
        "points;title;Key\n3;a, b;one-1\nxl;c;https://x/3?y=1\n",
        'KEY\tPOINTS\n"ONE-1"\t"3"\nONE-2\t\n\t\nhttps://X/3\txl\n',
        'key,points,note\nONE-1,3,"two\nlines"\nhttps://x/3,xl,\n,,only a note\n',
    ],
    ids=["plain", "from Windows", "semicolons, another order, more columns", "tabs and gaps", "lines within quotes"],
)
def test_a_table_is_read_as_any_spreadsheet_saves_it(content, table):
    assert table(content) == {"one-1": "3", "https://x/3": "xl"}


def test_a_table_has_a_name_for_people_and_asks_no_field_of_a_tracker(load, tmp_path):
    (tmp_path / "points.csv").write_text("key,points\nONE-1,3\n", encoding="utf-8")
    config = load(HEAD)
    assert config.rules.inputs[0].sources["one"].name == "points.csv points"
    assert config.wanted("one").fields == frozenset()


def test_a_table_is_looked_for_beside_the_file_and_headed_issue_and_value_unless_told(load, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "p.csv").write_text("issue,value\nONE-1,3\n", encoding="utf-8")
    config = load(HEAD.replace("points.csv, issue: key, value: points", "data/p.csv"))
    assert config.rules.inputs[0].sources["one"].table == {"one-1": "3"}


def test_another_value_in_a_table_is_another_digest(load, tmp_path):
    digests = set()
    for points in ("3", "4"):
        (tmp_path / "points.csv").write_text(f"key,points\nONE-1,{points}\n", encoding="utf-8")
        digests.add(load(HEAD).rules_digest)
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, ["points.csv: the file does not exist (its path is taken from the folder of the file that names it)"]),
        (b"", ["points.csv: the file is empty (its first line names the columns: key, points)"]),
        (b"\n\n", ["points.csv: the file is empty (its first line names the columns: key, points)"]),
        (b"\nkey,point\n", ["points.csv:2: there is no column 'points' (did you mean point?)"]),
        (
            b"a,b\n",
            [
                "points.csv:1: there is no column 'key' (its columns are: a, b)",
                "points.csv:1: there is no column 'points' (its columns are: a, b)",
            ],
        ),
        (b"key,points,Key\n", ["points.csv:1: two columns are named 'key' (give one of them another name)"]),
        (b"key,points\n\n,3\n", ["points.csv:3: key: names no issue"]),
        (
            b"key,points\nA-1,3\nB-1,\na-1,4\n",
            ["points.csv:4: key: 'a-1' has a value in line 2 already (keep one of them)"],
        ),
        (
            b"key,points\nA-1,3,5\n",
            ["points.csv:2: there are 3 cells and 2 headings (put a text that holds a delimiter in quotes)"],
        ),
        (b"key,points\nA-1,\xff\n", ["points.csv:2: the file is not UTF-8 text (save it with the encoding UTF-8)"]),
        (
            b'key,points\nA-1,1\nA-2,"2\nA-3,3\n',
            [
                (
                    "points.csv:3: the row that begins here is not valid CSV: unexpected end of data"
                    " (every quote is closed, and one inside a quoted text is written twice)"
                ),
            ],
        ),
        (
            b'key,points\n"A"1,1\n,2\n',
            [
                (
                    "points.csv:2: the row that begins here is not valid CSV: ',' expected after '\"'"
                    " (every quote is closed, and one inside a quoted text is written twice)"
                ),
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_table_is_told_by_its_line(content, told, wrong):
    assert wrong(content) == told


def test_a_cell_without_end_and_a_file_without_end_are_told(wrong):
    (cell,) = wrong(b'key,points\n"A-1' + b"x" * 200_000 + b'",1\n')
    assert "points.csv:2: the row that begins here is not valid CSV: field larger than field limit" in cell
    assert wrong(b"key,points\n" + b"a,1\n" * (MAX_BYTES // 4)) == [
        "points.csv: the file is larger than 20,000,000 bytes"
    ]


def test_a_folder_is_no_table(wrong, tmp_path):
    (tmp_path / "points.csv").mkdir()
    assert wrong(None) == ["points.csv: the file cannot be read: Is a directory"]


def test_of_a_thousand_problems_of_a_table_the_first_are_told(wrong):
    found = wrong(b"key,points\n" + b",1\n" * 1000)
    assert found[0] == "points.csv:2: key: names no issue"
    assert found[TOLD:] == [f"points.csv: … and {1000 - TOLD} more like these"]


def test_a_broken_table_hides_nothing_else_and_nothing_follows_from_it(problems):
    found = problems(HEAD.replace("t-shirt", "t-shrit").replace("expression: size", "expression: sise"))
    assert [each.split(": ")[1] for each in found] == [
        "inputs.size.scale",
        "inputs.size.from.one.table",
        "scoring.expression",
    ]


def test_a_heading_that_is_nearly_an_optional_one_is_told_and_any_other_is_nothing_to_us(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("issue,lwo,comment\nA-1,2,x\n", encoding="utf-8")
    (problem,) = read_rows(file, ("issue",), ("low", "high")).problems
    assert (
        problem.render("a.csv")
        == "a.csv:1: unknown column 'lwo' (did you mean low? Otherwise give it a name less like it)"
    )
    file.write_text("issue,low,comment\nA-1,2,x\n", encoding="utf-8")
    assert read_rows(file, ("issue",), ("low", "high")).rows == [(2, {"issue": "A-1", "low": "2"})]
