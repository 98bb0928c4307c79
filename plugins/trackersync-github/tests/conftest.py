"""A GitHub that says what a test tells it to, and the published descriptions to check requests against."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import responses
from graphql import GraphQLSchema, build_schema, parse, validate
from requests import PreparedRequest

from trackersync.change import Change, WriteTarget
from trackersync.connector import FieldNames
from trackersync.model import Issue, IssueRef, StateCategory
from trackersync.testing import FakeClock
from trackersync.transport import Transport
from trackersync_github.connector import GitHubConnector
from trackersync_github.settings import GitHubSettings

SHARED = Path(__file__).resolve().parents[4] / "shared"
URL = "https://api.github.com"
LIST = f"{URL}/repos/acme/web/issues"
GRAPHQL = f"{URL}/graphql"
ISSUE_HAS = ["issueType", "parent", "subIssuesSummary", "issueDependenciesSummary", "issueFieldValues"]


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path


@pytest.fixture
def real_issues() -> Callable[[str], Iterator[dict[str, Any]]]:
    def read(name: str) -> Iterator[dict[str, Any]]:
        with gzip.open(shared(f"data/{name}.jsonl.gz"), "rb") as lines:
            yield from map(json.loads, lines)

    return read


@pytest.fixture(scope="session")
def schema() -> GraphQLSchema:
    return build_schema(shared("specs/github.graphql").read_text(encoding="utf-8"), assume_valid=True)


@pytest.fixture(scope="session")
def rest_paths() -> dict[str, Any]:
    return json.loads(shared("specs/github-rest.json").read_bytes())


@pytest.fixture
def accepted(schema: GraphQLSchema) -> Callable[[str], list[str]]:
    return lambda document: [error.message for error in validate(schema, parse(document))]


class Answers:
    """Answers of GitHub in the shape our documents ask for."""

    @staticmethod
    def rest_issue(number: int = 1, **changes: Any) -> dict[str, Any]:
        return {
            "node_id": f"I_{number}",
            "number": number,
            "title": f"Issue {number}",
            "html_url": f"https://github.com/acme/web/issues/{number}",
            "repository_url": f"{URL}/repos/acme/web",
            "state": "open",
            "created_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-02T00:00:00Z",
            "closed_at": None,
            "body": None,
            "user": {"login": "ada", "node_id": "U_ada"},
            "labels": [],
            "assignees": [],
            "comments": 0,
            "milestone": None,
        } | changes

    @staticmethod
    def graph_issue(
        number: int = 1, *, labels: tuple[str, ...] = (), items: Any = None, **changes: Any
    ) -> dict[str, Any]:
        place = {"full_name": "acme/web"}
        return {
            "kind": "Issue",
            "node_id": f"I_{number}",
            "number": number,
            "title": f"Issue {number}",
            "html_url": f"https://github.com/acme/web/issues/{number}",
            "state": "OPEN",
            "created_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-02T00:00:00Z",
            "body": "",
            "repository": place,
            "user": {"login": "ada", "kind": "User", "node_id": "U_ada"},
            "labels": {"nodes": [{"name": label} for label in labels]},
            "assignees": {"nodes": []},
            "comments": {"total": 0},
            "reactions": [],
            "items": {"nodes": items or []},
        } | changes

    @staticmethod
    def facts(fields: list[dict[str, Any]] | None = None, issue_fields: Sequence[Any] = ()) -> dict[str, Any]:
        """The answer to the first GraphQL question of a run."""
        return {
            "repository": {
                "id": "R_1",
                "full_name": "acme/web",
                "issue_fields": {
                    "nodes": [
                        {"id": f"IF_{one}", "name": one, "type": "NUMBER"} if isinstance(one, str) else one
                        for one in issue_fields
                    ]
                },
            },
            "issue": {"fields": [{"name": name} for name in ISSUE_HAS]},
            "holder": {"project": {"id": "PVT_1", "fields": {"nodes": fields or []}}},
        }

    @staticmethod
    def item(item_id: str = "PVTI_1", **values: Any) -> dict[str, Any]:
        return {"id": item_id, "project": {"number": 7, "owner": {"login": "Acme"}}, **values}


@dataclass
class FakeGitHub(Answers):
    """Answers GraphQL from a queue and records what was asked; REST is told with `responses` itself."""

    mock: responses.RequestsMock
    answers: list[Any] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def will_answer(self, *answers: Any) -> None:
        """Data, or (status, body), or an exception, or a function of the variables that gives one of these."""
        self.answers += answers

    def answer(self, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        asked = json.loads(request.body or b"")
        self.asked.append(asked)
        answer = self.answers.pop(0)
        if callable(answer):
            answer = answer(asked["variables"])
        if isinstance(answer, Exception):
            raise answer
        status, body = answer if isinstance(answer, tuple) else (200, {"data": answer})
        return status, {"Content-Type": "application/json"}, json.dumps(body)

    def lists(self, *pages: list[dict[str, Any]]) -> None:
        for number, page in enumerate(pages, start=1):
            more = {"Link": f'<{LIST}?page={number + 1}>; rel="next"'} if number < len(pages) else {}
            query = {"page": str(number)} if number > 1 else {}
            match = [responses.matchers.query_param_matcher(query, strict_match=bool(query))]
            self.mock.get(LIST, json=page, headers=more, match=match)

    @property
    def gets(self) -> list[str]:
        return [str(call.request.url) for call in self.mock.calls if call.request.method == "GET"]


@pytest.fixture
def answers() -> type[Answers]:
    return Answers


class Writing:
    """Changes, and what came of them."""

    @staticmethod
    def issue(number: int = 1, **values: Any) -> Issue:
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        return Issue(
            ref=IssueRef("web", "github", f"I_{number}", f"acme/web#{number}"),
            title=f"Issue {number}",
            url="",
            state="open",
            state_category=StateCategory.TODO,
            created_at=moment,
            updated_at=moment,
            **values,
        )

    @staticmethod
    def change(to: Issue, kind: str, after: Any, *, name: str = "", before: Any = None) -> Change:
        target = WriteTarget(kind, name)  # type: ignore[arg-type]
        return Change(ref=to.ref, target=target, before=before, after=after, reason="rank 1")

    @staticmethod
    def done(variables: dict[str, Any]) -> dict[str, Any]:
        return {alias: {"clientMutationId": None} for alias in variables}

    @staticmethod
    def apply(connector: GitHubConnector, changes: list[Change], *issues: Issue) -> list[tuple[str, str]]:
        outcomes = list(connector.apply(changes, {one.ref.id: one for one in issues}, notify=False))
        assert [outcome.change for outcome in outcomes] == changes
        return [(outcome.status.value, outcome.detail) for outcome in outcomes]


@pytest.fixture
def writing() -> type[Writing]:
    return Writing


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        fake = FakeGitHub(mock)
        mock.add_callback("POST", GRAPHQL, callback=fake.answer)
        yield fake


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connect(github: FakeGitHub, clock: FakeClock) -> Iterator[Callable[..., GitHubConnector]]:
    with Transport(clock=clock) as transport:

        def make(
            wanted: FieldNames | None = None, env: Mapping[str, str] | None = None, **settings: Any
        ) -> GitHubConnector:
            section = GitHubSettings.model_validate({"repository": "acme/web", **settings})
            secrets = {"GITHUB_TOKEN": "ghp_secret"} if env is None else env
            return GitHubConnector("web", section, transport=transport, env=secrets, wanted=wanted or FieldNames())

        yield make
