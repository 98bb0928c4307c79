"""The built-in backlog fits the example team: what its file names is there, and what the issues name is there."""

from __future__ import annotations

import re
from importlib.resources import files

import msgspec
import pytest
from ruamel.yaml import YAML
from werkzeug.test import Client

from trackersync.links import stated_links
from trackersync_sandbox.build import Options, build

TOKEN = {"Authorization": "Bearer any"}
FOLDER = files("trackersync_sandbox") / "backlog"


def lines(name):
    return [msgspec.json.decode(line) for line in (FOLDER / name).read_bytes().splitlines()]


GITHUB, JIRA = lines("github.jsonl"), lines("jira.jsonl")
(PROJECT,) = msgspec.json.decode((FOLDER / "board.json").read_bytes())["github"]["projects"]
REFS = {f"github:acme/web#{issue['number']}" for issue in GITHUB} | {f"jira:{issue['key']}" for issue in JIRA}


@pytest.fixture(scope="module")
def team(shared_file):
    return YAML(typ="safe").load(shared_file("examples/acme.yaml").read_text("utf-8"))


def test_there_are_some_sixty_issues_and_a_pull_request_among_them():
    assert len(REFS) == len(GITHUB) + len(JIRA) == 61
    assert sum("pull_request" in issue for issue in GITHUB) == 1


def test_issues_are_named_across_the_border_and_every_name_is_one():
    texts = {f"github:{issue['number']}": issue["body"] for issue in GITHUB}
    texts |= {issue["key"]: issue["fields"]["description"] for issue in JIRA}
    named = {link.target for text in texts.values() for link in stated_links(text or "")}
    assert len(named) > 10
    assert named <= REFS
    everywhere = {ref for text in texts.values() for ref in re.findall(r"(?:jira|github):[\w/-]+#?\d+", text or "")}
    assert everywhere <= REFS


def test_numbers_on_the_project_are_those_of_issues():
    numbers = [item["issue"] for item in PROJECT["items"]]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) <= {issue["number"] for issue in GITHUB if "pull_request" not in issue}


def test_github_has_the_projects_fields_labels_and_bands_of_the_example(team):
    fields = {field["name"]: field for field in PROJECT["fields"]}
    tracker, writes = team["trackers"]["web"], team["write"]["github"]
    assert (PROJECT["owner"], PROJECT["number"]) == (tracker["project"]["owner"], tracker["project"]["number"])
    sources = [given["from"]["github"] for given in team["inputs"].values() if "from" in given]
    read = {source["project_field"] for source in sources if "project_field" in source}
    assert {*read, writes["project_fields"]["score"], writes["project_fields"]["rank"]} <= {
        name for name, field in fields.items() if field["type"] == "number"
    }
    assert fields[writes["project_fields"]["band"]]["options"] == list(team["bands"])
    impacts = {label for issue in GITHUB for label in issue["labels"] if label.startswith("impact/")}
    assert impacts == {f"impact/{value}" for value in team["inputs"]["impact"]["values"]}
    assert set(tracker["select"]["without_labels"]) <= {label for issue in GITHUB for label in issue["labels"]}


def test_jira_has_the_board_fields_and_priorities_of_the_example(team):
    http, tracker, writes = Client(build(Options())), team["trackers"]["core"], team["write"]["jira"]
    fields = {field["name"] for field in http.get("/jira/rest/api/3/field", headers=TOKEN).json}
    read = {given["from"]["jira"]["field"] for given in team["inputs"].values() if "from" in given}
    assert {*read, *writes["fields"].values()} <= fields
    priorities = {entry["name"] for entry in http.get("/jira/rest/api/3/priority", headers=TOKEN).json}
    assert set(writes["priority"].values()) <= priorities
    board = http.get(f"/jira/rest/agile/1.0/board/{tracker['board']}/configuration", headers=TOKEN)
    assert board.status_code == 200
    body = {"jql": tracker["jql"], "maxResults": 100}
    assert len(http.post("/jira/rest/api/3/search/jql", headers=TOKEN, json=body).json["issues"]) == 26


def test_some_issues_lack_an_input_on_either_side():
    assert [issue["number"] for issue in GITHUB if issue["state"] == "open" and not impact_of(issue)] == [
        15,
        20,
        29,
        30,
        33,
    ]
    assert [issue["key"] for issue in JIRA if "customfield_10031" not in issue["fields"]] == [
        "CORE-21",
        "CORE-26",
        "CORE-28",
    ]


def impact_of(issue):
    return [label for label in issue["labels"] if label.startswith("impact/")]
