"""docs/reference/commands.md is what the commands say of themselves."""

from __future__ import annotations

import importlib.util
from pathlib import Path

TOOL = Path(__file__).parents[1] / "tools" / "command_reference.py"


def test_the_page_is_what_make_docs_would_write() -> None:
    spec = importlib.util.spec_from_file_location("command_reference", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text(encoding="utf-8") == tool.render(), "run `make docs`"
