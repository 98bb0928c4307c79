"""What the command line loads early stays light."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("trackersync.scoring.rules", ("polars", "sqlglot")),
        ("trackersync.scoring.frameworks", ("polars", "sqlglot")),
        ("trackersync.scoring.columns", ("polars", "sqlglot")),
        ("trackersync.scoring.check", ("polars",)),
        ("trackersync.sync", ("polars", "alembic", "jira", "github")),
    ],
)
def test_only_scoring_loads_what_scoring_needs(module, heavy):
    code = f"import sys, {module}; sys.exit(' '.join(sys.modules.keys() & {set(heavy)!r}) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
