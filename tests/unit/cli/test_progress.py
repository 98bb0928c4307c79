"""How far things are, for whom watches."""

from __future__ import annotations

import io
import re
import sys
import time

import pytest

from trackersync.cli.progress import figures, progress


class Tty(io.StringIO):
    """A terminal as far as anybody asks."""

    def isatty(self) -> bool:
        return True


def watched(monkeypatch) -> Tty:
    """Called by the test itself: between its phases pytest puts its own stderr back."""
    monkeypatch.setenv("TERM", "xterm-256color")
    screen = Tty()
    monkeypatch.setattr(sys, "stderr", screen)
    return screen


def shown(screen: Tty) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ((1200, 20_000, 350.4, 53.9), "1,200 of 20,000, 350/s, 0:53 left"),
        ((5, 100, 0.5, 190.0), "5 of 100, 30/min, 3:10 left"),
        ((1200, None, 350.0, None), "1,200, 350/s"),
        ((0, 20_000, None, None), "0 of 20,000"),
    ],
)
def test_what_is_not_known_is_left_out(known, text) -> None:
    assert figures(*known) == text


@pytest.mark.parametrize("columns", [40, 120])
def test_each_tracker_has_a_line_that_fits(monkeypatch, columns) -> None:
    screen = watched(monkeypatch)
    monkeypatch.setenv("COLUMNS", str(columns))
    with progress("reading") as told:
        told("web[/]\x1b[2J", 100, 400)
        told("core", 3)
    assert "reading web[/]" in shown(screen)
    assert "\x1b[2J" not in screen.getvalue()
    assert max(len(line) for line in re.split(r"[\r\n]", shown(screen))) <= columns


@pytest.mark.parametrize("name", ["web", "a-tracker-with-a-name-of-forty-characters"])
def test_where_there_is_little_room_the_rate_and_then_the_name_give_way_never_the_time_left(monkeypatch, name) -> None:
    screen = watched(monkeypatch)
    monkeypatch.setenv("COLUMNS", "40")
    with progress("writing") as told:
        told(name, 1, 2418)
        time.sleep(0.05)
        told(name, 2000, 2418)
    last = shown(screen).rstrip().splitlines()[-1].rstrip()
    assert re.fullmatch(r". writing (web|.*…) 2,000 of 2,418, 0:\d\d left", last), last
    assert len(last) <= 40


def test_the_rate_is_told_where_there_is_room(monkeypatch) -> None:
    screen = watched(monkeypatch)
    monkeypatch.setenv("COLUMNS", "60")
    with progress("writing") as told:
        told("web", 1, 2418)
        time.sleep(0.05)
        told("web", 2000, 2418)
    assert re.search(r"2,000 of 2,418, [\d,]+/s, 0:\d\d left", shown(screen))


def test_more_than_last_time_is_no_end_that_is_past(monkeypatch) -> None:
    screen = watched(monkeypatch)
    with progress("reading") as told:
        told("web", 500, 400)
    assert "500" in shown(screen)
    assert "of 400" not in shown(screen)


def test_after_the_reading_the_writing_begins_anew(monkeypatch) -> None:
    screen = watched(monkeypatch)
    with progress("working on") as told:
        told("web", 500, 500)
        told("web", 10, 20)
    assert "10 of 20" in shown(screen)


def test_no_progress_reaches_a_file(capsys) -> None:
    with progress("reading") as told:
        told("web", 100)
    assert capsys.readouterr() == ("", "")
