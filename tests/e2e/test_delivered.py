"""What is done leaves a selection of open issues, and is told as delivered all the same, from real requests."""

from __future__ import annotations

import json
from importlib.resources import files

DEMO = files("trackersync_sandbox").joinpath("demo.yaml").read_text(encoding="utf-8")


def test_what_was_closed_since_the_last_run_is_told_with_the_bands_that_it_was_in(sandbox, team, run) -> None:
    team(DEMO, sandbox.url)
    assert run("sync").code == 0
    sandbox.edit("github:acme/web#21", state="closed")
    sandbox.edit("jira:CORE-6", state="Done")
    sandbox.post("delete", {"ref": "jira:CORE-18"})
    assert run("pull").code == 0
    told = json.loads(run("report", "--format", "json").out)
    assert sorted((each["ref"], each["band"]) for each in told["delivered"]) == [
        ("github:acme/web#21", "P0"),
        ("jira:CORE-6", "P1"),
    ]
    assert all(each["days_in_bands"] is not None and each["closed_at"] for each in told["delivered"])
    digest = run("report", "--format", "md").out
    assert "## Delivered" in digest
    assert "Category pages send two requests for every thumbnail" in digest
    assert run("sync", "--allow", "max_changed_share").code == 0
    assert len(json.loads(run("report", "--format", "json").out)["delivered"]) == 2
    sandbox.edit("jira:CORE-6", state="To Do")
    assert run("pull").code == 0
    told = json.loads(run("report", "--format", "json", "--since", "1d").out)
    assert [each["ref"] for each in told["delivered"]] == ["github:acme/web#21"]
