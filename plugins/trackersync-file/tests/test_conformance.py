"""The connector keeps the contract, over a folder of files: CSV, Excel workbooks and Markdown checklists."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from trackersync.testing import SeedIssue, SentRequest, TargetConformance
from trackersync.testing.conformance.failing import reads
from trackersync_file import disk

HEADINGS = ("id", "title", "body", "labels", "priority", "url", "created", "Score")
TROUBLE = {
    401: errno.EACCES,
    403: errno.EACCES,
    404: errno.ENOENT,
    422: errno.EINVAL,
    429: errno.EAGAIN,
    502: errno.EIO,
}
"""What the operating system says, in place of a server's status."""


def no_file(why: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=why)


@dataclass
class FileDouble:
    """A folder whose files hold a page of issues each; every file that is read or replaced is noted, and can fail."""

    folder: Path
    kind: Any
    later: Any
    page_size = 100
    secret = "s3cr3t-t0ken"
    absent_id = "88888"
    requests: list[SentRequest] = field(default_factory=list)
    _failure: tuple[int, bytes, bool] | None = None

    def seed(self, issues: Sequence[SeedIssue]) -> None:
        for path in self.folder.iterdir():
            path.unlink()
        for start in range(0, max(1, len(issues)), self.page_size):
            rows = [self._row(seed) for seed in issues[start : start + self.page_size]]
            self.kind.write(self.folder / f"backlog-{start:04}{self.kind.suffix}", rows, HEADINGS)

    def edit(self, number: int, *, title: str | None = None, labels: Sequence[str] | None = None) -> None:
        values = {"title": title, "labels": None if labels is None else ", ".join(labels)}
        self.kind.edit(self._file(number), str(number), {key: value for key, value in values.items() if value})
        self.later(self._file(number))

    def refuse(self, number: int) -> None:
        self.kind.refuse(self._file(number), str(number))

    def fail(
        self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"", *, writes_only: bool = False
    ) -> None:
        self._failure = (status, body, writes_only)

    def load(self, path: Path) -> disk.Content:
        self.requests.append(SentRequest("GET", path.name))
        if self._failure is None or self._failure[2]:
            return self._load(path)
        return disk.Content(self._told(path), 0)

    def swap(self, new: Path, path: Path) -> None:
        self.requests.append(SentRequest("PUT", path.name, write=True))
        if self._failure is not None:
            self._told(path)
        self._swap(new, path)

    def __post_init__(self) -> None:
        self._load, self._swap = disk.load, disk.swap
        self.seed([])

    def _told(self, path: Path) -> bytes:
        assert self._failure is not None
        status, body, _ = self._failure
        if status == 200:
            return body
        raise OSError(TROUBLE[status], os.strerror(TROUBLE[status]), str(path))

    def _file(self, number: int) -> Path:
        start = (number - 1) // self.page_size * self.page_size
        return self.folder / f"backlog-{start:04}{self.kind.suffix}"

    @staticmethod
    def _row(seed: SeedIssue) -> dict[str, str | None]:
        return {
            "id": str(seed.number),
            "title": seed.title,
            "body": seed.body,
            "labels": ", ".join(seed.labels),
            "url": f"https://backlog.example/{seed.number}",
            "created": "2026-01-01",
        }


class FileConformance(TargetConformance):
    suffix: str

    @pytest.fixture
    def tracker(self, tmp_path: Path, kinds: Any, monkeypatch: pytest.MonkeyPatch) -> FileDouble:
        double = FileDouble(tmp_path, getattr(kinds, self.suffix), kinds.later)
        monkeypatch.setattr(disk, "load", double.load)
        monkeypatch.setattr(disk, "swap", double.swap)
        return double

    @pytest.fixture
    def connector(self, tracker: FileDouble, connect: Any) -> Any:
        return connect(tracker.folder, "Score")

    @no_file("a file asks for no secret")
    def test_missing_secret_is_a_problem_of_the_file(self, connector):
        super().test_missing_secret_is_a_problem_of_the_file(connector)

    @no_file("a file asks for no secret")
    def test_secrets_come_from_env_alone(self, tracker, connector, monkeypatch):
        super().test_secrets_come_from_env_alone(tracker, connector, monkeypatch)

    @reads
    @no_file("a file refuses no question: what it cannot be asked is trouble with the disk")
    def test_rejected(self, tracker, connector, read):
        super().test_rejected(tracker, connector, read)

    @reads
    @no_file("a file asks nobody to sign in; no permission is another error")
    def test_auth_failure(self, tracker, connector, read):
        super().test_auth_failure(tracker, connector, read)

    @reads
    @no_file("a file has no limit of requests")
    def test_rate_limited_carries_retry_after(self, tracker, connector, read):
        super().test_rate_limited_carries_retry_after(tracker, connector, read)

    @reads
    @no_file("the words of a refused sign-in, which a file does not ask for; its own are tested below")
    def test_errors_show_no_escape_sequences(self, tracker, connector, read):
        super().test_errors_show_no_escape_sequences(tracker, connector, read)

    @no_file("a file asks nobody to sign in; no permission is another error")
    def test_lost_permission_stops_the_writing(self, tracker, connector, names):
        super().test_lost_permission_stops_the_writing(tracker, connector, names)

    @no_file("a file has no limit of requests")
    def test_long_limit_stops_the_writing(self, tracker, connector, names):
        super().test_long_limit_stops_the_writing(tracker, connector, names)


class TestCsv(FileConformance):
    suffix = "csv"


class TestXlsx(FileConformance):
    suffix = "xlsx"


class TestMarkdown(FileConformance):
    suffix = "md"
