"""People as each deployment tells them: Cloud by account id, Data Center by user name."""

from __future__ import annotations

from typing import Any, Literal

from trackersync_sandbox.jira.address import address
from trackersync_sandbox.state import JSON

Deployment = Literal["cloud", "data_center"]

_ME = "sandbox"


def person(given: JSON, deployment: Deployment) -> JSON:
    """A user from a file, in the deployment's shape."""
    name = _text(given.get("name")) or _text(given.get("accountId")) or _text(given.get("displayName"))
    shared = {
        "displayName": given.get("displayName") or name,
        "active": bool(given.get("active", True)),
        "timeZone": given.get("timeZone") or "Etc/UTC",
    }
    if deployment == "cloud":
        account = _text(given.get("accountId")) or name
        self = address(f"user?accountId={account}")
        return {"self": self, "accountId": account, "accountType": "atlassian"} | shared
    return {"self": address(f"user?username={name}"), "name": name, "key": given.get("key") or name} | shared


def myself(deployment: Deployment, time_zone: str) -> JSON:
    """The account every token belongs to."""
    me = {"name": _ME, "displayName": "Sandbox", "timeZone": time_zone}
    return person(me, deployment) | {"emailAddress": "sandbox@acme.example", "locale": "en_US"}


def person_id(given: JSON) -> str:
    """What tells this person from all others on the site."""
    return str(given.get("accountId") or given.get("name"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
