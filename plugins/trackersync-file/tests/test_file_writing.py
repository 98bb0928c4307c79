"""Writing: whole files or nothing, only over what was read, and one file's trouble is not another's."""

from __future__ import annotations

import stat

import pytest

from trackersync.change import Change, Status, WriteTarget
from trackersync.errors import ForbiddenError, UnavailableError
from trackersync_file import disk
from trackersync_file.connector import FileConnector

TEXT = b"id,title,labels,priority,Score\n1,a,bug,,\n2,b,,,\n"
SCORE = WriteTarget("field", "Score")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "backlog.csv"
    path.write_bytes(TEXT)
    return path


def changes_of(connector, after=7.0, target=SCORE):
    issues = [issue for page in connector.pull() for issue in page]
    return [Change(ref=issue.ref, target=target, before=None, after=after, reason="") for issue in issues]


def current_of(connector, changes):
    return connector.fetch([change.ref.id for change in changes])


def told(outcomes):
    return [(outcome.status, outcome.detail) for outcome in outcomes]


def left_over(path):
    return [each.name for each in path.parent.iterdir() if each.suffix not in (".csv", ".md")]


def test_a_file_is_written_once_for_all_its_changes_and_keeps_its_permissions(file, connect, monkeypatch):
    file.chmod(0o640)
    swaps = []
    swap = disk.swap
    monkeypatch.setattr(disk, "swap", lambda new, path: (swaps.append(path), swap(new, path)))
    connector = connect(file, "Score")
    changes = changes_of(connector)
    assert connector.forecast(changes, notify=True, ask=False).requests == 1
    outcomes = list(connector.apply(changes, current_of(connector, changes), notify=True))
    assert [outcome.status for outcome in outcomes] == [Status.APPLIED] * 2
    assert swaps == [file.resolve()]
    assert file.read_bytes() == b"id,title,labels,priority,Score\n1,a,bug,,7\n2,b,,,7\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert left_over(file) == []


def test_what_is_already_there_is_not_written_again(file, connect):
    connector = connect(file, "Score")
    changes = changes_of(connector, after=None)
    written = file.stat().st_mtime_ns
    assert {outcome.status for outcome in connector.apply(changes, current_of(connector, changes), notify=False)} == {
        Status.APPLIED
    }
    assert file.stat().st_mtime_ns == written


def test_a_cell_that_somebody_changed_meanwhile_stands_and_the_others_are_written(file, connect):
    connector = connect(file, "Score")
    changes = changes_of(connector)
    current = current_of(connector, changes)
    file.write_bytes(TEXT.replace(b"2,b,,,", b"2,B renamed,,,99").replace(b"bug", b"late"))
    outcomes = told(connector.apply(changes, current, notify=False))
    assert outcomes == [(Status.APPLIED, ""), (Status.CONFLICT, "somebody changed it just now")]
    assert file.read_bytes() == b"id,title,labels,priority,Score\n1,a,late,,7\n2,B renamed,,,99\n"


def test_a_file_that_changes_while_it_is_written_stands(file, connect, monkeypatch):
    connector = connect(file, "Score")
    changes = changes_of(connector)
    current = current_of(connector, changes)
    beside = disk._beside

    def meanwhile(path, data, *, after):
        new = beside(path, data, after=after)
        path.write_bytes(TEXT + b"3,c,,,\n")
        return new

    monkeypatch.setattr(disk, "_beside", meanwhile)
    outcomes = told(connector.apply(changes, current, notify=False))
    assert outcomes == [(Status.CONFLICT, "backlog.csv changed meanwhile")] * 2
    assert file.read_bytes() == TEXT + b"3,c,,,\n"
    assert left_over(file) == []


def test_a_file_that_is_gone_takes_its_rows_along(file, connect):
    connector = connect(file.parent, "Score")
    changes = changes_of(connector)
    current = current_of(connector, changes)
    file.rename(file.with_name("x.txt"))
    file.with_name("other.csv").write_bytes(b"id,title,Score\n9,z,\n")
    assert told(connector.apply(changes, current, notify=False)) == [(Status.CONFLICT, "it is gone")] * 2


@pytest.mark.parametrize("lock", ["~$backlog.csv", ".~lock.backlog.csv#"])
def test_a_file_that_is_open_in_a_spreadsheet_is_left_alone(file, connect, lock):
    connector = connect(file, "Score")
    changes = changes_of(connector)
    file.with_name(lock).touch()
    with pytest.raises(UnavailableError, match="is open in a spreadsheet program") as caught:
        list(connector.apply(changes, current_of(connector, changes), notify=False))
    assert not caught.value.sent
    assert file.read_bytes() == TEXT


def test_a_read_only_file_is_told_and_stays(file, connect):
    connector = connect(file, "Score")
    changes = changes_of(connector)
    file.chmod(0o444)
    with pytest.raises(ForbiddenError, match="it is read-only") as caught:
        list(connector.apply(changes, current_of(connector, changes), notify=False))
    assert "allow this account" in str(caught.value.hint)
    assert file.read_bytes() == TEXT


