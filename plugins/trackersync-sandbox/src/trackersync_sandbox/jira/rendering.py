"""Issues as the API answers them: the fields that were asked for, in the version that was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from trackersync_sandbox.jira import adf, sprints
from trackersync_sandbox.jira.address import address
from trackersync_sandbox.jira.catalog import RANK, Catalog
from trackersync_sandbox.jira.people import person
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket
from trackersync_sandbox.state import JSON

Version = Literal["2", "3"]

_EXPAND = "operations,versionedRepresentations,editmeta,changelog,renderedFields"
_NO_FIELDS = frozenset({"id", "key", "issuekey"})
_ABSENT = frozenset({"issuekey", "statusCategory"})
_STUB = ("summary", "status", "priority", "issuetype")


def wanted_fields(asked: Sequence[str], catalog: Catalog, *, default: str) -> tuple[str, ...]:
    """The ids of the fields meant by a `fields` parameter; unknown ones are passed over, as Jira does.

    `asked` may hold commas, `*all`, `*navigable` and `-name`; `default` is what nothing but exclusions means.
    """
    names = names_in(asked)
    removed = {name[1:] for name in names if name.startswith("-")}
    added = [name for name in names if not name.startswith("-")] or [default]
    found: dict[str, None] = {}
    for name in added:
        for field in catalog if name.startswith("*") else filter(None, [catalog.get(name)]):
            if field.id not in _ABSENT and field.id not in removed and (name != "*navigable" or field.navigable):
                found[field.id] = None
    return tuple(found)


def only_identity(asked: Sequence[str]) -> bool:
    """Whether nothing but id and key was asked for: then a page may hold up to 5,000 issues."""
    return all(name.strip() in _NO_FIELDS for part in asked for name in part.split(","))


def names_in(asked: Sequence[str]) -> list[str]:
    """The names in parameters that may hold commas."""
    return [name.strip() for part in asked for name in part.split(",") if name.strip()]


def issue(ticket: Ticket, fields: Sequence[str], site: Site, version: Version, properties: Sequence[str] = ()) -> JSON:
    """An `IssueBean` with these fields, null where empty; without any it has no `fields` at all.

    And with these properties, as far as it has them.
    """
    found: JSON = {
        "expand": _EXPAND,
        "id": str(ticket.id),
        "self": address(f"issue/{ticket.id}"),
        "key": ticket.key,
    }
    if fields:
        found["fields"] = {name: _value(ticket, name, site, version) for name in fields}
    if properties:
        found["properties"] = {key: ticket.properties[key] for key in properties if key in ticket.properties}
    return found


def _value(ticket: Ticket, name: str, site: Site, version: Version) -> Any:
    if name == RANK:
        return ticket.rank
    value = ticket.fields.get(name)
    if value is not None and name.startswith("customfield_"):
        return _custom(name, value, site, version)
    rendered = _RENDERED.get(name)
    return rendered(value, site, version) if rendered and value is not None else value


def _custom(name: str, value: Any, site: Site, version: Version) -> Any:
    """People and texts of several lines differ by deployment and version, as the system's own do."""
    field = site.catalog.get(name)
    match field.kind if field else None:
        case "text_area":
            return _rich(value, version)
        case "user":
            return person(value, site.deployment)
        case "users":
            return [person(each, site.deployment) for each in value]
        case "sprint":
            return sprints.told(value, site.deployment)
        case _:
            return value


def _rich(text: Any, version: Version) -> Any:
    return adf.to_document(text) if version == "3" and isinstance(text, str) else text


def comment(said: JSON, version: Version, *, properties: bool = False) -> JSON:
    """One comment, in words or as a document; with what apps keep on it only where that is asked for."""
    words = said.get("body")
    shown = said | {"body": adf.to_text(words) if version == "2" and adf.is_document(words) else _rich(words, version)}
    kept = shown.pop("properties", {})
    return shown | {"properties": [{"key": key, "value": kept[key]} for key in kept]} if properties else shown


def _comments(page: JSON, version: Version) -> JSON:
    return page | {"comments": [comment(said, version) for said in page["comments"]]}


def _link(link: JSON, site: Site) -> JSON:
    return link | {end: _stub(link[end], site) for end in ("inwardIssue", "outwardIssue") if end in link}


def _stub(given: JSON, site: Site) -> JSON:
    """Another issue, as it is now where it is loaded, else as the file told it."""
    ticket = site.find(given["id"]) or site.find(given["key"])
    if ticket is None:
        return given | {"self": address(f"issue/{given['id']}")}
    fields = {name: ticket.fields[name] for name in _STUB if name in ticket.fields}
    return {"id": str(ticket.id), "key": ticket.key, "self": address(f"issue/{ticket.id}"), "fields": fields}


_RENDERED: Mapping[str, Callable[[Any, Site, Version], Any]] = {
    "description": lambda text, _site, version: _rich(text, version),
    "environment": lambda text, _site, version: _rich(text, version),
    "comment": lambda page, _site, version: _comments(page, version),
    "issuelinks": lambda links, site, _version: [_link(link, site) for link in links],
    "subtasks": lambda children, site, _version: [_stub(child, site) for child in children],
    "parent": lambda parent, site, _version: _stub(parent, site),
}
