"""The pretended tracker of the kit over a `MemoryTracker`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import pytest
from requests.structures import CaseInsensitiveDict

from trackersync.connector import FieldNames
from trackersync.errors import InvalidResponseError, RateLimitError, TrackerError
from trackersync.model import Issue, IssueRef, StateCategory
from trackersync.testing import FakeClock, MemoryConnector, MemoryTracker, SeedIssue, SentRequest
from trackersync.transport import Response, Transport
from trackersync.transport.classify import failure
from trackersync.transport.retry_after import asked_wait

WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


class MemoryDouble:
    page_size = 4
    secret = "s3cr3t-t0ken"
    absent_id = "id999"

    def __init__(self) -> None:
        self.memory = MemoryTracker(page_size=self.page_size)

    @property
    def requests(self) -> Sequence[SentRequest]:
        return self.memory.requests

    def seed(self, issues: Sequence[SeedIssue]) -> None:
        self.memory.issues.clear()
        self.memory.order.clear()
        self.memory.add(*map(_issue, issues))
        for seed in issues:
            if not seed.on_project:
                self.memory.place(f"id{seed.number}", listed=False)

    def edit(self, number: int, *, title: str | None = None, labels: Sequence[str] | None = None) -> None:
        issue = self.memory.issues[f"id{number}"]
        self.memory.edit(f"id{number}", title=title or issue.title, labels=tuple(labels or issue.labels))

    def remark(self, number: int, text: str) -> None:
        self.memory.remarks.setdefault(f"id{number}", []).append(text)

    def comments(self, number: int) -> Sequence[str]:
        ours = self.memory.issues[f"id{number}"].comment
        return [*self.memory.remarks.get(f"id{number}", ()), *([] if ours is None else [ours])]

    def refuse(self, number: int) -> None:
        self.memory.refused[f"id{number}"] = "this value is not allowed"

    def fail(
        self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"", *, writes_only: bool = False
    ) -> None:
        response = Response(
            status, CaseInsensitiveDict(headers or {}), body, "https://memory.example/", "core", (self.secret,)
        )
        self.memory.fail(_error(response), writes_only=writes_only)


def _error(response: Response) -> TrackerError:
    error = failure("GET", response)
    if isinstance(error, RateLimitError):
        error.retry_after = asked_wait(response.headers, WRITTEN)
    if error is None:
        with pytest.raises(InvalidResponseError) as caught:
            response.json(dict)
        error = caught.value
    return error


def _issue(seed: SeedIssue) -> Issue:
    ref = IssueRef("core", "memory", f"id{seed.number}", f"CORE-{seed.number}")
    return Issue(
        ref=ref,
        title=seed.title,
        url=f"https://memory.example/{ref.key}",
        state="open",
        state_category=StateCategory.TODO,
        created_at=WRITTEN,
        updated_at=WRITTEN,
        body=seed.body or "",
        labels=seed.labels,
        priority="Medium",
    )


@pytest.fixture
def make_double() -> type[MemoryDouble]:
    return MemoryDouble


@pytest.fixture
def memory_double(make_double: type[MemoryDouble]) -> MemoryDouble:
    return make_double()


@pytest.fixture
def construct(memory_double: MemoryDouble) -> Callable[..., MemoryConnector]:
    def construct(kind: type[MemoryConnector], double: MemoryDouble = memory_double) -> MemoryConnector:
        return kind.over({"core": double.memory})(
            "core",
            kind.Settings(token_env="MEMORY_TOKEN"),
            transport=Transport(clock=FakeClock()),
            env={"MEMORY_TOKEN": double.secret},
            wanted=FieldNames(
                frozenset({"Score"}), frozenset({"Score"}), frozenset({"trackersync.score"}), comment=True
            ),
        )

    return construct