def test_one_file_that_cannot_be_written_does_not_stop_the_others(file, connect):
    other = file.with_name("other.csv")
    other.write_bytes(b"id,title,Score\n9,z,\n")
    file.chmod(0o444)
    connector = connect(file.parent, "Score")
    changes = changes_of(connector)
    outcomes = told(connector.apply(changes, current_of(connector, changes), notify=False))
    assert outcomes == [(Status.REJECTED, "backlog.csv: it is read-only")] * 2 + [(Status.APPLIED, "")]
    assert other.read_bytes() == b"id,title,Score\n9,z,7\n"


def test_a_full_disk_leaves_the_old_file_and_nothing_beside(file, connect, monkeypatch):
    connector = connect(file, "Score")
    changes = changes_of(connector)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk.os, "fsync", full)
    with pytest.raises(UnavailableError, match="No space left"):
        list(connector.apply(changes, current_of(connector, changes), notify=False))
    assert file.read_bytes() == TEXT
    assert left_over(file) == []


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(file, connect, tmp_path):
    link = tmp_path / "link.csv"
    link.symlink_to(file)
    connector = connect(link, "Score")
    changes = changes_of(connector)
    list(connector.apply(changes, current_of(connector, changes), notify=False))
    assert link.is_symlink()
    assert b"1,a,bug,,7\n" in file.read_bytes()


@pytest.mark.parametrize(
    ("target", "after", "why"),
    [
        (WriteTarget("field", "title"), "x", "title is not ours to write"),
        (WriteTarget("field", "ID"), "x", "id is not ours to write"),
        (WriteTarget("field", "Scores"), 7.0, "backlog.csv has no column 'Scores'"),
        (WriteTarget("field", "Score"), "a\x1b", "the text has control characters in it"),
    ],
)
def test_what_is_not_ours_is_refused(file, connect, target, after, why):
    connector = connect(file, "Score")
    changes = changes_of(connector, after=after, target=target)
    outcomes = told(connector.apply(changes, current_of(connector, changes), notify=False))
    assert outcomes == [(Status.REJECTED, why)] * 2
    assert file.read_bytes() == TEXT


def test_a_missing_column_for_labels_is_told(tmp_path, connect):
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,title\n1,a\n")
    connector = connect(path)
    for target, after in ((WriteTarget("labels", "p/"), ("p/1",)), (WriteTarget("priority"), "High")):
        changes = changes_of(connector, after=after, target=target)
        ((status, why),) = told(connector.apply(changes, current_of(connector, changes), notify=False))
        assert (status, why) == (Status.REJECTED, f"a.csv has no column {target.kind}")


def test_rows_of_two_files_do_not_stand_beside_each_other(file, connect):
    file.with_name("other.csv").write_bytes(b"id,title\n9,z\n")
    connector = connect(file.parent)
    changes = changes_of(connector, after=("after", "9"), target=WriteTarget("order"))[:2]
    outcomes = told(connector.apply(changes, current_of(connector, changes), notify=False))
    assert outcomes == [(Status.REJECTED, "rows are moved only within one list of one file")] * 2


def test_a_move_that_the_file_refuses_keeps_no_value_from_being_written(tmp_path, connect):
    import openpyxl

    book = openpyxl.Workbook()
    for row in (("id", "title", "Score", "note"), (1, "a", None, "x"), (2, "b", None, None)):
        book.active.append(row)
    book.active.merge_cells("D2:D3")
    path = tmp_path / "backlog.xlsx"
    book.save(path)
    connector = connect(path, "Score")
    values = changes_of(connector)
    move = Change(ref=values[1].ref, target=WriteTarget("order"), before=None, after=("before", "1"), reason="")
    outcomes = told(connector.apply([*values, move], current_of(connector, values), notify=False))
    assert outcomes[:2] == [(Status.APPLIED, "")] * 2
    assert outcomes[2] == (Status.REJECTED, "merged cells D2:D3 stand among the rows")
    assert [issue.fields["Score"] for issue in connector.fetch(["1", "2"]).values()] == [7, 7]


def test_what_was_fetched_is_not_parsed_again_and_never_handed_out_twice(file, connect, monkeypatch):
    from trackersync_file import reading

    parsed = []
    parse = reading._parse
    monkeypatch.setattr(reading, "_parse", lambda *given: (parsed.append(1), parse(*given))[1])
    connector = connect(file, "Score")
    current = connector.fetch(["1", "2"])
    changes = [
        Change(ref=issue.ref, target=SCORE, before=None, after=value, reason="")
        for issue, value in zip(current.values(), (7.0, "\x1b"), strict=True)
    ]
    list(connector.apply(changes, current, notify=False))
    assert len(parsed) == 1
    assert [issue.fields["Score"] for issue in connector.fetch(["1", "2"]).values()] == [7, None]
    assert len(parsed) == 2
    file.write_bytes(TEXT)
    assert connector.fetch(["1"])["1"].fields["Score"] is None


def test_nobody_gets_mail_of_a_file():
    assert not FileConnector.capabilities.notifies
