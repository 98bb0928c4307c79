"""Excel workbooks: read with the values of formulas, and written with all else kept or not at all."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from trackersync_file import package, workbook
from trackersync_file.backlog import RefusedError, UnreadableError
from trackersync_file.workbook import WorkbookBacklog


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def a_book(*rows):
    book = openpyxl.Workbook()
    for row in rows or (("id", "title", "Score"), (1, "Pay", None), (2, "Dark", 3)):
        book.active.append(row)
    return book


def with_part(data, name, content):
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, content)
    return file.getvalue()


def replaced(data, part, old, new):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(file, "w") as written:
        for name in read.namelist():
            content = read.read(name)
            written.writestr(name, content.replace(old, new) if name == part else content)
    return file.getvalue()


DAY = datetime(2026, 3, 1)  # noqa: DTZ001 - spreadsheets know no time zones
SHEET = "xl/worksheets/sheet1.xml"


def calculated():
    """A workbook as Excel leaves it: a formula in each row and on another sheet, each with its value."""
    book = a_book(
        ("id", "title", "effort", "twice"), (1, "a", 2, "=C2*2"), (2, "b", 3, '=C3&"x"'), (3, "c", 4, "=C4>3")
    )
    other = book.create_sheet("Other")
    other["B2"] = "=SUM(Sheet!C2:C4)"
    data = saved(book)
    for formula, value in ((b"C2*2", b"<v>4</v>"), (b"C4&gt;3", b"<v>1</v>")):
        kind = b' t="b"' if b"gt" in formula else b""
        data = replaced(data, SHEET, b"><f>%b</f><v />" % formula, kind + b"><f>%b</f>" % formula + value)
    text = b'<f>C3&amp;"x"</f>'
    data = replaced(data, SHEET, b">" + text + b"<v />", b' t="str">' + text + b"<v>3x</v>")
    return replaced(data, "xl/worksheets/sheet2.xml", b"</f><v />", b"</f><v>9</v>")


def read_back(data):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()]


def test_formulas_count_with_their_stored_values():
    assert [row.cells["twice"] for row in WorkbookBacklog(calculated(), None).rows] == [4, "3x", True]


def test_formulas_keep_text_and_value_when_another_cell_is_written():
    backlog = WorkbookBacklog(calculated(), None)
    backlog.set(0, "effort", 5)
    again = backlog.render()
    assert read_back(again)[1] == [1, "a", 5, "=C2*2"]
    assert [row.cells["twice"] for row in WorkbookBacklog(again, None).rows] == [4, "3x", True]
    assert openpyxl.load_workbook(io.BytesIO(again), data_only=True)["Other"]["B2"].value == 9


def test_rows_move_with_their_formulas_values_and_styles():
    book = openpyxl.load_workbook(io.BytesIO(calculated()))
    backlog = WorkbookBacklog(calculated(), None)
    backlog.reorder([2, 0, 1])
    again = backlog.render()
    assert read_back(again)[1:] == [[3, "c", 4, "=C2>3"], [1, "a", 2, "=C3*2"], [2, "b", 3, '=C4&"x"']]
    assert [row.cells["twice"] for row in WorkbookBacklog(again, None).rows] == [True, 4, "3x"]
    assert book.sheetnames == openpyxl.load_workbook(io.BytesIO(again)).sheetnames


def test_styles_widths_comments_links_and_heights_are_kept_and_move_along():
    book = a_book()
    sheet = book.active
    sheet["B2"].font = Font(bold=True)
    sheet["B2"].comment = Comment("why", "Ann")
    sheet["B2"].hyperlink = "https://acme.example/1"
    sheet.row_dimensions[2].height = 40
    sheet.column_dimensions["B"].width = 33
    backlog = WorkbookBacklog(saved(book), None)
    backlog.set(1, "Score", 9)
    backlog.reorder([1, 0])
    again = openpyxl.load_workbook(io.BytesIO(backlog.render())).active
    moved = again["B3"]
    assert (moved.value, moved.font.bold, moved.comment.text) == ("Pay", True, "why")
    assert (moved.hyperlink.target, moved.hyperlink.ref) == ("https://acme.example/1", "B3")
    assert (again.row_dimensions[3].height, again.column_dimensions["B"].width) == (40, 33)
    assert [cell.value for cell in again[2]] == [2, "Dark", 9]


def test_what_is_not_written_is_the_same_to_the_byte():
    data = saved(a_book())
    assert WorkbookBacklog(data, None).render() == data


def test_text_of_ours_is_text_whatever_it_begins_with():
    backlog = WorkbookBacklog(saved(a_book()), None)
    backlog.set(0, "Score", '=HYPERLINK("https://evil.example")')
    cell = openpyxl.load_workbook(io.BytesIO(backlog.render())).active["C2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", '=HYPERLINK("https://evil.example")', True)


def test_dates_blank_lines_and_the_named_sheet_are_read():
    book = a_book(("x",))
    book.create_sheet("Plan").append(("id", "title", "due"))
    book["Plan"].append((None, None, None))
    book["Plan"]["A4"], book["Plan"]["B4"], book["Plan"]["C4"] = 1, "a", DAY
    (row,) = WorkbookBacklog(saved(book), "Plan").rows
    assert (row.line, row.cells["due"]) == (4, DAY)


@pytest.mark.parametrize(
    ("arrange", "why"),
    [
        (lambda sheet: sheet.__setitem__("C2", "=1+1"), "a formula stands in C2"),
        (lambda sheet: sheet.merge_cells("B2:C2"), "C2 is merged"),
        (lambda sheet: setattr(sheet.protection, "sheet", True), "the sheet Sheet is protected"),
    ],
)
def test_a_cell_that_is_not_ours_to_write_is_refused(arrange, why):
    book = a_book()
    arrange(book.active)
    with pytest.raises(RefusedError, match=why):
        WorkbookBacklog(saved(book), None).set(0, "Score", 7)


def test_merged_rows_are_not_moved():
    book = a_book()
    book.active.merge_cells("C2:C3")
    with pytest.raises(RefusedError, match="merged cells C2:C3"):
        WorkbookBacklog(saved(book), None).reorder([1, 0])


def test_a_formula_over_several_cells_is_not_moved():
    book = a_book()
    book.active["D2"] = openpyxl.worksheet.formula.ArrayFormula("D2:D2", "=C2:C3")
    with pytest.raises(RefusedError, match="the formula in D2 spans"):
        WorkbookBacklog(saved(book), None).reorder([1, 0])


@pytest.mark.parametrize("part", ["xl/charts/chart1.xml", "xl/media/image1.png", "xl/pivotTables/pivotTable1.xml"])
def test_a_workbook_whose_charts_or_pictures_would_be_lost_is_read_and_not_written(part):
    backlog = WorkbookBacklog(with_part(saved(a_book()), part, b"<x/>"), None)
    assert len(backlog.rows) == 2
    with pytest.raises(RefusedError, match=f"what would be lost \\({re.escape(part)}\\)"):
        backlog.set(0, "Score", 7)


def test_sparklines_and_the_like_are_not_lost():
    data = replaced(saved(a_book()), SHEET, b"</worksheet>", b"<extLst></extLst></worksheet>")
    with pytest.raises(RefusedError, match="data bars"):
        WorkbookBacklog(data, None).reorder([1, 0])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"<html>", "it is no Excel workbook"),
        (b"PK\x03\x04", "it is no Excel workbook"),
        (with_part(saved(a_book()), "xl/evil.xml", b"<!DOCTYPE x>"), "its XML defines entities"),
        (replaced(saved(a_book()), SHEET, b"</row>", b"<row>"), "it is no workbook that can be read"),
        (saved(a_book()).replace(b"PK\x01\x02", b"PK\x00\x00"), "it is no Excel workbook"),
        (saved(openpyxl.Workbook()), "line 1 of the sheet Sheet is empty"),
    ],
)
def test_what_is_no_workbook_is_told(data, told):
    with pytest.raises(UnreadableError, match=told):
        WorkbookBacklog(data, None)


def test_a_missing_sheet_is_told_with_those_there_are():
    with pytest.raises(UnreadableError, match="it has no sheet Plan; it has Sheet"):
        WorkbookBacklog(saved(a_book()), "Plan")


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(package, "MAX_UNPACKED", 1_000)
    with pytest.raises(UnreadableError, match="it unpacks to more than"):
        WorkbookBacklog(saved(a_book()), None)


@pytest.mark.parametrize("far", ["A1048576", "XFD5000"])
def test_one_cell_far_away_makes_no_million_of_empty_ones(far):
    book = a_book()
    book.active[far] = "here"
    with pytest.raises(UnreadableError, match="delete the empty ones"):
        WorkbookBacklog(saved(book), None)
    assert workbook.MAX_ROWS < 1_048_576
