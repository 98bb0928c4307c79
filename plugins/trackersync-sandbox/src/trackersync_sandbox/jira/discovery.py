"""What a client asks before it works: who am I, what may I do, which fields, priorities and statuses are there."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug import Response

from trackersync_sandbox.jira.exchange import answer
from trackersync_sandbox.jira.refusals import NO_ISSUE, refusal
from trackersync_sandbox.jira.rendering import Version
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import timestamp
from trackersync_sandbox.state import JSON, Call, Route

_GLOBAL = {"ADMINISTER": "Administer Jira", "BULK_CHANGE": "Bulk Change", "USER_PICKER": "Browse Users"}
_PROJECT = {
    "ADMINISTER_PROJECTS": "Administer Projects",
    "ADD_COMMENTS": "Add Comments",
    "ASSIGN_ISSUES": "Assign Issues",
    "BROWSE_PROJECTS": "Browse Projects",
    "CREATE_ISSUES": "Create Issues",
    "DELETE_OWN_COMMENTS": "Delete Own Comments",
    "EDIT_ISSUES": "Edit Issues",
    "EDIT_OWN_COMMENTS": "Edit Own Comments",
    "LINK_ISSUES": "Link Issues",
    "RESOLVE_ISSUES": "Resolve Issues",
    "SCHEDULE_ISSUES": "Schedule Issues",
    "SET_ISSUE_SECURITY": "Set Issue Security",
    "TRANSITION_ISSUES": "Transition Issues",
}
_VERSIONS: Mapping[str, JSON] = {
    "cloud": {"version": "1001.0.0-SNAPSHOT", "versionNumbers": [1001, 0, 0], "deploymentType": "Cloud"},
    "data_center": {"version": "10.3.6", "versionNumbers": [10, 3, 6], "deploymentType": "Server"},
}


class Discovery:
    """Everything about the site but its issues."""

    def __init__(self, site: Site, me: JSON, versions: tuple[Version, ...]) -> None:
        self._site = site
        self._me = me
        self._versions = versions

    def routes(self) -> list[Route]:
        """For the deployment's versions of the API."""
        operations = {
            "serverInfo": self._server_info,
            "myself": lambda call: answer(call, self._me),
            "mypermissions": self._my_permissions,
            "field": lambda call: answer(call, [field.as_json() for field in self._site.catalog]),
            "priority": lambda call: answer(call, self._site.priorities),
            "status": lambda call: answer(call, list(self._site.statuses.values())),
            "resolution": lambda call: answer(call, list(self._site.resolutions.values())),
            "project/{projectIdOrKey}": self._project,
        }
        return [
            Route("GET", f"/rest/api/{version}/{path}", operation)
            for version in self._versions
            for path, operation in operations.items()
        ]

    def _server_info(self, call: Call) -> Response:
        now = timestamp(self._site.clock.moment())
        build = {"buildNumber": 100300, "buildDate": "2026-11-01T00:00:00.000+0000", "serverTime": now}
        info = {"baseUrl": call.base, "serverTitle": "Sandbox", "scmInfo": "sandbox"}
        return answer(call, info | _VERSIONS[self._site.deployment] | build)

    def _my_permissions(self, call: Call) -> Response:
        """All are granted but those made to be lacking. Cloud answers for those asked about, Data Center for all."""
        args = call.request.args
        issue = args.get("issueKey") or args.get("issueId")
        ticket = self._site.find(issue) if issue else None
        if issue and ticket is None:
            raise refusal(NO_ISSUE, status=404)
        project = args.get("projectKey")
        if project and project not in self._site.projects:
            raise refusal(f"No project could be found with key '{project}'.", status=404)
        keys = _GLOBAL | _PROJECT
        if self._site.deployment == "cloud":
            keys = self._asked(args.get("permissions", ""), keys)
        places = ("", f"@{ticket.project}", f"@{ticket.key}") if ticket else ("", f"@{project}")
        lacking = {key for key in keys if any(f"{key}{place}" in self._site.lacking for place in places)}
        held = {key: _described(key, name, held=key not in lacking) for key, name in keys.items()}
        return answer(call, {"permissions": held})

    def _asked(self, permissions: str, known: Mapping[str, str]) -> dict[str, str]:
        if not permissions:
            raise refusal("The 'permissions' query parameter is required.")
        keys = [key.strip() for key in permissions.split(",")]
        unknown = [key for key in keys if key not in known]
        if unknown:
            raise refusal(f"Unrecognized permission: {', '.join(unknown)}")
        return {key: known[key] for key in keys}

    def _project(self, call: Call) -> Response:
        asked = call.args["projectIdOrKey"]
        for key, project in self._site.projects.items():
            if asked in (key, project["id"]):
                return answer(call, {"projectTypeKey": "software"} | project)
        raise refusal(f"No project could be found with key '{asked}'.", status=404)


def _described(key: str, name: str, *, held: bool) -> JSON:
    kind = "GLOBAL" if key in _GLOBAL else "PROJECT"
    return {"id": key, "key": key, "name": name, "type": kind, "description": name, "havePermission": held}
