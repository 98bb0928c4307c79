"""Looks for everything that is missing on Jira or will bite, in eight requests at most; sends no write.

| probe | asks for |
| --- | --- |
| server | `serverInfo`: which Jira this is |
| account | `myself`: is it logged in, its time zone; in the headers the time there, and what is left of limits |
| fields | `field`: the names that are read or written |
| board | with `board`: is it there, and ordered by rank |
| priorities | where some are written: `priority` |
| selection | one issue of the JQL |
| permissions | `mypermissions`, for that issue |
| screen | where issues are edited: `editmeta` of that issue, with the values its fields allow |

What one issue tells holds for its project and issue type; other projects of the selection may differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from trackersync.connector import FieldNames
from trackersync.diagnosis import Finding, Written, clock_skew, examine, failed
from trackersync.errors import RejectedError
from trackersync.transport.words import clean
from trackersync_jira.catalog import FieldInfo
from trackersync_jira.client import JiraSite
from trackersync_jira.jql import in_fixed_order
from trackersync_jira.settings import JiraSettings
from trackersync_jira.shapes import Named, Shape
from trackersync_jira.values import value_of

_PERMISSIONS = (
    "BROWSE_PROJECTS", "EDIT_ISSUES", "SCHEDULE_ISSUES", "BULK_CHANGE", "ADMINISTER", "ADMINISTER_PROJECTS",
)  # fmt: skip
_COMMENTING = {
    "ADD_COMMENTS": "Add Comments",
    "EDIT_OWN_COMMENTS": "Edit Own Comments",
    "DELETE_OWN_COMMENTS": "Delete Own Comments",
}
"""What our one comment takes, asked about only where one is written."""
_NEITHER = frozenset({"date", "datetime", "user"})
_NO_NAMES = frozenset({"number"})
_NO_NUMBERS = frozenset({"option", "priority"})
"""Types of fields that neither, no names and no numbers can be written into."""
_GRANT = "grant it to the account: the project's settings, Permissions"


class _Account(Shape):
    time_zone: str | None = None


class _Sample(Shape):
    id: str
    key: str

    @property
    def project(self) -> str:
        return self.key.rpartition("-")[0]


class _Found(Shape):
    issues: list[_Sample]


class _Permission(Shape):
    have_permission: bool | None = None


class _Permissions(Shape):
    permissions: dict[str, _Permission]


class _Meta(Shape):
    allowed_values: list[dict[str, Any]] | None = None

    @property
    def options(self) -> list[str]:
        """The values it allows by name; none where any is allowed."""
        return [word for value in self.allowed_values or () if isinstance(word := value_of(value), str)]


class _Screen(Shape):
    fields: dict[str, _Meta]


class Diagnosis:
    """One examination of one selection of issues."""

    def __init__(
        self, site: JiraSite, settings: JiraSettings, wanted: FieldNames, written: Written, *, now: datetime
    ) -> None:
        self._site = site
        self._settings = settings
        self._wanted = wanted
        self._written = written
        self._now = now
        self._sample: _Sample | None = None
        self._lacking: frozenset[str] = frozenset()
        self._unknown: frozenset[str] = frozenset()

    def findings(self) -> Iterator[Finding]:
        """Everything found."""
        written = self._written
        edits = written.labels or written.fields or written.priorities
        probes = [self._server, self._account, self._fields]
        probes += [self._board] if self._settings.board is not None else []
        probes += [self._priorities] if written.priorities else []
        probes += [self._selection, self._permissions]
        return examine([*probes, self._screen] if edits else probes)

    def _server(self) -> Iterator[Finding]:
        kind = "Cloud" if self._site.is_cloud else "Data Center"
        yield Finding("info", f"Jira {kind} {clean(self._site.version, 60)}".rstrip())

    def _account(self) -> Iterator[Finding]:
        response = self._site.ask("GET", "rest/api/2/myself")
        yield from clock_skew(response.headers, self._now)
        yield from _limits(response.headers)
        zone = response.json(_Account).time_zone
        if zone:
            yield Finding("info", f"the account's time zone is {clean(zone, 60)}: dates in its JQL are of that zone")

    def _fields(self) -> Iterator[Finding]:
        catalog = self._site.catalog
        for name in sorted(self._wanted.fields | self._written.fields.keys()):
            try:
                field = catalog.find(name)
            except RejectedError as error:
                yield failed(error)
                continue
            if name in self._written.fields:
                yield from _unfit(field, self._written.fields[name])

    def _board(self) -> Iterator[Finding]:
        _ = self._site.rank_field
        yield from ()

    def _priorities(self) -> Iterator[Finding]:
        known = [
            each.name for each in self._site.ask("GET", f"{self._site.api}/priority").json(list[Named]) if each.name
        ]
        self._unknown = frozenset(self._written.priorities).difference(known)
        for name in sorted(self._unknown):
            yield Finding(
                "error",
                f"no priority is named {name!r} on {self._site.host}{_nearest(name, known)}",
                "correct it under `write`, `priority`; names are those of the account's language",
            )

    def _selection(self) -> Iterator[Finding]:
        path = "search/jql" if self._site.is_cloud else "search"
        body = {"jql": in_fixed_order(self._settings.jql), "fields": ["summary"], "maxResults": 1}
        found = self._site.ask("POST", f"{self._site.api}/{path}", json=body, safe=True).json(_Found).issues
        if found:
            self._sample = found[0]
            return
        yield Finding(
            "warning",
            "the selection is empty, so that neither permissions in its projects nor their screens could be looked at",
            "check `jql`, and that the account may Browse Projects: Jira leaves out what it may not see",
        )

    def _permissions(self) -> Iterator[Finding]:
        keys = (*_PERMISSIONS, *_COMMENTING) if self._written.comment else _PERMISSIONS
        asked = {"permissions": ",".join(keys)} | ({"issueId": self._sample.id} if self._sample else {})
        answer = self._site.ask("GET", f"{self._site.api}/mypermissions", params=asked).json(_Permissions)
        self._lacking = frozenset(
            name for name, permission in answer.permissions.items() if permission.have_permission is False
        )
        written = self._written
        edits = bool(written.labels or written.fields or written.priorities)
        yield from self._missing("BROWSE_PROJECTS", "Browse Projects", "read")
        if edits:
            yield from self._missing("EDIT_ISSUES", "Edit Issues", "write to issues")
        if written.order:
            yield from self._missing("SCHEDULE_ISSUES", "Schedule Issues", "keep the order")
        for key, name in _COMMENTING.items() if written.comment else ():
            yield from self._missing(key, name, "keep one comment on each issue")
        if edits and not written.notify and self._lacking >= {"ADMINISTER", "ADMINISTER_PROJECTS"}:
            yield Finding(
                "warning",
                f"edits send mail in spite of notify: false: the account administers neither Jira nor {self._where}",
                "make it an administrator of the project (the project's settings, People), or accept the mail",
            )
        if edits and self._site.is_cloud and "BULK_CHANGE" in self._lacking:
            yield Finding(
                "info",
                "the account may not Bulk Change: each issue is written by itself, also where many get the same values",
                "grant it, if runs take long: Jira's administration, System, Global permissions",
            )

    @property
    def _where(self) -> str:
        return f"project {self._sample.project}" if self._sample else "a project"

    def _missing(self, key: str, name: str, to: str) -> Iterator[Finding]:
        if key in self._lacking:
            yield Finding("error", f"the account lacks the permission {name} in {self._where}, needed to {to}", _GRANT)

    def _screen(self) -> Iterator[Finding]:
        sample = self._sample
        if sample is None:
            return
        fields = self._site.ask("GET", f"{self._site.api}/issue/{sample.id}/editmeta").json(_Screen).fields
        if not fields:
            # Without the permission no field can be edited, and that was told.
            if "EDIT_ISSUES" not in self._lacking:
                told = f"nothing of {sample.key} can be edited in its status"
                yield Finding("error", told, "look at the workflow: the property jira.issue.editable of the status")
            return
        for name, id_, names in self._edited():
            meta = fields.get(id_)
            if meta is None:
                yield Finding(
                    "error",
                    f"the field {name!r} is not on the edit screen of {sample.key}",
                    "add it to the screen: Jira's administration, Issues, Screens, or the project's issue type",
                )
            else:
                yield from self._refused(name, meta, names)

    def _edited(self) -> Iterator[tuple[str, str, Collection[str]]]:
        """Each field that is edited: its name, its id, and the options it must allow; unknown ones were told."""
        if self._written.labels:
            yield "Labels", "labels", ()
        if self._written.priorities:
            yield "Priority", "priority", [name for name in self._written.priorities if name not in self._unknown]
        for name, names in self._written.fields.items():
            try:
                yield name, self._site.catalog.find(name).id, names
            except RejectedError:
                continue

    def _refused(self, name: str, meta: _Meta, names: Collection[str]) -> Iterator[Finding]:
        options = meta.options
        missing = [each for each in names if each not in options] if options else []
        if missing:
            yield Finding(
                "error",
                f"the field {name!r} does not allow {', '.join(map(repr, missing))} in {self._where}; it has "
                f"{', '.join(map(repr, options))}",
                "add them: Jira's administration, the field's options or the project's scheme of priorities",
            )


def _unfit(field: FieldInfo, names: Collection[str]) -> Iterator[Finding]:
    """Why a field cannot hold what is to be written: these names or, without any, numbers."""
    if field.type in _NEITHER or field.type in (_NO_NAMES if names else _NO_NUMBERS):
        wanted = "options or text" if names else "a number or text"
        yield Finding(
            "error",
            f"the field {field.name!r} holds values of the type {field.type}, and {wanted} would be written into it",
            "name another field, or make one: Jira's administration, Issues, Custom fields",
        )


def _limits(headers: Mapping[str, str]) -> Iterator[Finding]:
    """What is left of a limit, where Jira tells of one."""
    left, limit = (headers.get(f"X-RateLimit-{name}", "") for name in ("Remaining", "Limit"))
    what = f"{clean(left, 20)} of {clean(limit, 20)} requests are left for now"
    if headers.get("X-RateLimit-NearLimit", "").lower() == "true":
        told = what if left and limit else "less than a fifth of the limit is left for now"
        yield Finding("warning", told, "run later, or give this job an account of its own")
    elif left and limit:
        yield Finding("info", what)


def _nearest(name: str, names: Collection[str]) -> str:
    folded = {each.casefold(): each for each in names}
    near = [folded[each] for each in get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)]
    return f"; there is {', '.join(map(repr, near or names))}" if names else ""
