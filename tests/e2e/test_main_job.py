from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from pathlib import Path

import pytest

DEMO = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")

PRIORITIES = {"P0": "Highest", "P1": "High", "P2": "Medium", "P3": "Low"}


@pytest.fixture
def ready(sandbox, team):
    team(DEMO, sandbox.url)
    return sandbox


def mutations(sandbox) -> int:
    asked = sandbox.get("requests")
    writes = {route: n for route, n in asked["by_route"].items() if " PUT " in route or " PATCH " in route}
    return asked["graphql_mutations"] + sum(writes.values())


def test_pull_plan_apply_and_a_second_plan_is_empty(ready, run) -> None:
    pulled = run("pull")
    assert (pulled.code, pulled.err) == (0, "")
    assert pulled.out.count(", complete") == 2
    sandbox_before = ready.get("state")
    planned = run("plan", "--out", "plan.json", "--exit-code")
    assert planned.code == 4
    assert ready.get("state") == sandbox_before
    applied = run("apply", "plan.json")
    assert applied.code == 0, applied
    again = run("plan", "--exit-code")
    assert again.code == 0, again
    assert "No changes" in again.out
    ready.post("requests/reset")
    assert run("sync").code == 0
    assert mutations(ready) == 0


def test_the_trackers_carry_what_the_list_says(ready, run) -> None:
    assert run("sync").code == 0
    ranked = json.loads(run("score", "--format", "json").out)["ranked"]
    state = ready.get("state")
    web = state["github"]["repositories"]["acme/web"]["issues"]
    items = {item["issue"]: item["values"] for item in state["github"]["projects"]["acme/7"]["items"]}
    seen = {"web": 0, "core": 0}
    for entry in ranked:
        seen[entry["tracker"]] += 1
        if entry["tracker"] == "web":
            key = entry["ref"].removeprefix("github:")
            assert f"priority/{entry['band']}" in web[key.partition("#")[2]]["labels"]
            assert (items[key]["Score"], items[key]["Rank"], items[key]["Priority"]) == (
                entry["score"],
                entry["rank"],
                entry["band"],
            )
        else:
            issue = state["jira"]["issues"][entry["ref"].removeprefix("jira:")]
            assert f"priority-{entry['band']}" in issue["labels"]
            assert issue["priority"] == PRIORITIES[entry["band"]]
    assert min(seen.values()) > 0


def test_both_orders_are_those_of_the_list(ready, run) -> None:
    assert run("sync").code == 0
    ranked = [entry["ref"] for entry in json.loads(run("score", "--format", "json").out)["ranked"]]
    state = ready.get("state")
    board = [f"jira:{key}" for key in state["jira"]["order"] if f"jira:{key}" in ranked]
    assert board == [ref for ref in ranked if ref in set(board)]
    items = state["github"]["projects"]["acme/7"]["items"]
    on_project = [f"github:{item['issue']}" for item in items if f"github:{item['issue']}" in ranked]
    assert on_project == [ref for ref in ranked if ref in set(on_project)]
    ready.edit(on_project[0], position=len(on_project) - 1)
    overridden = run("plan")
    assert f"left alone: {on_project[0]} order" in overridden.out


def test_a_humans_label_stands_and_is_told(ready, run) -> None:
    assert run("sync").code == 0
    ref = next(e["ref"] for e in json.loads(run("score", "--format", "json").out)["ranked"] if e["tracker"] == "core")
    ready.edit(ref, labels=["priority-P0", "mine"])
    told = run("sync")
    assert told.code == 0, told
    issue = ready.get("state")["jira"]["issues"][ref.removeprefix("jira:")]
    assert sorted(issue["labels"]) == ["mine", "priority-P0"]
    assert f"left alone: {ref} labels priority-" in run("plan").out


def test_the_list_is_the_same_in_every_format(ready, run) -> None:
    assert run("pull").code == 0
    document = json.loads(run("score", "--format", "json").out)
    assert document["total"] == len(document["ranked"])
    assert [entry["rank"] for entry in document["ranked"]] == list(range(1, document["total"] + 1))
    assert all(entry["missing"] for entry in document["needs_input"])
    rows = list(csv.DictReader(io.StringIO(run("score", "--format", "csv").out)))
    assert [row["ref"] for row in rows] == [entry["ref"] for entry in document["ranked"]]
    table = run("score", "--top", "3").out
    assert document["ranked"][0]["ref"] in table
    assert f"and {document['total'] - 3} more" in table
    assert document["ranked"][0]["ref"].split("#")[0] in run("score", "--format", "md", "--top", "1").out


