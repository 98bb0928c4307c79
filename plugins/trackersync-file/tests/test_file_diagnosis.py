"""`doctor` on files: everything that is missing or will bite, of every file, at once."""

from __future__ import annotations

import pytest

from trackersync.diagnosis import Written
from trackersync.model import Fate


@pytest.fixture
def diagnose(connect, tmp_path):
    def diagnose(*fields, path=tmp_path, **written):
        found = list(connect(path, *fields).diagnose(Written(**written)))
        assert [finding for finding in found if finding.severity != "info" and not finding.do] == []
        return [(finding.severity, finding.what) for finding in found if finding.severity != "info"]

    return diagnose


def test_a_backlog_that_is_complete_has_nothing_to_be_told(diagnose, tmp_path, connect):
    (tmp_path / "backlog.csv").write_text("id,title,labels,priority,Score,created,updated\n1,a,,,,,\n")
    assert diagnose("Score", fields={"Score": ()}, labels=("p/1",), priorities=("High",), order=True) == []
    found = [finding.what for finding in connect(tmp_path).diagnose(Written())]
    assert found == ["backlog.csv holds 1 issues"]


def test_without_dates_their_rules_mean_nothing(connect, tmp_path):
    (tmp_path / "backlog.csv").write_text("id,title\n1,a\n")
    told = [finding.what for finding in connect(tmp_path).diagnose(Written())]
    assert "backlog.csv has no column created: age_days of its issues means nothing" in told
    assert "backlog.csv has no column updated: idle_days of its issues means nothing" in told


def test_all_that_is_wrong_is_told_at_once(diagnose, tmp_path):
    (tmp_path / "a.csv").write_text("id,title,Reach,reach\n1,a,,\n,b,,\n")
    (tmp_path / "a.csv").chmod(0o444)
    (tmp_path / "b.md").write_text("nothing to do\n")
    (tmp_path / "c.csv").write_text("id,title,Reach,Score,labels,priority\n1,c,,,,\n")
    (tmp_path / "~$c.csv").touch()
    found = diagnose("Reach", fields={"Score": ()}, labels=("p/1",), priorities=("High",))
    assert found == [
        ("error", "a.csv: 2 columns are headed 'Reach'"),
        ("error", "a.csv has no column 'Score'"),
        ("error", "a.csv has no column labels, which is written"),
        ("error", "a.csv has no column priority, which is written"),
        ("error", "a.csv: 2 columns are headed 'Reach'"),
        ("error", "a.csv: it is read-only"),
        ("error", "b.md: line 1: there is no checklist, no line `- [ ] Title {id=1}`"),
        ("error", "c.csv is open in a spreadsheet program"),
    ]


def test_an_id_of_two_rows_and_an_order_over_several_files_are_told(diagnose, tmp_path):
    (tmp_path / "a.csv").write_text("id,title\n1,a\n")
    (tmp_path / "b.csv").write_text("id,title\n1,b\n")
    assert diagnose(order=True) == [
        ("error", "b.csv: line 2 has the id of a.csv:2"),
        ("warning", "the order of the rows is not kept: several files"),
    ]


def test_headings_that_divide_a_checklist_keep_it_from_being_ordered(diagnose, tmp_path):
    (tmp_path / "a.md").write_text("## Now\n- [ ] a {id=1}\n## Later\n- [ ] b {id=2}\n")
    assert diagnose(order=True) == [("warning", "the order of the rows is not kept: headings divide its checklist")]


def test_a_workbook_that_would_lose_something_is_told_before_it_is_written(diagnose, tmp_path, kinds):
    import zipfile

    path = tmp_path / "a.xlsx"
    kinds.xlsx.write(path, [{"id": "1", "title": "a"}], ["id", "title", "Score"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/charts/chart1.xml", "<x/>")
    ((severity, what),) = diagnose(fields={"Score": ()})
    assert severity == "error"
    assert what.startswith("a.xlsx: the workbook holds what would be lost (xl/charts/chart1.xml)")


def test_no_file_at_all_is_told(diagnose, tmp_path):
    ((severity, what),) = diagnose(path=tmp_path)
    assert severity == "error"
    assert "holds no file" in what


def test_a_row_that_is_found_no_more_was_deleted(connect, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,title\n1,a\n")
    connector = connect(path)
    refs = [issue.ref for page in connector.pull() for issue in page]
    assert connector.whereabouts(refs)["1"].fate is Fate.DELETED
