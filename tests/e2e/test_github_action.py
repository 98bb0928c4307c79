"""The workflow of docs/how-to/github-action.md is one, and what its jobs run does what the page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "github-action.md").read_text(encoding="utf-8")
WORKFLOW = re.search(r"^```yaml \.github/workflows/\S+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
GIT = ("-c", "user.name=ann", "-c", "user.email=ann@acme.example", "-c", "init.defaultBranch=main")


@pytest.fixture
def workflow() -> Any:
    assert WORKFLOW is not None
    return YAML(typ="safe").load(WORKFLOW[1])


def scripts(job: Any) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def test_it_reviews_pull_requests_and_syncs_on_a_schedule(workflow) -> None:
    assert {"pull_request", "schedule", "workflow_dispatch"} == workflow["on"].keys()
    review, sync = (workflow["jobs"][name] for name in ("review", "sync"))
    assert review["if"] == "github.event_name == 'pull_request'"
    assert sync["if"] == "github.event_name != 'pull_request'"
    assert sync["concurrency"] == {"group": "trackersync", "cancel-in-progress": False}
    assert any("trackersync sync" in script for script in scripts(sync))


def test_a_pull_request_has_no_secret_that_may_write_and_runs_nothing_that_does(workflow) -> None:
    review, sync = (str(workflow["jobs"][name]) for name in ("review", "sync"))
    assert "_WRITE" not in review
    assert "_READ" not in sync
    assert not re.search(r"trackersync( -c \S+)? (sync|apply|revert)", review)
    assert workflow["permissions"] == {"contents": "read"}


def test_what_somebody_types_reaches_no_script_but_as_a_variable(workflow) -> None:
    for job in workflow["jobs"].values():
        assert not [script for script in scripts(job) if "${{" in script]


def test_the_guards_that_can_be_allowed_are_those_of_sync(workflow) -> None:
    from trackersync.cli.options import GUARDS

    assert workflow["on"]["workflow_dispatch"]["inputs"]["allow"]["options"] == ["", *GUARDS]


@pytest.mark.skipif(not (shutil.which("git") and shutil.which("bash")), reason="a workflow needs git and bash")
def test_both_jobs_run_on_a_repository_whose_rules_change(workflow, tmp_path: Path) -> None:
    team = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")
    here, origin, sandbox = tmp_path / "here", tmp_path / "origin", '"$TRACKERSYNC_SANDBOX_URL"'
    here.mkdir()
    (here / "team.yaml").write_text(team, encoding="utf-8")
    (here / "bolder.yaml").write_text(team.replace("multiply: 1.5", "multiply: 3"), encoding="utf-8")
    git = " ".join(("git", *GIT))
    lines = [
        f"for f in team bolder; do sed s,{{base}},{sandbox},g $f.yaml > $f.new; done",
        f"mv team.new trackersync.yaml; {git} init -q; git add trackersync.yaml; {git} commit -qm rules",
        f"git clone -q --bare . {origin}; git remote add origin {origin}",
        *(script for script in scripts(workflow["jobs"]["sync"]) if "pip" not in script),
        "mv bolder.new trackersync.yaml",
        *(script for script in scripts(workflow["jobs"]["review"]) if "pip" not in script),
    ]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "TRACKERSYNC"))}
    env |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "BASE": "main",
        "ALLOW": "",
    }
    command = [sys.executable, "-m", "trackersync", "sandbox", "--port", "0", "--", "bash", "-ec", "\n".join(lines)]
    done = subprocess.run(command, cwd=here, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "applied" in done.stdout
    summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("## What the rules of trackersync.yaml would change")
    assert "rule regression: × 1.5 → × 3" in summary
    assert (here / "plan.json").exists()
