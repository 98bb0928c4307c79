"""GitHub's REST API: repositories, issues, labels and who is asking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from werkzeug import Response

from trackersync_sandbox.github import writes
from trackersync_sandbox.github.answers import Budget, invalid, moved_permanently, not_found, refusal
from trackersync_sandbox.github.listing import InvalidParameterError, page_of, select_issues
from trackersync_sandbox.github.records import Issue, Label, Repository
from trackersync_sandbox.github.shape import (
    render_issue,
    render_issue_field,
    render_label,
    render_person,
    render_repository,
)
from trackersync_sandbox.github.world import World
from trackersync_sandbox.state import Call, Route, json_response

_REPO = "/repos/{owner}/{repo}"
_ISSUE = _REPO + "/issues/{issue_number}"
_LABEL_LENGTH = 50
_GET_DOCS = "/issues/issues#get-an-issue"
_LIST_DOCS = "/issues/issues#list-repository-issues"
_UPDATE_DOCS = "/issues/issues#update-an-issue"
_LABEL_DOCS = "/issues/labels"


class Rest:
    """The operations, over one world."""

    def __init__(self, world: World, budget_of: Callable[[Call], Budget]) -> None:
        self._world = world
        self._budget_of = budget_of
        self.routes: Sequence[Route] = (
            Route("GET", "/user", self._viewer),
            Route("GET", "/rate_limit", self._rate_limit),
            Route("GET", "/orgs/{org}/issue-fields", self._issue_fields),
            Route("GET", _REPO, self._repository),
            Route("GET", _REPO + "/issues", self._list_issues),
            Route("GET", _ISSUE, self._get_issue),
            Route("PATCH", _ISSUE, self._update_issue),
            Route("GET", _ISSUE + "/labels", self._list_issue_labels),
            Route("POST", _ISSUE + "/labels", self._add_labels),
            Route("PUT", _ISSUE + "/labels", self._set_labels),
            Route("DELETE", _ISSUE + "/labels", self._remove_all_labels),
            Route("DELETE", _ISSUE + "/labels/{name}", self._remove_label),
            Route("GET", _REPO + "/labels", self._list_labels),
            Route("POST", _REPO + "/labels", self._create_label),
            Route("GET", _REPO + "/labels/{name}", self._get_label),
            Route("GET", "/repositories/{repository_id}/issues/{issue_number}", self._follow),
        )

    def _viewer(self, call: Call) -> Response:
        viewer = self._world.viewer
        moment = "2024-01-01T00:00:00Z"
        unknown = dict.fromkeys(("name", "company", "blog", "location", "email", "hireable", "bio"))
        counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
        about = {**unknown, "blog": "", **counts, "created_at": moment, "updated_at": moment}
        return json_response({**(render_person(viewer, call.base) or {}), **about})

    def _rate_limit(self, call: Call) -> Response:
        budget = self._budget_of(call)
        resources = {name: budget.rate(name) for name in ("core", "graphql", "search")}
        return json_response({"resources": resources, "rate": resources["core"]})

    def _issue_fields(self, call: Call) -> Response:
        owner = self._world.owners.get(call.args["org"].lower())
        if owner is None:
            raise not_found("/orgs/issue-fields#list-issue-fields-for-an-organization")
        return json_response([render_issue_field(field) for field in self._world.visible_fields(owner)])

    def _repository(self, call: Call) -> Response:
        return json_response(render_repository(self._find_repository(call), call.base))

    def _list_issues(self, call: Call) -> Response:
        repository = self._find_repository(call)
        try:
            found = select_issues(list(repository.issues.values()), call.request.args.to_dict())
        except InvalidParameterError as exc:
            error = {"value": exc.value, "resource": "Issue", "field": exc.field, "code": "invalid"}
            raise invalid([error], _LIST_DOCS) from exc
        page, headers = page_of(call, found)
        return json_response([render_issue(issue, call.base) for issue in page], headers=headers)

    def _get_issue(self, call: Call) -> Response:
        return json_response(render_issue(self._find_issue(call), call.base))

    def _update_issue(self, call: Call) -> Response:
        issue = self._find_issue(call)
        wanted = _decode(call, _IssueChange, _UPDATE_DOCS)
        writes.set_text(issue, title=wanted.title, body=wanted.body)
        if wanted.labels is not None:
            writes.set_labels(issue, self._labels(issue, wanted.labels))
        if wanted.state is not None:
            writes.set_state(issue, wanted.state, wanted.state_reason, self._world.viewer)
        return json_response(render_issue(issue, call.base))

    def _list_issue_labels(self, call: Call) -> Response:
        page, headers = page_of(call, self._find_issue(call).labels)
        return json_response([render_label(label, call.base) for label in page], headers=headers)

    def _add_labels(self, call: Call) -> Response:
        issue = self._find_issue(call)
        writes.set_labels(issue, [*issue.labels, *self._labels(issue, _given_labels(call))])
        return _labels_of(issue, call)

    def _set_labels(self, call: Call) -> Response:
        issue = self._find_issue(call)
        writes.set_labels(issue, self._labels(issue, _given_labels(call)))
        return _labels_of(issue, call)

    def _remove_all_labels(self, call: Call) -> Response:
        writes.set_labels(self._find_issue(call), [])
        return Response(status=204)

    def _remove_label(self, call: Call) -> Response:
        issue = self._find_issue(call)
        kept = [label for label in issue.labels if label.name.lower() != call.args["name"].lower()]
        if len(kept) == len(issue.labels):
            raise refusal(404, "Label does not exist", _LABEL_DOCS + "#remove-a-label-from-an-issue")
        writes.set_labels(issue, kept)
        return _labels_of(issue, call)

    def _list_labels(self, call: Call) -> Response:
        labels = sorted(self._find_repository(call).labels.values(), key=lambda label: label.name.lower())
        page, headers = page_of(call, labels)
        return json_response([render_label(label, call.base) for label in page], headers=headers)

    def _get_label(self, call: Call) -> Response:
        label = self._find_repository(call).labels.get(call.args["name"].lower())
        if label is None:
            raise not_found(_LABEL_DOCS + "#get-a-label")
        return json_response(render_label(label, call.base))

    def _create_label(self, call: Call) -> Response:
        repository = self._find_repository(call)
        docs = _LABEL_DOCS + "#create-a-label"
        wanted = _decode(call, _NewLabel, docs)
        if code := label_refusal(repository, wanted.name, wanted.color):
            raise invalid([{"resource": "Label", "code": code[1], "field": code[0]}], docs)
        label = writes.new_label(repository, wanted.name, color=wanted.color, description=wanted.description)
        body = render_label(self._world.add_label(label), call.base)
        return json_response(body, 201, {"Location": body["url"]})

    def _find_repository(self, call: Call) -> Repository:
        repository = self._world.repositories.get(f"{call.args['owner']}/{call.args['repo']}".lower())
        if repository is None:
            raise not_found("/repos/repos#get-a-repository")
        return repository

    def _find_issue(self, call: Call) -> Issue:
        return _issue_of(self._find_repository(call), call)

    def _follow(self, call: Call) -> Response:
        """Where the old address of a transferred issue leads."""
        known = {str(repository.id): repository for repository in self._world.repositories.values()}
        repository = known.get(call.args["repository_id"])
        if repository is None:
            raise not_found("/repos/repos#get-a-repository")
        return json_response(render_issue(_issue_of(repository, call), call.base))

    def _labels(self, issue: Issue, given: Sequence[str | _Named]) -> list[Label]:
        names = [one if isinstance(one, str) else one.name for one in given]
        if any(not 0 < len(name) <= _LABEL_LENGTH for name in names):
            raise invalid([{"resource": "Label", "code": "invalid", "field": "name"}], _LABEL_DOCS)
        return writes.labels_named(self._world, issue.repository, names)


def _issue_of(repository: Repository, call: Call) -> Issue:
    text = call.args["issue_number"]
    number = int(text) if text.isdecimal() else 0
    issue, gone = repository.issues.get(number), repository.gone.get(number)
    if issue:
        return issue
    if isinstance(gone, Issue):
        raise moved_permanently(f"{call.base}/repositories/{gone.repository.id}/issues/{gone.number}", _GET_DOCS)
    if gone == "deleted":
        raise refusal(410, "This issue was deleted", _GET_DOCS)
    raise not_found(_GET_DOCS)


def label_refusal(repository: Repository, name: str, color: str, *, own: Label | None = None) -> tuple[str, str] | None:
    """Why GitHub would not make this label, or call its `own` so: (field, code)."""
    if repository.labels.get(name.lower(), own) is not own:
        return ("name", "already_exists")
    if not name.strip():
        return ("name", "missing_field")
    if len(name) > _LABEL_LENGTH:
        return ("name", "invalid")
    return None if _is_color(color) else ("color", "invalid")


def _is_color(text: str) -> bool:
    return len(text) == len("ededed") and all(char in "0123456789abcdefABCDEF" for char in text)


class _Named(msgspec.Struct):
    name: str


class _IssueChange(msgspec.Struct):
    title: str | None = None
    body: str | None = None
    state: str | None = None
    state_reason: str | None = None
    labels: list[str | _Named] | None = None


class _NewLabel(msgspec.Struct):
    name: str = ""
    color: str = "ededed"
    description: str | None = None


class _Labels(msgspec.Struct):
    labels: list[str | _Named]


def _given_labels(call: Call) -> Sequence[str | _Named]:
    """A list, or an object with `labels`: GitHub takes either."""
    docs = _LABEL_DOCS + "#add-labels-to-an-issue"
    given = _decode(call, _Labels | list[str | _Named], docs)
    return given.labels if isinstance(given, _Labels) else given


def _decode(call: Call, shape: Any, docs: str) -> Any:
    try:
        return msgspec.json.decode(call.request.get_data() or b"{}", type=shape)
    except msgspec.ValidationError as exc:
        raise refusal(422, f"Invalid request.\n\n{exc}", docs) from exc
    except msgspec.DecodeError as exc:
        raise refusal(400, "Problems parsing JSON", docs) from exc


def _labels_of(issue: Issue, call: Call) -> Response:
    return json_response([render_label(label, call.base) for label in issue.labels])
