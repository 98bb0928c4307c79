"""Changes that take a request each: our comment, a property to delete, and properties where nothing else is edited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from trackersync.change import Change, Outcome, Status
from trackersync.model import Issue
from trackersync_jira.client import JiraSite
from trackersync_jira.comment_text import document_of, markup_of
from trackersync_jira.comments import MARK, OWN_COMMENT
from trackersync_jira.refusal import REFUSALS, status_of


def edit_of(changes: Sequence[Change]) -> list[Change]:
    """Of the changes of one issue, those that its one edit carries; of the others each takes a request of its own.

    An edit can set properties along with fields (OpenAPI of `PUT /issue/{issueIdOrKey}`), and delete none. That it
    takes properties alone is written nowhere, and alone they have a way without mail.
    """
    edited = any(change.target.kind not in ("property", "comment") for change in changes)
    return [change for change in changes if edited and _fits(change)]


def _fits(change: Change) -> bool:
    deletes = change.target.kind == "property" and change.after is None
    return change.target.kind != "comment" and not deletes


class ApartWriter:
    """Writes such changes, each by its request."""

    def __init__(self, site: JiraSite, *, notify: bool) -> None:
        self._site = site
        self._notify = notify

    def write(self, change: Change, issue: Issue) -> Outcome:
        """The outcome; what was sent and never answered is unknown and not sent again."""
        where = f"{self._site.api}/issue/{issue.ref.id}"
        try:
            if change.target.kind == "comment":
                self._say(change, f"{where}/comment", issue.native_ids.get(OWN_COMMENT))
            else:
                self._keep(change, f"{where}/properties/{quote(change.target.name, safe='')}")
        except REFUSALS as error:
            return Outcome(change, status_of(error), error.message)
        return Outcome(change, Status.APPLIED)

    def _keep(self, change: Change, place: str) -> None:
        if change.after is None:
            self._site.ask("DELETE", place)
        else:
            self._site.ask("PUT", place, json=change.after)

    def _say(self, change: Change, thread: str, own: str | None) -> None:
        if change.after is not None and own is None:
            mark = {"properties": [{"key": MARK, "value": True}]} if self._site.is_cloud else {}
            self._site.ask("POST", thread, json=self._body(change) | mark)
        elif change.after is not None:
            # Only Cloud can edit a comment without mail.
            quiet = self._site.is_cloud and not self._notify
            params = {"notifyUsers": "false"} if quiet else None
            self._site.ask("PUT", f"{thread}/{own}", params=params, json=self._body(change))
        elif own is not None:
            self._site.ask("DELETE", f"{thread}/{own}")

    def _body(self, change: Change) -> dict[str, Any]:
        text = str(change.after)
        return {"body": document_of(text) if self._site.is_cloud else markup_of(text)}
