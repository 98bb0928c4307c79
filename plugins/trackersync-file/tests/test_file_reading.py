"""What the columns of a file mean, and what is told of a file that cannot be believed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from trackersync.errors import (
    ForbiddenError,
    InvalidResponseError,
    NotFoundError,
    RejectedError,
    TrackerError,
    UnavailableError,
)
from trackersync.model import Person, StateCategory
from trackersync_file import disk


def pulled(connector):
    return [issue for page in connector.pull() for issue in page]


@pytest.fixture
def write(tmp_path):
    def write(text, name="backlog.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


FULL = (
    "Key,Summary,Description,Type,Status,Tags,Priority,Owner,Milestone,Components,Created,Updated,Due date,Estimate,"
    "Votes,URL,Reach\n"
    'A-7,Pay,"Blocks: file:backlog#8",Story,In progress,"web, api;web",High,Ann,Q3,"shop, web",2026-01-02,'
    "2026-02-03T04:05:06+01:00,2026-03-04,2.5,12,https://acme.example/7,300\n"
)


def test_every_column_is_known_by_its_heading(write, connect):
    (issue,) = pulled(connect(write(FULL), "reach"))
    assert str(issue.ref) == "file:backlog#A-7"
    assert (issue.title, issue.type, issue.priority, issue.milestone) == ("Pay", "story", "High", "Q3")
    assert (issue.state, issue.state_category) == ("In progress", StateCategory.IN_PROGRESS)
    assert (issue.labels, issue.components) == (("web", "api"), ("shop", "web"))
    assert issue.assignees == (Person("Ann", "Ann"),)
    assert issue.created_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert issue.updated_at == datetime(2026, 2, 3, 3, 5, 6, tzinfo=UTC)
    assert issue.due_on == date(2026, 3, 4)
    assert (issue.estimate, issue.votes, issue.url) == (2.5, 12, "https://acme.example/7")
    assert issue.fields == {"reach": 300}
    assert [link.target for link in issue.links] == ["file:backlog#8"]


def test_what_a_file_lacks_is_nothing_and_never_zero(write, connect):
    (issue,) = pulled(connect(write("id,title,Score\n1,a,\n"), "Score"))
    nothing = (issue.type, issue.priority, issue.due_on, issue.estimate, issue.votes, issue.milestone, issue.sub_issues)
    assert set(nothing) == {None}
    assert issue.fields == {"Score": None}
    assert issue.created_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert issue.url.startswith("file:///")


def test_settings_name_other_headings_sheets_and_states(write, connect):
    path = write("Nr;Titel;Stand\n1;a;Erledigt\n")
    settings = {"columns": {"id": "nr", "title": "Titel", "state": "Stand"}, "done": ["erledigt"]}
    (issue,) = pulled(connect(path, **settings))
    assert (issue.title, issue.state_category) == ("a", StateCategory.DONE)
    assert connect(path, sheet="Plan").identify(connect(path, sheet="Plan").settings).endswith("backlog.csv sheet Plan")


@pytest.mark.parametrize(
    ("text", "value"), [("7", 7), ("-7.5", -7.5), ("1e3", 1000.0), ("High", "High"), ("1.000,5", "1.000,5"), ("", None)]
)
def test_a_field_is_a_number_where_it_reads_as_one(write, connect, text, value):
    (issue,) = pulled(connect(write(f'id,title,Reach\n1,a,"{text}"\n'), "Reach"))
    assert issue.fields["Reach"] == value


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x/y", "https://", "http://a\x1bb"])
def test_no_other_address_than_one_of_the_web_is_taken_from_a_cell(write, connect, url):
    (issue,) = pulled(connect(write(f'id,title,url\n1,a,"{url}"\n')))
    assert issue.url.startswith("file:///")


def test_done_rows_are_closed_whatever_kind_of_file_they_are_in(write, connect):
    write("id,title,state\n1,a,Closed\n2,b,\n")
    path = write("- [x] c {id=3}\n- [ ] d {id=4}\n", "more.md").parent
    states = {issue.ref.id: issue.state_category for issue in pulled(connect(path))}
    assert states == dict.fromkeys("13", StateCategory.DONE) | dict.fromkeys("24", StateCategory.TODO)


@pytest.mark.parametrize(
    ("text", "told", "hint"),
    [
        ("title\na\n", "backlog.csv: it has no column id", None),
        ("id,name of it\n1,a\n", "backlog.csv: it has no column title", None),
        ("id,ID,title\n1,1,a\n", "backlog.csv: 2 columns are headed 'id'", None),
        ("id,title\n1,a\n,b\n,c\n", "backlog.csv: line 3 has no id; line 4 has no id", "the next free number is 2"),
        ("id,title\n1,\n", "backlog.csv: line 2 has no title", None),
        ("id,title\n1,a\n2,b\n1,c\n", "backlog.csv: line 4 has the id of backlog.csv:2", "give each its own"),
        ("id,title,due\n1,a,31.1.26\n", "line 2: its due is no date; write 2026-01-31", None),
        ("id,title,votes\n1,a,many\n", "line 2: its votes is no number", None),
        ("id,title\n" + ",x\n" * 9, "line 6 has no id; and 4 more", "the next free number is 1"),
    ],
)
def test_a_file_that_cannot_be_believed_is_read_not_at_all(write, connect, text, told, hint):
    with pytest.raises(InvalidResponseError) as caught:
        pulled(connect(write(text)))
    assert told in caught.value.message
    assert hint is None or hint in str(caught.value.hint)
    assert (caught.value.tracker, caught.value.host) == ("backlog", "backlog.csv")


def test_ids_are_one_number_space_over_a_folder(write, connect):
    write("id,title\n1,a\n", "a.csv")
    path = write("- [ ] b {id=1}\n", "b.md").parent
    with pytest.raises(InvalidResponseError, match=r"b\.md: line 1 has the id of a\.csv:2"):
        pulled(connect(path))


def test_a_column_that_the_settings_name_has_to_be_there(write, connect):
    with pytest.raises(InvalidResponseError, match="it has no column 'Kunden', which is to be the votes"):
        pulled(connect(write("id,title\n1,a\n"), columns={"votes": "Kunden"}))


def test_a_wanted_field_that_no_column_is_like_is_to_be_added(write, connect):
    with pytest.raises(RejectedError) as caught:
        pulled(connect(write("id,title\n1,a\n"), "Reach"))
    assert (caught.value.message, caught.value.hint) == ("backlog.csv has no column 'Reach'", "add it to the file")


def test_a_folder_is_read_by_name_and_hidden_files_lock_files_and_others_are_none_of_it(write, connect):
    for number, name in enumerate(["b.csv", "A.CSV", ".c.csv", "~$d.csv", "e.txt"]):
        path = write(f"id,title\n{number},{name}\n", name)
    (path.parent / "f.csv").mkdir()
    assert [issue.title for issue in pulled(connect(path.parent))] == ["A.CSV", "b.csv"]


def test_order_is_told_only_where_all_is_one_list(write, connect):
    path = write("id,title\n1,a\n2,b\n")
    assert [issue.native_rank for issue in pulled(connect(path))] == ["0000000", "0000001"]
    write("- [ ] c {id=3}\n", "more.md")
    assert {issue.native_rank for issue in pulled(connect(path.parent))} == {None}


def test_a_relative_path_is_taken_from_the_folder_of_the_file(write, tmp_path):
    from trackersync_file.settings import FileSettings

    settings = FileSettings.model_validate({"path": "backlog.csv"}, context={"folder": tmp_path})
    assert settings.location == tmp_path / "backlog.csv"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FileNotFoundError(2, "gone"), NotFoundError),
        (PermissionError(13, "no"), ForbiddenError),
        (OSError(5, "i/o"), UnavailableError),
    ],
)
def test_what_the_disk_refuses_is_told_by_what_to_do_next(write, connect, monkeypatch, error, kind):
    path = write("id,title\n1,a\n")

    def refuse(path):
        raise error

    monkeypatch.setattr(disk, "load", refuse)
    with pytest.raises(kind, match=r"backlog\.csv: "):
        pulled(connect(path))


def test_a_missing_file_an_empty_folder_and_what_is_no_file_are_told(connect, tmp_path):
    with pytest.raises(NotFoundError, match=r"none\.csv: No such file"):
        pulled(connect(tmp_path / "none.csv"))
    with pytest.raises(NotFoundError, match="holds no file that end"):
        pulled(connect(tmp_path))
    (tmp_path / "a.txt").touch()
    with pytest.raises(InvalidResponseError, match=r"a\.txt: it is no \.csv"):
        pulled(connect(tmp_path / "a.txt"))
    with pytest.raises(InvalidResponseError, match="null is no file"):
        pulled(connect(disk.Path("/dev/null")))


def test_a_large_file_is_not_read(write, connect, monkeypatch):
    monkeypatch.setattr(disk, "MAX_BYTES", 10)
    with pytest.raises(InvalidResponseError, match="is larger than"):
        pulled(connect(write("id,title\n1,a\n")))


def test_a_broken_file_hides_no_other_and_ends_the_read(write, connect):
    write("id,title\n1,a\n", "a.csv")
    pages = connect(write("<html>", "b.xlsx").parent).pull()
    assert [issue.title for issue in next(pages)] == ["a"]
    with pytest.raises(InvalidResponseError, match=r"b\.xlsx: it is no Excel workbook"):
        next(pages)


@pytest.mark.parametrize("name", ["\x1b[2Jb.csv", "\u202eb.csv"])
@pytest.mark.parametrize("text", ["\x1b[31m\n", "id,title\n\x1b[31m,\n", "id,title,\x1b[31m\n1,a,x,y\n"])
def test_errors_show_no_escape_sequences(write, connect, name, text):
    with pytest.raises(TrackerError) as caught:
        pulled(connect(write(text, name)))
    assert not any(char in str(caught.value) + str(caught.value.hint) for char in "\x1b\u202e")


def test_names_within_a_workbook_show_no_escape_sequences(connect, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "\u202ePlan"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InvalidResponseError) as caught:
        pulled(connect(tmp_path / "a.xlsx"))
    assert "\u202e" not in str(caught.value)


def test_the_nearest_headings_show_no_escape_sequences(write, connect):
    with pytest.raises(RejectedError) as caught:
        pulled(connect(write("id,title,Sco\u202ere\n1,a,\n"), "Score"))
    assert "\u202e" not in str(caught.value.hint)


def test_headings_that_mean_nothing_else_are_offered_for_inputs(connect, tmp_path):
    (tmp_path / "backlog.csv").write_text("id,Title,Reach,Story Points,state\nA-1,Pay,3,5,open\n", encoding="utf-8")
    offers = connect(tmp_path / "backlog.csv").offers()
    assert offers.fields == {"field": ("Reach", "Story Points")}
    assert offers.settings == ()
