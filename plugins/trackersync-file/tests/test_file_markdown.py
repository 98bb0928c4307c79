"""Markdown checklists: read item by item, and changed in no line but those that are set or moved."""

from __future__ import annotations

import pytest

from trackersync_file.backlog import RefusedError, UnreadableError
from trackersync_file.checklist import ChecklistBacklog

BACKLOG = b"""# Our backlog
<!-- fields: Score, Priority Rank -->

Some words before.

## Next ##

- [ ] Pay by invoice {id=7 labels="web, good first issue" Reach=300}
  Customers ask for it.

  - [x] terms
  - [ ] form
- [x] Dark mode {id=8}

```
- [ ] no item {id=99}
```

## Later

* [X] Export {to PDF} {id=9 type=story}
1. [ ] Faster search {id=10 state="in progress"}
"""


def read(text=BACKLOG):
    return ChecklistBacklog(text)


def test_every_item_is_read_with_what_stands_around_it():
    rows = read().rows
    assert [row.cells["title"] for row in rows] == ["Pay by invoice", "Dark mode", "Export {to PDF}", "Faster search"]
    assert [row.cells["state"] for row in rows] == ["open", "done", "done", "in progress"]
    assert [row.cells["milestone"] for row in rows] == ["Next", "Next", "Later", "Later"]
    assert [row.line for row in rows] == [8, 13, 21, 22]
    assert rows[0].cells["labels"] == "web, good first issue"
    assert rows[0].cells["Reach"] == "300"
    assert rows[0].cells["body"] == "Customers ask for it.\n\n- [x] terms\n- [ ] form"
    assert rows[0].sub_issues == (2, 1)
    assert rows[2].cells["type"] == "story"


def test_fields_are_those_announced_and_those_that_items_have():
    assert {"Score", "Priority Rank", "Reach", "labels", "priority"} <= set(read().headings)


def test_one_name_is_one_field_however_it_is_written():
    backlog = read(b"<!-- fields: Score -->\n- [ ] a {id=1 score=2}\n- [ ] b {id=2 SCORE=3}\n")
    assert [row.cells["Score"] for row in backlog.rows] == ["2", "3"]


@pytest.mark.parametrize(
    ("line", "name", "value", "after"),
    [
        (b"- [ ] a {id=1}", "Score", 7.0, b"- [ ] a {id=1 Score=7}"),
        (b"- [ ] a {id=1 Score=3 x=y}", "Score", 7.5, b"- [ ] a {id=1 Score=7.5 x=y}"),
        (b'- [ ] a { id=1  Score="3" }  ', "Score", None, b"- [ ] a { id=1 }  "),
        (b"- [ ] a {Score=3 id=1}", "Score", None, b"- [ ] a {id=1}"),
        (b"- [ ] a {Score=3}", "Score", None, b"- [ ] a"),
        (b"- [ ] a", "Score", 7, b"- [ ] a {Score=7}"),
        (b"- [ ] a", "Score", None, b"- [ ] a"),
        (b"- [ ] a {id=1}", "Priority Rank", 1, b'- [ ] a {id=1 "Priority Rank"=1}'),
        (b'- [ ] a {"priority rank"=2}', "Priority Rank", 1, b'- [ ] a {"priority rank"=1}'),
        (b"- [x] x {id=1}", "labels", "a b, c", b'- [x] x {id=1 labels="a b, c"}'),
    ],
)
def test_only_the_pair_that_is_set_changes(line, name, value, after):
    frame = b"<!-- fields: Score, Priority Rank -->\r\n%b\r\n  body\r\n- [ ] b {id=2}"
    backlog = read(frame % line)
    heading = next(each for each in backlog.headings if each.casefold() == name.casefold())
    backlog.set(0, heading, value)
    assert backlog.render() == frame % after


@pytest.mark.parametrize(
    ("line", "name", "value", "why"),
    [
        (b"- [ ] a {Score=1 score=2}", "Score", 7, "Score is given twice"),
        (b"- [ ] a {id=1}", "labels", 'a "b"', "quotation mark"),
        (b"- [ ] a {id=1}", "labels", "a}", "brace"),
        (b"- [ ] a {id=1}", "labels", "a\nb", "control characters"),
        (b"- [ ] a {id=1}", "state", "done", "the state of a checklist's item is not written"),
    ],
)
def test_what_has_no_place_is_refused(line, name, value, why):
    with pytest.raises(RefusedError, match=why):
        read(line).set(0, name, value)


@pytest.mark.parametrize("end", [b"\n", b""], ids=["line end", "no last line end"])
def test_items_move_with_their_bodies_and_what_stands_between_stays(end):
    backlog = read(b"# Ours\n\n- [ ] a {id=1}\n  more\n\n  of a\n\nbetween\n\n- [ ] b {id=2}\n- [ ] c {id=3}" + end)
    backlog.reorder([2, 1, 0])
    moved = b"# Ours\n\n- [ ] c {id=3}\n\nbetween\n\n- [ ] b {id=2}\n- [ ] a {id=1}\n  more\n\n  of a"
    assert backlog.render() == moved + end


def test_no_item_moves_under_another_heading():
    backlog = read()
    assert not backlog.is_one_list
    with pytest.raises(RefusedError, match="headings divide"):
        backlog.reorder([1, 0, 2, 3])


@pytest.mark.parametrize("text", [b"", b"# Backlog\n", b"<!-- fields: Score -->\n## Now\n"])
def test_a_backlog_may_be_empty(text):
    assert read(text).rows == []


def test_a_text_without_a_checklist_is_no_backlog():
    with pytest.raises(UnreadableError, match="line 3: there is no checklist"):
        read(b"# Notes\n\nWe met.\n")


@pytest.mark.parametrize("text", ["{" * 50_000, " " * 50_000 + "x", "{a=b " * 10_000, "#" * 50_000, "- [ ] " * 10_000])
def test_a_long_line_is_read_in_no_more_than_a_moment(text):
    rows = read(f"- [ ] a {text}\n## {text}\n- [ ] b\n".encode()).rows
    assert str(rows[0].cells["title"]).startswith("a")
