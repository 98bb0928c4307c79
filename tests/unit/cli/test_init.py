"""What a shell offers for `trackersync init`."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("begun", "offered"),
    [("kano", ["plain,kano", "plain,kano-survey"]), ("ws", ["plain,wsjf"]), ("kano-", ["plain,kano-survey"])],
)
def test_a_shell_completes_the_names_of_frameworks_and_of_their_variants(begun, offered) -> None:
    env = os.environ | {
        "_TRACKERSYNC_COMPLETE": "bash_complete",
        "COMP_WORDS": f"trackersync init --framework {begun}",
        "COMP_CWORD": "3",
    }
    code = "from trackersync.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == offered
