"""A GitHub and a Jira of ninety issues each, and the team that ranks them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from trackersync_sandbox import github, jira
from trackersync_sandbox.app import Sandbox
from trackersync_sandbox.source import Backlog
from trackersync_sandbox.state import Clock, Requests

ISSUES = 90
TEAM = """\
version: 1
trackers:
  web: {connector: github, url: "URL/github", repository: acme/web, project: {owner: acme, number: 7}}
  core: {connector: jira, url: "URL/jira", email: pm@acme.example, jql: project = CORE, board: 12}
inputs:
  reach: {from: {web: {project_field: Reach}, core: {field: Reach}}}
scoring: {framework: formula, expression: reach}
bands: {P0: {share: 10%}, P1: {share: 50%}, P2: {}}
write:
  github: {labels: {prefix: "priority/"}, project_fields: {score: Score}, order: project}
  jira: {labels: {prefix: "priority-"}, fields: {score: Priority Score}, order: board}
guards: {max_changed_share: 1}
"""
_DAY = "2026-10-06T08:12:00"


class Trackers:
    """The WSGI application: a sandbox that can be made anew."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        requests, clock = Requests(), Clock()
        halves = [
            github.load(Backlog({"acme/web": _web()}, _project()), requests, clock=clock),
            jira.load(Backlog({"CORE": _core()}, _BOARD), deployment="cloud", clock=clock),
        ]
        self._sandbox = Sandbox(halves, requests, clock=clock)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self._sandbox(environ, start_response)


def _reaches(seed: int) -> list[int]:
    """Unlike numbers: every issue has a place of its own."""
    return Random(seed).sample(range(10, 9000), ISSUES)


def _web() -> Iterator[dict[str, Any]]:
    for number in range(1, ISSUES + 1):
        yield {"number": number, "title": f"Web {number}", "body": "", "state": "open", "labels": ["bug"],
               "user": "lea-qa", "comments": 0, "created_at": f"{_DAY}Z", "updated_at": f"{_DAY}Z"}  # fmt: skip


def _project() -> dict[str, Any]:
    items = [{"issue": number, "values": {"Reach": reach}} for number, reach in enumerate(_reaches(1), start=1)]
    fields = [{"name": name, "type": "number"} for name in ("Reach", "Score")]
    return {"projects": [{"owner": "acme", "number": 7, "title": "Roadmap", "fields": fields, "items": items}]}


_BOARD = {"boards": {"CORE": {"id": 12, "name": "Core services"}}}
_PERSON = {"accountId": "712020:pm", "name": "pm", "displayName": "Paula Marsh"}


def _core() -> Iterator[dict[str, Any]]:
    for number, reach in enumerate(_reaches(2), start=1):
        fields = {
            "summary": f"Core {number}",
            "issuetype": {"id": "10001", "name": "Story", "subtask": False},
            "project": {"id": "10000", "key": "CORE", "name": "Core services"},
            "status": {"id": "10000", "name": "To Do", "statusCategory": {"key": "new"}},
            "priority": {"id": "3", "name": "Medium"},
            "labels": [],
            "reporter": _PERSON,
            "creator": _PERSON,
            "created": f"{_DAY}.000+0000",
            "updated": f"{_DAY}.000+0000",
            "customfield_10030": reach,
            "customfield_10019": f"0|i{number:05}:",
        }
        yield {"id": str(10000 + number), "key": f"CORE-{number}", "fields": fields}
