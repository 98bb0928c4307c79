"""A few of the kills of `make kill`, at the same points every time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "kill" / "kill_anywhere.py"


def test_a_plan_whose_apply_was_killed_is_finished_and_nothing_is_written_twice() -> None:
    command = [sys.executable, str(SCRIPT), "--kills", "5", "--seed", "7"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "5 kills in" in ended.stdout
