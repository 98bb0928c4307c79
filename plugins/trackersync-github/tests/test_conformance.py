"""The connector keeps the contract, against the sandbox's GitHub on loopback."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest

from trackersync.connector import FieldNames
from trackersync.testing import FakeClock, SeedIssue, SentRequest, TargetConformance
from trackersync.transport import Transport
from trackersync_github.connector import GitHubConnector
from trackersync_github.settings import GitHubSettings

github = pytest.importorskip("trackersync_sandbox.github", reason="needs the sandbox")

REPOSITORY = "acme/web"
FIELDS = [{"name": "Score", "type": "number"}, {"name": "Effort", "type": "number"}]


def sandbox(seeds: Sequence[SeedIssue]) -> Any:
    from trackersync_sandbox.app import Sandbox
    from trackersync_sandbox.source import Backlog
    from trackersync_sandbox.state import Requests

    issues = [
        {
            "number": seed.number,
            "title": seed.title,
            "body": seed.body,
            "labels": list(seed.labels),
            "created_at": "2026-01-01T00:00:00Z",
        }
        for seed in seeds
    ]
    items = [{"issue": seed.number} for seed in seeds if seed.on_project]
    project = {"owner": "acme", "number": 7, "title": "Roadmap", "fields": FIELDS, "items": items}
    board = {"projects": [project], "issue_fields": FIELDS}
    requests = Requests()
    return Sandbox([github.load(Backlog({REPOSITORY: iter(issues)}, board), requests)], requests)


@dataclass
class GitHubDouble:
    """The sandbox behind a door that records what comes, and can be told to fail."""

    page_size = 100
    secret = "ghp_s3cr3t"
    absent_id = "I_kwDOnobodysissue"
    requests: list[SentRequest] = field(default_factory=list)
    _refused: set[str] = field(default_factory=set)
    _failure: tuple[int, Mapping[str, str], bytes, bool] | None = None

    _issues: Sequence[SeedIssue] = ()

    def seed(self, issues: Sequence[SeedIssue]) -> None:
        self._issues = issues
        vars(self).pop("app", None)

    @cached_property
    def app(self) -> Any:
        """Made when first asked: many checks never get as far as the tracker."""
        return sandbox(self._issues)

    def edit(self, number: int, *, title: str | None = None, labels: Sequence[str] | None = None) -> None:
        values = {"title": title, "labels": None if labels is None else list(labels)}
        self._github.edit(f"{REPOSITORY}#{number}", {key: value for key, value in values.items() if value is not None})

    def remark(self, number: int, text: str) -> None:
        self._github.edit(f"{REPOSITORY}#{number}", {"remark": text})

    def comments(self, number: int) -> Sequence[str]:
        return [said.body for said in self._github.world.repositories[REPOSITORY].issues[number].thread]

    def refuse(self, number: int) -> None:
        issue = self._github.world.repositories[REPOSITORY].issues[number]
        self._refused |= {issue.node_id, *(item.node_id for item in issue.items)}

    def fail(
        self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"", *, writes_only: bool = False
    ) -> None:
        self._failure = (status, headers or {}, body, writes_only)

    @property
    def _github(self) -> Any:
        return self.app._served["github"].tracker

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        asked = json.loads(body) if body else {}
        write = asked["query"].startswith("mutation") if path.endswith("/graphql") else method != "GET"
        self.requests.append(SentRequest(method, path, write))
        if self._failure and (write or not self._failure[3]):
            status, headers, answer, _ = self._failure
            start_response(f"{status} Told", [*headers.items(), ("Content-Length", str(len(answer)))])
            return [answer]
        if write:
            body = self._with_refusals(asked)
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return self.app(environ, start_response)

    def _with_refusals(self, asked: dict[str, Any]) -> bytes:
        """Mutations of what is refused name a node that is not there: GitHub refuses them one by one."""
        for given in asked["variables"].values():
            for key in ("labelableId", "itemId", "issueId", "subjectId"):
                if given.get(key) in self._refused:
                    given[key] = self.absent_id
        return json.dumps(asked).encode()


class Door:
    """One server for all checks; behind it each has a GitHub of its own."""

    behind: Any

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self.behind(environ, start_response)


@pytest.fixture(scope="module")
def door() -> Iterator[tuple[Door, str]]:
    from trackersync_sandbox.server import Server

    opened = Door()
    server = Server(opened)  # type: ignore[arg-type]  # any WSGI application is served
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield opened, server.url
    server.close()
    thread.join(5)


class TestGitHub(TargetConformance):
    @pytest.fixture
    def tracker(self, door: tuple[Door, str]) -> GitHubDouble:
        opened, _ = door
        opened.behind = GitHubDouble()
        return opened.behind

    @pytest.fixture
    def undecided(self, connector: GitHubConnector) -> GitHubConnector:
        settings = connector.settings.model_copy(update={"project": None})
        return GitHubConnector("web", settings, transport=connector.transport, env=connector.env, wanted=FieldNames())

    @pytest.fixture
    def connector(self, tracker: GitHubDouble, door: tuple[Door, str]) -> Iterator[GitHubConnector]:
        _, url = door
        settings = GitHubSettings.model_validate(
            {"url": f"{url}/github", "repository": REPOSITORY, "project": {"owner": "acme", "number": 7}}
        )
        with Transport(clock=FakeClock()) as transport:
            yield GitHubConnector(
                "web",
                settings,
                transport=transport,
                env={"GITHUB_TOKEN": tracker.secret},
                wanted=FieldNames(frozenset({"Score"}), frozenset({"Score", "Effort"}), comment=True),
            )
