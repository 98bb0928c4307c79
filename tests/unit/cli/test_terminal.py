"""Tables and progress fit the terminal there is, and nothing a tracker sent drives it."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from trackersync.cli import terminal
from trackersync.cli.below import laid_below
from trackersync.cli.lines import columns
from trackersync.cli.messages import Lines

HOSTILE = "\x1b]0;owned\x07 [bold]not bold[/bold] \u202egnp.exe"


class Tty(io.StringIO):
    """A terminal as far as anybody asks."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def on_terminal(monkeypatch):
    """What stands on a terminal of so many columns after printing."""

    def printed(columns: int, **environment: str) -> str:
        screen = Tty()
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.delenv("NO_COLOR", raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(terminal.sys, "stdout", screen)
        headings = [("Rank", "right"), ("Issue", ""), ("Title", "cut")]
        terminal.print_table(headings, [(1, "jira:CORE-1", HOSTILE * 4), (10, "github:acme/web#2", None)])
        return screen.getvalue()

    return printed


def visible(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_narrow_terminal_gets_narrow_lines_and_whole_refs(on_terminal) -> None:
    text = visible(on_terminal(40))
    assert max(map(len, text.splitlines())) <= 40
    assert "jira:CORE-1" in text
    assert "github:acme/web#2" in text


def test_what_finds_no_room_is_wrapped_and_not_lost(capsys, monkeypatch) -> None:
    monkeypatch.setattr(terminal, "PIPED_WIDTH", 30)
    terminal.print_table([("Issue", ""), ("Why", "")], [("github:acme/web#2", "the tracker refused it, for good")])
    assert capsys.readouterr().out.split() == [
        *("Issue", "Why", "github:acme/web#2", "the", "tracker", "refused", "it,", "for", "good"),
    ]


def test_a_long_title_is_cut_before_the_reason_behind_it_is_lost(capsys) -> None:
    headings = [("Rank", "right"), ("Title", "cut"), ("Why", "")]
    terminal.print_table(headings, [(1, "long " * 100, "value-effort +10.5 (21 / 2)")])
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split() == ["Rank", "Title", "Why"]
    assert re.fullmatch(r" +1  long .*…  value-effort \+10\.5 \(21 / 2\) *", row)


def test_a_title_is_shown_as_text(on_terminal) -> None:
    shown = visible(on_terminal(200))
    assert "\\x1b]0;owned\\x07 [bold]not bold[/bold] \\u202egnp.exe" in shown


def test_colours_are_for_terminals_that_want_them(on_terminal) -> None:
    assert "\x1b[1m" in on_terminal(80)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", on_terminal(80, NO_COLOR="1"))


def test_a_pipe_gets_no_colours_and_a_wide_line(capsys) -> None:
    terminal.print_table([("Title", "")], [("x" * 150,)])
    out = capsys.readouterr().out
    assert "x" * 150 in out
    assert "\x1b" not in out


def test_what_is_too_wide_for_a_phone_stands_below(on_terminal, monkeypatch) -> None:
    screen = Tty()
    on_terminal(40)
    monkeypatch.setattr(terminal.sys, "stdout", screen)
    headings = [("Rank", "right"), ("Band", ""), ("Score", "right"), ("Issue", ""), ("Title", "cut"), ("Why", "")]
    rows = [(1, "P0", 98, "github:acme/web#28", "A title of more than forty characters, which is cut", "deadline +8")]
    terminal.print_table(headings, rows)
    assert [line.rstrip() for line in visible(screen.getvalue()).splitlines()] == [
        "Rank  Band  Score  Issue",
        "   1  P0       98  github:acme/web#28",
        "  A title of more than forty characters…",
        "  Why deadline +8",
    ]


@pytest.fixture
def laid_out(monkeypatch):
    """The lines of a table, or of what else prints, on a terminal of so many columns."""

    def lines(width: int, show, *what) -> list[str]:
        screen = Tty()
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setattr(terminal.sys, "stdout", screen)
        show(*what)
        return [line.rstrip() for line in visible(screen.getvalue()).splitlines()]

    return lines


def test_the_first_cell_leads_its_row_and_all_that_belongs_to_it_is_indented(laid_out) -> None:
    columns = [(heading, "") for heading in ("Issue", "What", "Now", "", "Then", "Why")]
    rows = [
        ("github:acme/web#28", "labels priority/", "–", "→", "priority/P1", "rank 4 of 50, score 94, P1: it is due"),
        ("", "project field Score", "73", "→", "94", ""),
    ]
    assert laid_out(40, terminal.print_table, columns, rows) == [
        "github:acme/web#28",
        "  What labels priority/  – → priority/P1",
        "  Why rank 4 of 50, score 94, P1: it",
        "    is due",
        "  What project field Score  73 → 94",
    ]


def test_a_name_stands_before_its_numbers_and_each_number_beside_its_heading(laid_out) -> None:
    columns = [("Rule", ""), ("Name", "wrap"), ("Decided on", "right"), ("Overridden", "right"), ("Share", "right")]
    rows = [("adjustment", "regression", 5, 0, "0%"), ("band", "P0", 1200, 3, "0%")]
    assert laid_out(40, terminal.print_table, columns, rows) == [
        "adjustment",
        "  Name regression  Decided on 5",
        "  Overridden 0  Share 0%",
        "band",
        "  Name P0  Decided on 1200  Overridden 3",
        "  Share 0%",
    ]


def test_a_rank_that_leads_a_row_has_others_beside_it(laid_out) -> None:
    columns = [("Rank", "right"), ("Band", ""), ("In top 10", "right"), ("Issue", ""), ("Title", "cut")]
    rows = [(1, "P0", "95%", "github:acme/web#28", "Short"), (2, "P0", "9%", "jira:CORE-7", "")]
    assert laid_out(40, terminal.print_table, columns, rows) == [
        "Rank 1  Band P0  In top 10 95%",
        "  Issue github:acme/web#28",
        "  Short",
        "Rank 2  Band P0  In top 10 9%",
        "  Issue jira:CORE-7",
        "  (no title)",
    ]


CELL = st.text(st.sampled_from("ab 漢–→"), max_size=60)


@given(data=st.data(), width=st.integers(20, 80), count=st.integers(2, 6))
def test_nothing_below_a_row_is_wider_than_the_terminal_or_lost(data, width, count) -> None:
    alignments = data.draw(st.lists(st.sampled_from(["", "right", "wrap"]), min_size=count, max_size=count))
    rows = data.draw(st.lists(st.lists(CELL, min_size=count, max_size=count), max_size=3))
    headings = [data.draw(st.sampled_from(["", "Head"])) for _ in alignments]
    lines = list(laid_below(list(zip(headings, alignments, strict=True)), rows, Console(width=width)))
    assert all(line.cell_len <= width for line in lines)
    told = Counter("".join(line.plain for line in lines).replace("Head", ""))
    sent = Counter("".join(cell for row in rows for cell in row))
    assert all(told[letter] == sent[letter] for letter in "ab漢–")


def test_a_title_is_never_nothing(capsys) -> None:
    terminal.print_table([("Issue", ""), ("Title", "cut"), ("Why", "")], [("jira:CORE-1", "", "")])
    assert capsys.readouterr().out.splitlines()[1].split() == ["jira:CORE-1", "(no", "title)"]


def test_sentences_break_at_words_and_go_on_indented(laid_out) -> None:
    sentence = "  P0 would hold 12 of the 50 ranked issues; its budget is max_changed_share"
    assert laid_out(40, terminal.say, sentence) == [
        "  P0 would hold 12 of the 50 ranked",
        "    issues; its budget is",
        "    max_changed_share",
    ]


def test_what_has_no_blank_stays_whole_to_be_copied(laid_out) -> None:
    address = "https://acme.atlassian.net/browse/CORE-1234567890"
    assert laid_out(40, terminal.say, f"see {address}") == ["see", f"  {address}"]


def test_a_terminal_that_does_not_say_how_wide_it_is_has_80_columns(monkeypatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert columns(Tty()) == 80


@pytest.mark.parametrize(
    ("hint", "last"), [(None, []), ("say --yes, and it is done", ["hint: say --yes, and it is", "  done"])]
)
def test_messages_break_at_words_on_a_terminal(monkeypatch, hint, last) -> None:
    monkeypatch.setenv("COLUMNS", "26")
    monkeypatch.setattr(sys, "stderr", Tty())
    record = logging.LogRecord("trackersync", logging.ERROR, "", 0, "max_changed_share: the plan is refused", (), None)
    record.hint = hint
    assert Lines().format(record).splitlines() == ["error: max_changed_share:", "  the plan is refused", *last]


def test_a_pipe_gets_every_sentence_and_message_as_one_line(monkeypatch, capsys) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    record = logging.LogRecord("trackersync", logging.ERROR, "", 0, "word " * 40, (), None)
    assert Lines().format(record) == "error: " + "word " * 40
    terminal.say("word " * 40)
    assert capsys.readouterr().out == "word " * 40 + "\n"


def test_scores_warn_of_what_was_never_read(run) -> None:
    ran = run("score")
    assert ran.code == 0
    assert "warning: core was never read: its issues are not in this list" in ran.err
    assert "hint: run `trackersync pull`" in ran.err
    run("pull")
    assert run("score").err == ""


def test_the_list_tells_what_it_left_out(run, trackers) -> None:
    trackers["web"].edit("id11", fields={})
    run("pull")
    out = run("score", "--top", "1").out
    assert "… and 1 more; --top N shows more of them" in out
    assert out.rstrip().endswith("… and 1 more")
    assert "Needs input (2 issues, not ranked and not written):" in out


def test_no_tracker_text_reaches_any_output_unescaped(run, trackers) -> None:
    for memory in trackers.values():
        for id_ in memory.issues:
            memory.edit(id_, title=HOSTILE, labels=(f"priority/{HOSTILE}",))
    texts = [run("plan"), run("sync"), run("explain", "memory:CORE-1"), run("explain", "memory:CORE-12")]
    texts += [run("explain", "memory:CORE-1", "--format", "json")]
    texts += [run("score", "--format", form) for form in ("table", "json", "csv", "md")]
    assert not [ran for ran in texts if {"\x1b", "\x07", "\u202e"} & set(ran.out + ran.err)]
    assert json.loads(run("score", "--format", "json").out)["ranked"][0]["title"] == HOSTILE


def test_a_human_value_is_told_as_it_was_and_is(run, trackers) -> None:
    run("sync")
    trackers["core"].edit("id1", labels=(), fields={"Worth": 1, "Score": 7})
    told = run("plan").out
    assert "left alone: memory:CORE-1 labels priority/: somebody changed priority/P1 to –" in told
    assert "left alone: memory:CORE-1 field Score: somebody changed 1 to 7" in told
    assert "No changes: 3 ranked issues" in told


def test_an_issue_that_was_never_read_has_no_explanation(run) -> None:
    run("pull")
    ran = run("explain", "memory:CORE-99")
    assert ran.code == 1
    assert "memory:CORE-99" in ran.err


def test_text_from_right_to_left_does_not_turn_the_numbers_beside_it(capsys) -> None:
    """By the algorithm for both directions a mark before each number makes it stand as it is written."""
    headings = [("Issue", ""), ("Title", "cut"), ("Rank", "right"), ("Score", "right")]
    terminal.print_table(
        headings, [("CORE-1", "\u05e9\u05dc\u05d5\u05dd 42", "5 → 1", "8"), ("CORE-2", "plain", "1 → 5", "9")]
    )
    turned, plain = capsys.readouterr().out.splitlines()[1:]
    assert "\u200e5 → 1" in turned
    assert "\u200e" not in plain
    assert cell_len(turned) == cell_len(plain)
