"""The emulated GitHub as the server knows it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from werkzeug import Response

from trackersync_sandbox.github.answers import Budget, not_found, refusal
from trackersync_sandbox.github.editing import edit_issue
from trackersync_sandbox.github.graph import Graph
from trackersync_sandbox.github.leaving import remove, transfer
from trackersync_sandbox.github.records import Issue
from trackersync_sandbox.github.rest import Rest
from trackersync_sandbox.github.snapshot import world_as_json
from trackersync_sandbox.github.world import World
from trackersync_sandbox.limits import Limit
from trackersync_sandbox.state import Call, Mail, Requests, Route, Tracker, UnknownRefError, token_of


class GitHub(Tracker):
    """REST and GraphQL over one world."""

    name: ClassVar[str] = "github"

    def __init__(self, world: World, requests: Requests, limit: Limit) -> None:
        self.world = world
        self._limit = limit
        self._rest = Rest(world, self._budget_of)
        self._graph = Graph(world, self._budget_of, requests)

    @property
    def routes(self) -> Sequence[Route]:
        """REST operations, and the one address of GraphQL."""
        return (*self._rest.routes, Route("POST", "/graphql", self._graph.answer))

    def unauthorized(self, call: Call, *, token_given: bool) -> Response:
        """401 in GitHub's words."""
        del call
        return refusal(401, "Bad credentials" if token_given else "Requires authentication").response

    def no_route(self, call: Call) -> Response:
        """404, for wrong methods as well: GitHub tells no difference."""
        del call
        return not_found().response

    def refused(self, call: Call) -> Response | None:
        """403 with nothing remaining; GraphQL says so with 200. Only how much is left may always be asked."""
        if call.request.path.endswith("/rate_limit"):
            return None
        return self._budget_of(call).refused(_resource(call))

    def finish(self, call: Call, response: Response) -> Response:
        """Rate limits on every answer, and an ETag whose match costs nothing."""
        resource, budget = _resource(call), self._budget_of(call)
        if call.request.method == "GET" and response.status_code == 200:  # noqa: PLR2004 - OK
            response.add_etag(weak=True)
            response.make_conditional(call.request)
        if (
            resource == "core"
            and response.status_code not in (304, 401)
            and not call.request.path.endswith("/rate_limit")
        ):
            budget.spend("core")
        budget.stamp(response, resource)
        response.headers["X-GitHub-Media-Type"] = "github.v3; format=json"
        response.headers["X-OAuth-Scopes"] = ", ".join(self.world.scopes)
        return response

    @property
    def mail(self) -> Mail:
        """One for each added comment."""
        return self.world.mail

    def state(self) -> Any:
        """Repositories, labels, issues and projects by the names people use."""
        return world_as_json(self.world)

    def edit(self, key: str, values: Mapping[str, Any]) -> None:
        """Pretend a human in the browser."""
        edit_issue(self.world, self._issue(key), values)

    def delete(self, key: str) -> None:
        """Its number answers 410 from now on."""
        remove(self.world, self._issue(key), "deleted")

    def hide(self, key: str) -> None:
        """Its number answers 404 from now on."""
        remove(self.world, self._issue(key), "hidden")

    def move(self, key: str, to: str) -> str:
        """To the repository `to`, made where it is not there; the old number answers 301 from now on."""
        issue = self._issue(key)
        transfer(self.world, issue, to)
        return issue.key

    def _budget_of(self, call: Call) -> Budget:
        return Budget(self._limit, token_of(call.request))

    def _issue(self, key: str) -> Issue:
        found = re.fullmatch(r"([^/#]+/[^/#]+)#(\d+)", key)
        repository = self.world.repositories.get(found[1].lower()) if found else None
        issue = repository.issues.get(int(found[2])) if found and repository else None
        if issue is None:
            raise UnknownRefError(f"no issue github:{key}; refs look like github:acme/web#12")
        return issue


def _resource(call: Call) -> str:
    return "graphql" if call.request.path.endswith("/graphql") else "core"
