"""The first screen of the plugin's page is true: its files, its three commands and what they print."""

from __future__ import annotations

import logging
import re
import sys
from pathlib import Path

import pytest

from trackersync.cli import main

PAGE = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)


def blocks(kind):
    return [text for found, text in BLOCKS if found == kind]


def ran(command, monkeypatch, capsys):
    logger = logging.getLogger("trackersync")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", logger.propagate)
    monkeypatch.setattr(sys, "argv", command.split())
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (None, 0)
    told = capsys.readouterr()
    lines = [line.rstrip() for line in (told.err + told.out).splitlines()]
    return [re.sub(r"^run \d{8}-\d{6}-\w{4}:", "run 20260601-120000-0000:", line) for line in lines]


def test_the_first_screen_is_what_happens(tmp_path, monkeypatch, capsys):
    before, after = blocks("csv")
    (file,) = blocks("yaml")
    (session,) = blocks("console")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRACKERSYNC_CONFIG", raising=False)
    Path("backlog.csv").write_text(before, encoding="utf-8")
    Path("trackersync.yaml").write_text(file, encoding="utf-8")
    for command, told in re.findall(r"^\$ (.*)\n((?:[^$].*\n)*)", session, re.MULTILINE):
        assert ran(command, monkeypatch, capsys) == told.splitlines()
    assert Path("backlog.csv").read_text(encoding="utf-8") == after
    assert "nothing to write" in " ".join(ran("trackersync sync", monkeypatch, capsys))


def test_the_checklist_of_the_page_is_the_same_backlog(tmp_path, monkeypatch, capsys):
    (file,) = blocks("yaml")
    (checklist,) = blocks("markdown")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRACKERSYNC_CONFIG", raising=False)
    Path("backlog.md").write_text(checklist, encoding="utf-8")
    Path("trackersync.yaml").write_text(file.replace("backlog.csv", "backlog.md"), encoding="utf-8")
    ran("trackersync pull", monkeypatch, capsys)
    ran("trackersync sync", monkeypatch, capsys)
    line = '- [ ] Pay by invoice {id=1 value=8 effort=5 labels="web, good first issue"'
    expected = checklist.replace(f"{line}}}", f"{line} Score=1.6 Rank=1}}")
    assert Path("backlog.md").read_text(encoding="utf-8") == expected
