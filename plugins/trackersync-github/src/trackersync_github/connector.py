"""The GitHub connector: issues of one repository, and the Projects v2 board beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel

from trackersync.change import Change, Forecast, LabelSet, Outcome
from trackersync.connector import Capabilities, FieldNames, Offers, Target
from trackersync.diagnosis import Finding, Written
from trackersync.model import Delta, Issue, IssueRef, Whereabouts
from trackersync_github.on_demand import COLUMNS, PULL_REQUESTS
from trackersync_github.settings import GitHubSettings

if TYPE_CHECKING:
    from trackersync.transport import Transport


class GitHubConnector(Target):
    """Reads and writes one repository's issues; see `GitHubSettings` for what can be configured."""

    kind: ClassVar[str] = "github"
    Settings: ClassVar[type[BaseModel]] = GitHubSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        reads=frozenset({"label", "project_field", "issue_field"}),
        labels=True,
        fields=True,
        project_fields=True,
        comments=True,
        project_items=True,
        order="project",
        on_demand=COLUMNS,
        label_pattern=r"\S(.{0,48}\S)?",
    )
    asked: ClassVar[tuple[str, ...]] = ("url", "token_env")
    settings: GitHubSettings

    def __init__(
        self,
        tracker: str,
        settings: GitHubSettings,
        *,
        transport: Transport,
        env: Mapping[str, str],
        wanted: FieldNames,
    ) -> None:
        """Sign in as the settings say; makes no request."""
        super().__init__(tracker, settings, transport=transport, env=env, wanted=wanted)
        # What speaks to GitHub is loaded with the first connector: checking a file and ranking do without.
        from trackersync_github.applying import Writer
        from trackersync_github.client import GitHubClient
        from trackersync_github.reading import Reader
        from trackersync_github.sign_in import account_of, signer

        # A pull request that is opened or closed leaves no trace on the issue, as a place on the project leaves none.
        self.follows_board = settings.project is not None or PULL_REQUESTS in wanted.columns
        client = GitHubClient(tracker, settings, transport, account_of(settings), signer(tracker, settings, env))
        self._client = client
        self._reader = Reader(client, settings, wanted)
        self._writer = Writer(client, self._reader)

    @classmethod
    def identify(cls, settings: GitHubSettings) -> str:
        """`github https://api.github.com acme/web project acme/7`."""
        project = "" if settings.project is None else f" project {settings.project}"
        return f"github {settings.url} {settings.repository}{project}"

    def forecast(self, changes: Sequence[Change], *, notify: bool, ask: bool) -> Forecast:  # noqa: ARG002 - there is nothing to ask
        """The batches, and before the first of them the facts and the look-up of labels; see `pace.requests_for`.

        Each is a point of the hour's 5,000 at least (docs: rate limits for the GraphQL API). A request that writes also
        takes 5 of the minute's 2,000, which one a second never uses up.
        """
        from trackersync_github.pace import batches, requests_for

        requests = requests_for(changes)
        seconds = max(0, batches(changes) - 1) * self._client.write_spacing
        mailed = self._mailed(changes, notify=notify)
        return Forecast(requests=requests, points=requests, seconds=seconds, mailed=mailed)

    def _mailed(self, changes: Sequence[Change], *, notify: bool) -> int:  # noqa: ARG002 - GitHub cannot be asked not to
        """Those that get their first comment: GitHub tells nobody of labels, fields, places and edited comments."""
        first = (change for change in changes if change.target.kind == "comment" and change.before is None)
        return len({change.ref.issue_key for change in first if change.after is not None})

    def define_labels(self, labels: LabelSet) -> Sequence[str]:
        """Rename and restyle the labels that are there: one request to look, one more where there is anything to do."""
        return self._writer.labels.define(labels)

    def retire_labels(self, labels: LabelSet) -> Sequence[str]:
        """Delete the retired labels, in one request more."""
        return self._writer.labels.retire(labels)

    def pull(self) -> Iterator[Sequence[Issue]]:
        """Yield every selected issue once, a page at a time; see `Reader.pull` for the requests it takes."""
        yield from self._reader.pull()
        self.cursor = self._reader.cursor

    def changes(self, cursor: str) -> Iterator[Delta]:
        """Yield what was touched since, a request for 100; see `Reader.changes`."""
        yield from self._reader.changes(cursor)
        self.cursor = self._reader.cursor

    def on_board(self, issues: Sequence[Issue]) -> Sequence[Issue]:
        """Those whose item on the project or pull requests changed; takes no request."""
        return self._reader.on_board(issues)

    def places(self, refs: Sequence[IssueRef]) -> Mapping[str, str]:
        """Their places on the project, read anew, 100 items a request."""
        return self._reader.places(refs)

    def whereabouts(self, refs: Sequence[IssueRef]) -> Mapping[str, Whereabouts]:
        """Ask for each issue by its number, where it is now."""
        return self._reader.whereabouts(refs)

    def fetch(self, ids: Sequence[str]) -> Mapping[str, Issue]:
        """Read these issues as they are now by node id, 100 a request."""
        return self._reader.fetch(ids)

    def apply(
        self,
        changes: Sequence[Change],
        current: Mapping[str, Issue],
        *,
        notify: bool,  # noqa: ARG002 - GitHub cannot be asked not to
    ) -> Iterator[Outcome]:
        """Carry out the changes, 20 to 50 mutations a request, and create the labels that are missing.

        GitHub notifies nobody of labels, fields and places, and of comments always: `notify` changes nothing.
        """
        return self._writer.write(changes, current)

    def offers(self) -> Offers:
        """The owner's projects or fields of the configured one, and issue fields: one request, three where refused."""
        from trackersync_github.offering import offers

        return offers(self._client, self.settings)

    def diagnose(self, written: Written) -> Iterator[Finding]:
        """Yield all that is missing or will bite, in six requests at most; see `trackersync_github.diagnosis`."""
        from trackersync_github.diagnosis import Diagnosis
        from trackersync_github.sign_in import account_of

        now, kept = self.transport.clock.now(), account_of(self.settings)
        return Diagnosis(self._client, self.settings, self.wanted, written, now=now, kept=kept).findings()
