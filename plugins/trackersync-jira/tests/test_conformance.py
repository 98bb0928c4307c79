"""The connector keeps the contract, against the sandbox's Jira on loopback, as Cloud and as Data Center."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from trackersync.connector import FieldNames
from trackersync.testing import FakeClock, SeedIssue, SentRequest, TargetConformance
from trackersync.testing.conformance import Names
from trackersync.transport import Transport
from trackersync_jira.connector import JiraConnector
from trackersync_jira.settings import JiraSettings

jira = pytest.importorskip("trackersync_sandbox.jira", reason="needs the sandbox")

SCORE = "Priority Score"
TO_DO = {"id": "1", "name": "To Do", "statusCategory": {"key": "new"}}
DONE = {"id": "3", "name": "Done", "statusCategory": {"key": "done"}}


def ticket(number: int, title: str, *, status: dict[str, Any] = TO_DO, **fields: Any) -> dict[str, Any]:
    time = "2026-01-01T00:00:00.000+0000"
    standard = {
        "summary": title,
        "status": status,
        "issuetype": {"id": "1", "name": "Task", "subtask": False},
        "project": {"id": "1", "key": "CORE", "name": "Core"},
        "priority": {"id": "3", "name": "Medium"},
        "created": time,
        "updated": time,
    }
    return {"id": str(10000 + number), "key": f"CORE-{number}", "fields": standard | fields}


def sandbox(seeds: Sequence[SeedIssue], deployment: str) -> Any:
    from trackersync_sandbox.app import Sandbox
    from trackersync_sandbox.source import Backlog
    from trackersync_sandbox.state import Requests

    tickets = [ticket(seed.number, seed.title, description=seed.body, labels=list(seed.labels)) for seed in seeds]
    # Outside the selection, so that the project, its board and its states are there without any other issue.
    tickets.append(ticket(99999, "Done long ago", status=DONE))
    board = {"boards": {"CORE": {"id": 12, "name": "Core"}}}
    return Sandbox([jira.load(Backlog({"CORE": iter(tickets)}, board), deployment=deployment)], Requests())


@dataclass
class JiraDouble:
    """The sandbox behind a door that records what comes, and can be told to fail."""

    deployment: str
    secret = "s3cr3t-t0ken"
    absent_id = "88888"
    requests: list[SentRequest] = field(default_factory=list)
    _refused: set[str] = field(default_factory=set)
    _failure: tuple[int, Mapping[str, str], bytes, bool] | None = None

    def __post_init__(self) -> None:
        self.seed([])

    @property
    def page_size(self) -> int:
        return 100 if self.deployment == "cloud" else 101

    def seed(self, issues: Sequence[SeedIssue]) -> None:
        self.app = sandbox(issues, self.deployment)

    def edit(self, number: int, *, title: str | None = None, labels: Sequence[str] | None = None) -> None:
        values = {"title": title, "labels": None if labels is None else list(labels)}
        given = {key: value for key, value in values.items() if value is not None}
        self.app._served["jira"].tracker.edit(f"CORE-{number}", given)

    def remark(self, number: int, text: str) -> None:
        self.app._served["jira"].tracker.edit(f"CORE-{number}", {"remark": text})

    def comments(self, number: int) -> Sequence[str]:
        state = self.app._served["jira"].tracker.state()
        return [said["body"] for said in state["issues"][f"CORE-{number}"]["comments"]]

    def refuse(self, number: int) -> None:
        self._refused.add(str(10000 + number))

    def fail(
        self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"", *, writes_only: bool = False
    ) -> None:
        self._failure = (status, headers or {}, body, writes_only)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        asks = method == "GET" or (method == "POST" and path.endswith(("/search", "/jql", "/bulkfetch", "/list")))
        write = not asks
        self.requests.append(SentRequest(method, path, write))
        told = self._failure
        if write and self._refused.intersection(path.split("/")):
            errors = {"labels": "Field 'labels' cannot be set. It is not on the appropriate screen, or unknown."}
            told = (400, {"Content-Type": "application/json"}, json.dumps({"errors": errors}).encode(), True)
        if told and (write or not told[3]):
            status, headers, answer, _ = told
            start_response(f"{status} Told", [*headers.items(), ("Content-Length", str(len(answer)))])
            return [answer]
        return self.app(environ, start_response)


class Door:
    """One server for all checks; behind it each has a Jira of its own."""

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


class JiraConformance(TargetConformance):
    deployment: str

    @pytest.fixture
    def tracker(self, door: tuple[Door, str]) -> JiraDouble:
        opened, _ = door
        opened.behind = JiraDouble(self.deployment)
        return opened.behind

    @pytest.fixture
    def names(self) -> Names:
        return Names(field=SCORE)

    @pytest.fixture
    def properties(self, names: Names) -> frozenset[str]:
        return frozenset({names.property})

    @pytest.fixture
    def undecided(self, connector: JiraConnector) -> JiraConnector:
        settings = connector.settings.model_copy(update={"board": None})
        return JiraConnector("core", settings, transport=connector.transport, env=connector.env, wanted=FieldNames())

    @pytest.fixture
    def connector(
        self, tracker: JiraDouble, properties: frozenset[str], door: tuple[Door, str]
    ) -> Iterator[JiraConnector]:
        _, url = door
        account = {"email": "pm@acme.example"} if self.deployment == "cloud" else {}
        settings = JiraSettings.model_validate(
            {"url": f"{url}/jira", "jql": "project = CORE AND statusCategory != Done", "board": 12} | account
        )
        with Transport(clock=FakeClock()) as transport:
            yield JiraConnector(
                "core",
                settings,
                transport=transport,
                env={"JIRA_TOKEN": tracker.secret},
                wanted=FieldNames(
                    fields=frozenset({SCORE, "Reach", "Impact"}),
                    properties=properties,
                    comment=True,
                ),
            )


class TestCloud(JiraConformance):
    deployment = "cloud"


class TestDataCenter(JiraConformance):
    deployment = "data_center"

    @pytest.fixture
    def properties(self, request: pytest.FixtureRequest, names: Names) -> frozenset[str]:
        """Of these Data Center tells by no list, so that no budget holds that is one of pages."""
        return frozenset() if "budget" in request.node.name else frozenset({names.property})
