"""The Jira connector: the issues of one JQL selection, on Cloud or Data Center."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec.structs import replace
from pydantic import BaseModel

from trackersync.change import Change, Forecast, Outcome
from trackersync.connector import Capabilities, FieldNames, Offers, Target
from trackersync.diagnosis import Finding, Written
from trackersync.model import Delta, Issue, IssueRef, Whereabouts
from trackersync_jira.jql import without_order
from trackersync_jira.on_demand import COLUMNS
from trackersync_jira.settings import JiraSettings

if TYPE_CHECKING:
    from trackersync.transport import Transport


class JiraConnector(Target):
    """Reads and writes the issues of one JQL selection; see `JiraSettings` for what can be configured."""

    kind: ClassVar[str] = "jira"
    Settings: ClassVar[type[BaseModel]] = JiraSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        reads=frozenset({"field", "label"}),
        labels=True,
        fields=True,
        priority=True,
        properties=True,
        comments=True,
        batch=1000,
        order="board",
        quiet=True,
        on_demand=COLUMNS,
        label_pattern=r"\S{1,255}",
    )
    untraced: ClassVar[frozenset[str]] = frozenset(
        {"votes", "watchers", "blocks_open", "blocked_by_open", "sub_issues_open", "milestone"}
    )
    """People vote and watch without an update; what is linked or below has updates of its own, and so have versions."""
    asked: ClassVar[tuple[str, ...]] = ("email", "token_env")
    settings: JiraSettings

    def __init__(
        self, tracker: str, settings: Any, *, transport: Transport, env: Mapping[str, str], wanted: FieldNames
    ) -> None:
        super().__init__(tracker, settings, transport=transport, env=env, wanted=wanted)
        # What speaks to Jira is loaded with the first connector: checking a file and ranking do without.
        from trackersync_jira.bulk_access import BulkAccess
        from trackersync_jira.client import JiraSite
        from trackersync_jira.reading import Reader
        from trackersync_jira.sign_in import signer

        self._site = JiraSite(tracker, settings, auth=signer(settings, env), transport=transport)
        self._reader = Reader(self._site, settings, wanted)
        self._bulk_access = BulkAccess(self._site)
        self._read_back: Mapping[str, Issue] = {}
        # No update of an issue tells that a property of it changed: they are looked at as ranks are.
        self.follows_board = settings.board is not None or bool(wanted.properties)

    @classmethod
    def identify(cls, settings: Any) -> str:
        """`jira https://acme.atlassian.net board 12: project = CORE`."""
        board = "" if settings.board is None else f" board {settings.board}"
        return f"jira {settings.url}{board}: {without_order(settings.jql)}"

    def forecast(self, changes: Sequence[Change], *, notify: bool, ask: bool) -> Forecast:
        """One for each issue or, on Cloud, bulk edits where they are fewer; one for each run of up to fifty moves.

        A comment is one more, and so is a property that no edit carries. What the account may do in bulk is looked up
        with `ask`; without, no bulk edits are counted on. Where no mail is wanted, each project is asked whether the
        account may spare people that of edits.
        """
        from trackersync_jira.forecasting import forecast, silent

        requests, how = forecast(changes, self._bulk_access if ask else None, batch=self.capabilities.batch)
        if not notify:
            return self._with_loud(Forecast(requests=requests, how=how), changes, ask=ask)
        quiet = set(silent(changes))
        mailed = {change.ref.issue_key for change in changes if change not in quiet}
        return Forecast(requests=requests, mailed=len(mailed), how=how)

    def _with_loud(self, told: Forecast, changes: Sequence[Change], *, ask: bool) -> Forecast:
        """The mail that is sent although none is wanted: of comments, and in projects that the account does not run."""
        from trackersync_jira.forecasting import edited, heard

        edits = [change.ref for change in edited(changes)]
        said = [change.ref for change in heard(changes, edits=not ask or not self._site.is_cloud)]
        projects = {project for project in map(_project, edits) if ask and not self._site.may_be_quiet(project)}
        mailed = {ref.issue_key for ref in [*said, *(ref for ref in edits if _project(ref) in projects)]}
        why = ["Jira tells watchers of comments"] if said else []
        if projects:
            why.append(f"the account administers neither the site nor {', '.join(sorted(projects))}")
        return replace(told, mailed=len(mailed), loud="; ".join(why))

    def pull(self) -> Iterator[Sequence[Issue]]:
        """Yield every selected issue exactly once, a page at a time; see `Source.pull`."""
        yield from self._reader.pull()
        self.cursor = self._reader.cursor

    def changes(self, cursor: str) -> Iterator[Delta]:
        """Yield what was touched since; see `Reader.changes`."""
        yield from self._reader.changes(cursor)
        self.cursor = self._reader.cursor

    def census(self) -> Iterator[Sequence[str]]:
        """Yield the ids of all selected issues, 5,000 a request on Cloud; see `Reader.census`."""
        yield from self._reader.census()
        self.cursor = self._reader.cursor

    def on_board(self, issues: Sequence[Issue]) -> Sequence[Issue]:
        """Those whose rank or properties changed: a request for thousands; see `Reader.on_board`."""
        return self._reader.on_board(issues)

    def whereabouts(self, refs: Sequence[IssueRef]) -> Mapping[str, Whereabouts]:
        """What became of issues that are not found any more; see `Reader.whereabouts`."""
        return self._reader.whereabouts(refs)

    def fetch(self, ids: Sequence[str]) -> Mapping[str, Issue]:
        """Read these issues as they are now, a hundred a request; see `Source.fetch`.

        Asked next after `apply`, those that it read after writing them are not read once more.
        """
        read_back, self._read_back = self._read_back, {}
        known = {id_: read_back[id_] for id_ in ids if id_ in read_back}
        return known | self._reader.fetch([id_ for id_ in ids if id_ not in known])

    def apply(self, changes: Sequence[Change], current: Mapping[str, Issue], *, notify: bool) -> Iterator[Outcome]:
        """Write the changes, those of many issues together where that saves requests; see `Target.apply`."""
        from trackersync_jira.writing import Writer

        writer = Writer(self._site, self._bulk_access, self._reader.fetch, current, notify=notify)
        self._read_back = {}
        yield from writer.write(changes)
        self._read_back = writer.read_back

    def offers(self) -> Offers:
        """The boards, and the fields that hold numbers or options: two requests."""
        from trackersync_jira.offering import offers

        return offers(self._site)

    def diagnose(self, written: Written) -> Iterator[Finding]:
        """Yield all that is missing or will bite, in eight requests at most; see `trackersync_jira.diagnosis`."""
        from trackersync_jira.diagnosis import Diagnosis

        now = self.transport.clock.now()
        return Diagnosis(self._site, self.settings, self.wanted, written, now=now).findings()


def _project(ref: IssueRef) -> str:
    return ref.key.rpartition("-")[0]
