"""Sprints as each deployment tells them: Cloud as objects, Data Center as its own objects, printed.

Source of the latter: community.atlassian.com/t5/Jira-questions/Sprint-field-value-REST-API/qaq-p/229495
"""

from __future__ import annotations

from typing import Any

from trackersync_sandbox.jira.kinds import PRINTED
from trackersync_sandbox.jira.people import Deployment
from trackersync_sandbox.state import JSON

_KEYS = ("startDate", "endDate", "completeDate", "activatedDate")


def told(sprints: list[Any], deployment: Deployment) -> list[Any]:
    """The value of an issue's sprint field; what a file has printed already stays so."""
    tell = _object if deployment == "cloud" else _printed
    return [tell(sprint) if isinstance(sprint, dict) else sprint for sprint in sprints]


def _object(sprint: JSON) -> JSON:
    return {"id": 1, "boardId": 1, "goal": ""} | sprint


def _printed(sprint: JSON) -> str:
    number, board = sprint.get("id", 1), sprint.get("boardId", 1)
    dates = ",".join(f"{key}={sprint.get(key, '<null>')}" for key in _KEYS)
    state, goal = sprint["state"].upper(), sprint.get("goal", "")
    about = f"id={number},rapidViewId={board},state={state},name={sprint['name']},{dates},sequence={number},goal={goal}"
    return f"{PRINTED}{number:x}[{about}]"
