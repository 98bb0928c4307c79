"""CSV files: read as people write them, and changed in nothing but the cells and lines concerned."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync_file.backlog import RefusedError, UnreadableError
from trackersync_file.delimited import DelimitedBacklog

PLAIN = b"id,title,Score\n1,Pay by invoice,\n2,Dark mode,3\n"


def cells(backlog):
    return [dict(row.cells) for row in backlog.rows]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PLAIN, b"id,title,Score\n1,Pay by invoice,\n2,Dark mode,7.5\n"),
        (b"\xef\xbb\xbfid;title;Score\r\n1;a;\r\n2;b;", b"\xef\xbb\xbfid;title;Score\r\n1;a;\r\n2;b;7.5"),
        (b'id\ttitle\tScore\n1\t"a\tb"\t\n2\t" b "\t"3"\n', b'id\ttitle\tScore\n1\t"a\tb"\t\n2\t" b "\t"7.5"\n'),
        (b'"id","title","Score"\n"1","a",""\n"2","b",\n', b'"id","title","Score"\n"1","a",""\n"2","b","7.5"\n'),
        (b'id,title,Score\n1,"two\nlines",\n\n,,\n2,b\n', b'id,title,Score\n1,"two\nlines",\n\n,,\n2,b,7.5\n'),
        (
            "\ufeffid,title,Score\n1,ä,\n2,ö,\n".encode("utf-16-le"),
            "\ufeffid,title,Score\n1,ä,\n2,ö,7.5\n".encode("utf-16-le"),
        ),
        (b'id,title,Score\n1,5" pipe,\n2,b, 3\n', b'id,title,Score\n1,5" pipe,\n2,b,7.5\n'),
    ],
    ids=[
        "plain",
        "semicolons, mark, no last line end",
        "tabs",
        "all quoted",
        "lines in cells",
        "UTF-16",
        "stray quotes",
    ],
)
def test_only_the_cell_that_is_set_changes(before, after):
    backlog = DelimitedBacklog(before)
    assert backlog.render() == before
    backlog.set(1, "Score", 7.5)
    assert backlog.render() == after


def test_what_has_to_be_quoted_is():
    backlog = DelimitedBacklog(PLAIN)
    backlog.set(0, "Score", 'a, "b"')
    assert b'1,Pay by invoice,"a, ""b"""\n' in backlog.render()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =HYPERLINK()"])
def test_no_text_of_ours_is_taken_for_a_formula(text):
    backlog = DelimitedBacklog(PLAIN)
    backlog.set(0, "Score", text)
    written = next(csv.reader(io.StringIO(backlog.render().decode().splitlines()[1])))[2]
    assert written == f"'{text}"
    assert DelimitedBacklog(backlog.render()).rows[0].cells["Score"] == text


def test_a_negative_number_is_a_number():
    backlog = DelimitedBacklog(PLAIN)
    backlog.set(0, "Score", -2.0)
    assert b"invoice,-2\n" in backlog.render()


def test_a_formula_is_not_written_over():
    backlog = DelimitedBacklog(b"id,title,Score\n1,a,=B2*2\n")
    with pytest.raises(RefusedError, match="a formula stands in its column Score"):
        backlog.set(0, "Score", 7)


def test_no_control_character_is_written():
    with pytest.raises(RefusedError):
        DelimitedBacklog(PLAIN).set(0, "Score", "a\x1b[2J")


@pytest.mark.parametrize("end", [b"\r\n", b""], ids=["line end", "no last line end"])
def test_rows_move_as_they_are_and_blank_lines_stay(end):
    backlog = DelimitedBacklog(b'id,title\r\n1,"a"\r\n\r\n2,b\r\n3,"c\nc"' + end)
    backlog.reorder([2, 0, 1])
    assert backlog.render() == b'id,title\r\n3,"c\nc"\r\n\r\n1,"a"\r\n2,b' + end


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "line 1 is empty"),
        (b"\n1,a\n", "line 1 is empty"),
        (b'id,title\n1,"a\n2,b\n', "line 2: a quote is not closed"),
        (b'id,title\n1,"a"b\n', "line 2: a quote is not closed, or something stands behind"),
        (b"id,title\n1,a,b\n", "line 2 has 3 cells under 2 headings: quote a cell that holds ','"),
        (b"id,title\n1,\xe4\n", "line 2 is not UTF-8"),
        (b"id,title\n1,\0\n", "it holds zero bytes"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line(data, told):
    with pytest.raises(UnreadableError) as caught:
        DelimitedBacklog(data)
    assert str(caught.value).startswith(told)


@given(
    table=st.lists(st.lists(st.text(st.characters(exclude_characters="\0\r", codec="utf-8")), min_size=3, max_size=3)),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    newline=st.sampled_from(["\n", "\r\n"]),
    value=st.text(st.characters(exclude_categories=["C", "Z"])),
)
def test_whatever_a_spreadsheet_writes_comes_back_with_one_cell_changed(table, quoting, newline, value):
    lines = [["id", "title", "Score"], *([str(n), *cells[1:]] for n, cells in enumerate(table, 1))]
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator=newline).writerows(lines)
    data = text.getvalue().encode()
    backlog = DelimitedBacklog(data)
    assert backlog.render() == data
    if not table or lines[1][2].startswith("="):
        return
    backlog.set(0, "Score", value)
    formula = value.startswith(("=", "+", "-", "@"))
    lines[1][2] = f"'{value}" if formula else value
    assert list(csv.reader(io.StringIO(backlog.render().decode(), newline=""))) == lines
