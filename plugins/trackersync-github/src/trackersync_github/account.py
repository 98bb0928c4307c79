"""What GitHub tells of an account in the headers of any answer: its scopes, how long the token lasts; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trackersync.connector import FieldNames
from trackersync.diagnosis import Finding, Written
from trackersync.transport.words import clean
from trackersync_github.settings import GitHubSettings

_SOON = timedelta(days=14)
_SCOPES = "X-OAuth-Scopes"
_EXPIRY = "GitHub-Authentication-Token-Expiration"
_VERSION = "X-GitHub-Enterprise-Version"


@dataclass(frozen=True, slots=True)
class Need:
    """What a run does, the scopes of a classic token of which one allows it, and another token's permission for it."""

    to: str
    scopes: tuple[str, ...]
    permission: str


def needs_of(settings: GitHubSettings, wanted: FieldNames, written: Written) -> list[Need]:
    """Everything a run does that a token has to be allowed; to read a public repository it has not."""
    needs = []
    kinds = {"labels": written.labels, "issue fields": written.fields, "comments": written.comment}
    if on_issues := [name for name, is_written in kinds.items() if is_written]:
        what = f"write {' and '.join(on_issues)}"
        needs.append(Need(what, ("repo", "public_repo"), "Issues: read and write"))
    if settings.project and (written.project_fields or written.order or written.add_to_project):
        needs.append(Need("write to the project", ("project",), "Projects: read and write"))
    elif settings.project:
        needs.append(Need("read the project", ("read:project", "project"), "Projects: read"))
    if wanted.fields:
        scopes = ("read:org", "write:org", "admin:org")
        needs.append(Need("read the organisation's issue fields", scopes, "the organisation's issue fields: read"))
    return needs


def scopes_of(headers: Mapping[str, str]) -> frozenset[str] | None:
    """The scopes of a classic token; None where it is another kind, which does not tell what it may do."""
    told = headers.get(_SCOPES)
    return None if told is None else frozenset(scope.strip() for scope in told.split(",")) - {""}


def lacking(needs: Sequence[Need], scopes: frozenset[str] | None) -> list[Need]:
    """What a classic token does not allow."""
    return [] if scopes is None else [need for need in needs if scopes.isdisjoint(need.scopes)]


def scope_findings(needs: Sequence[Need], scopes: frozenset[str] | None) -> Iterator[Finding]:
    """An error for each scope that is missing; of a token without scopes, what it will have to be allowed."""
    if scopes is None:
        if needs:
            asked = "; ".join(need.permission for need in needs)
            yield Finding(
                "info",
                f"this kind of token does not tell what it may do; needed are: {asked}",
                "compare that with the token's page in GitHub's settings, the App's permissions, or the workflow's "
                "`permissions:`; Projects and issue fields are permissions on the organisation",
            )
        return
    has = ", ".join(sorted(map(clean, scopes))) or "none"
    for need in lacking(needs, scopes):
        yield Finding(
            "error",
            f"the token lacks the scope {need.scopes[0]}, needed to {need.to}; it has {has}",
            "add it on GitHub: Settings, Developer settings, Personal access tokens, Tokens (classic)",
        )


def expiry_findings(headers: Mapping[str, str], now: datetime, *, kept: str) -> Iterator[Finding]:
    """When the token ends, where it ever does; a warning in the last fortnight. `kept` says where it is kept."""
    told = headers.get(_EXPIRY)
    if told is None:
        return
    ends = _moment(told)
    if ends is None:
        yield Finding("info", f"the token expires on {clean(told, 60)}")
        return
    days = max(0, (ends - now).days)
    left = "today" if days == 0 else f"in {days} day{'s' * (days > 1)}"
    soon = ends - now < _SOON
    yield Finding(
        "warning" if soon else "info",
        f"the token expires on {ends:%Y-%m-%d}, {left}",
        f"make a new one before, and put it into {kept}" if soon else "",
    )


def _moment(told: str) -> datetime | None:
    """GitHub writes `2026-12-24 18:00:00 UTC`, and `+0100` where the account has another time zone."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (UTC|[+-]\d{4})", told.strip())
    try:
        return (
            datetime.strptime(f"{found[1]} {found[2].replace('UTC', '+0000')}", "%Y-%m-%d %H:%M:%S %z")
            if found
            else None
        )
    except ValueError:
        return None


def version_findings(headers: Mapping[str, str]) -> Iterator[Finding]:
    """The version of an Enterprise Server; github.com has none."""
    if version := headers.get(_VERSION):
        yield Finding("info", f"GitHub Enterprise Server {clean(version, 60)}")
