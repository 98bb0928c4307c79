"""Why the first question of a run was refused: the account may not ask it, or the server does not know what it asks."""

from __future__ import annotations

import re

from msgspec import Struct

from trackersync.connector import FieldNames
from trackersync.errors import ForbiddenError, RejectedError, TrackerError
from trackersync_github import documents
from trackersync_github.answers import Named
from trackersync_github.client import GitHubClient
from trackersync_github.on_demand import PULL_REQUESTS
from trackersync_github.settings import GitHubSettings

_NO_ACCESS = re.compile("not accessible by|required scopes", re.IGNORECASE)
"""How GitHub says that a kind of account lacks a permission or a scope, and not that an organisation wants a log-in."""
_FOR_PROJECT = "a classic token with the scope project, or a GitHub App with the organisation's permission Projects"
_FOR_FIELDS = "a classic token with the scope read:org, or a GitHub App with the permission that GitHub's error names"


class _Type(Struct):
    fields: list[Named]


class _Known(Struct):
    pulls: _Type | None = None
    repository: _Type | None = None
    projects: Named | None = None


def explain(error: TrackerError, client: GitHubClient, settings: GitHubSettings, wanted: FieldNames) -> None:
    """Give the refusal the way out; where the server lacks what the file wants, raise an error that names it."""
    if isinstance(error, ForbiddenError):
        if _NO_ACCESS.search(error.message) and (settings.project or wanted.fields):
            error.hint = needed(settings)
        return
    lacking = _lacking(client, settings, wanted)
    if lacking:
        raise RejectedError(
            f"this server does not know {' and '.join(lacking)}, which the file wants of it",
            hint=f"take {' and '.join(lacking.values())} of this tracker out of the file, or have the server upgraded",
            tracker=client.tracker,
            host=error.host,
            status=error.status,
        ) from error


def needed(settings: GitHubSettings) -> str:
    """What an account needs that cannot reach what is configured, by how it signs in."""
    what, way = ("Projects", _FOR_PROJECT) if settings.project else ("the organisation's issue fields", _FOR_FIELDS)
    if settings.app is not None:
        return f"grant the App the organisation's permission for {what}, and have the organisation accept that"
    return f"it needs {way}; a fine-grained token the same permission; the GITHUB_TOKEN of Actions never reaches {what}"


def _lacking(client: GitHubClient, settings: GitHubSettings, wanted: FieldNames) -> dict[str, str]:
    """What is wanted and unknown here, each with the key that wants it; asked, since versions tell it unreliably."""
    known = client.query(documents.KNOWN, {}, _Known)
    on_repository = {field.name for field in known.repository.fields} if known.repository else set()
    on_pull_requests = {field.name for field in known.pulls.fields} if known.pulls else set()
    lacking = {}
    if settings.project and known.projects is None:
        lacking["Projects (v2)"] = "`project`"
    if wanted.fields and documents.REPOSITORY_FIELDS not in on_repository:
        lacking["issue fields"] = "`issue_field`"
    if PULL_REQUESTS in wanted.columns and documents.CLOSES not in on_pull_requests:
        lacking["linked pull requests"] = f"`{PULL_REQUESTS}`"
    return lacking
