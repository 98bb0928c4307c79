"""What the conformance kit needs of a pretended tracker: little enough to put over a sandbox server or `responses`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct


class SeedIssue(Struct, frozen=True, kw_only=True):
    """An open issue in neutral words, told apart by `number` from 1; the double gives it an id and a key."""

    number: int
    title: str
    """Begins with `Issue NUMBER`, by which the kit knows it again."""
    body: str | None = ""
    labels: tuple[str, ...] = ()
    on_project: bool = True
    """Whether it is on the board or project; all are, but where a connector declares that it puts issues on it."""


class SentRequest(Struct, frozen=True):
    """One request as it reached the tracker; `write` tells whether it is of a kind that changes anything there."""

    method: str
    route: str
    """The path, without host and query."""
    write: bool = False
    """A POST that only asks, such as a search or a GraphQL query, is none."""


class TrackerDouble(Protocol):
    """A pretended tracker with issues, the way it fails, and what was asked of it.

    Fields, priorities and labels of other issues exist as on a tracker that a team has set up; the labels that the kit
    writes do not exist before.
    """

    @property
    def page_size(self) -> int:
        """How many issues one page of a pull holds at most."""

    @property
    def requests(self) -> Sequence[SentRequest]:
        """Everything that was asked since the double was made, retries included, oldest first."""

    @property
    def secret(self) -> str:
        """The token or password that the connector under test was given through `env`."""

    @property
    def absent_id(self) -> str:
        """An id that looks like one of this tracker's and belongs to no issue."""

    def seed(self, issues: Sequence[SeedIssue]) -> None:
        """Replace all issues by these, all selected by the settings and, in this order, on the board or project.

        But for those that are not `on_project`: only a connector that declares `project_items` is given some.
        """

    def edit(self, number: int, *, title: str | None = None, labels: Sequence[str] | None = None) -> None:
        """Change an issue as a person would: the whole list of labels, and the time of the last update."""

    def remark(self, number: int, text: str) -> None:
        """Comment on an issue as a person would; only asked where the connector declares `comments`."""

    def comments(self, number: int) -> Sequence[str]:
        """All comments on an issue as the tracker holds them; only asked where the connector declares `comments`."""

    def refuse(self, number: int) -> None:
        """From now on refuse every value for this one issue, the way the tracker refuses a value; others are taken."""

    def fail(
        self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"", *, writes_only: bool = False
    ) -> None:
        """From now on answer every request, or every write, with just this and carry nothing out."""