def test_the_steps_of_an_explanation_add_up(ready, run) -> None:
    from decimal import Decimal

    assert run("pull").code == 0
    document = json.loads(run("score", "--format", "json").out)
    for entry in document["ranked"][:5]:
        explained = json.loads(run("explain", entry["ref"], "--format", "json").out)
        total = sum((Decimal(step["delta"]) for step in explained["steps"]), Decimal(0))
        assert total == Decimal(str(explained["score"])) == Decimal(str(entry["score"]))
    shown = run("explain", document["ranked"][0]["ref"])
    assert shown.code == 0
    assert f"rank 1 of {document['total']}" in shown.out
    blocked = run("explain", document["needs_input"][0]["ref"])
    assert "No score, no rank, nothing written" in blocked.out


def test_scoring_and_planning_offline_touch_no_network(ready, run) -> None:
    assert run("pull").code == 0
    ready.post("requests/reset")
    assert run("score").code == 0
    assert run("plan", "--offline").code == 0
    assert ready.get("requests")["total"] == 0


def test_ranking_what_is_stored_loads_nothing_that_asks_or_plans(ready, run, measured, tmp_path: Path) -> None:
    assert run("pull").code == 0
    told = measured("-X", "importtime", "-m", "trackersync", "score", cwd=tmp_path)
    assert told.code == 0, told
    loaded = {line.rpartition("|")[2].strip() for line in told.err.splitlines()}
    assert "polars" in loaded
    assert not loaded & {"requests", "urllib3", "tenacity", "alembic", "jira", "github"}
    assert not loaded & {"trackersync.sync.planning", "trackersync.sync.applying", "trackersync.plan.document"}


def test_the_normative_example_works_as_written(sandbox, team, run, shared: Path) -> None:
    acme = (shared / "examples" / "acme.yaml").read_text(encoding="utf-8")
    hosts = {"https://api.github.com ": f"{sandbox.url}/github ", "https://acme.atlassian.net": f"{sandbox.url}/jira"}
    team(acme + "# {base}\n", sandbox.url, **hosts)
    assert run("check").code == 0
    assert run("sync").code == 0
    assert "No changes" in run("plan", "--exit-code").out


def test_data_center_is_found_out_by_asking(serve, team, run) -> None:
    server = serve(deployment="data_center")
    team(DEMO, server.url, **{"    email: pm@acme.example\n": ""})
    assert run("sync").code == 0
    assert "No changes" in run("plan").out
    assert "jira GET /rest/api/2/search" in str(server.get("requests")) or "POST /rest/api/2/search" in str(
        server.get("requests")
    )


def test_a_starter_is_accepted_and_never_overwrites(run, tmp_path: Path) -> None:
    assert run("init").code == 0
    assert run("check").code == 0
    text = (tmp_path / "trackersync.yaml").read_text(encoding="utf-8")
    again = run("init", "--framework", "wsjf")
    assert again.code == 1
    assert "exists already" in again.err
    assert (tmp_path / "trackersync.yaml").read_text(encoding="utf-8") == text
    assert run("-c", "two.yaml", "init", "--framework", "wsjf").code == 0
    assert run("-c", "two.yaml", "check").code == 0
    assert run("-c", "nowhere/two.yaml", "init").code == 1


def test_a_framework_that_is_not_there_is_a_wrong_use_and_the_nearest_is_told(run, tmp_path) -> None:
    ran = run("init", "--framework", "value_effort")
    assert ran.code == 2
    assert "did you mean value-effort?" in ran.err
    assert not list(tmp_path.iterdir())


def test_the_installed_connectors_load_and_the_schema_is_json(run) -> None:
    listed = run("connectors")
    assert listed.code == 0
    assert "github" in listed.out
    assert "trackersync-jira" in listed.out
    assert json.loads(run("schema").out)["properties"]


def test_help_lists_every_command_and_usage_errors_are_two(run) -> None:
    shown = run("--help").out
    commands = ["init", "check", "pull", "score", "plan", "apply", "sync", "explain", "connectors", "schema"]
    for command in [*commands, "sandbox", "demo"]:
        assert f"  {command} " in shown
    assert run("frobnicate").code == 2
    assert run("score", "--top", "0").code == 2
    assert run("-v", "-q", "check").code == 2
