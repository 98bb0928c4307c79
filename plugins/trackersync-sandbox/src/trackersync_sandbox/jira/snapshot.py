"""The state of a site as JSON that is the same for equal states: names instead of ids, and no times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackersync_sandbox.jira import adf
from trackersync_sandbox.jira.catalog import Catalog
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket
from trackersync_sandbox.state import JSON

_AS_THEY_ARE = ("summary", "description", "environment", "duedate")
_NAMED = ("status", "resolution", "priority", "issuetype", "components", "versions", "fixVersions")
_WORDS = ("value", "displayName", "name")
"""Where an option, a person, and a sprint, version or project keep the word people know them by."""
_PEOPLE = ("assignee", "reporter")


def site_as_json(site: Site) -> JSON:
    """Issues by key, and the order of work as keys: a rank's digits may differ where the order is the same."""
    issues = {ticket.key: _issue(ticket, site.catalog) for ticket in site}
    return {"issues": issues, "order": [ticket.key for ticket in site.ordered()]}


def _issue(ticket: Ticket, catalog: Catalog) -> JSON:
    fields = ticket.fields
    shown = {name: fields.get(name) for name in _AS_THEY_ARE}
    shown |= {name: _shown(fields.get(name), "name") for name in _NAMED}
    shown |= {name: _shown(fields.get(name), "displayName") for name in _PEOPLE}
    return {
        **shown,
        "labels": sorted(fields.get("labels", ())),
        "votes": fields.get("votes", {}).get("votes"),
        "watches": fields.get("watches", {}).get("watchCount"),
        "parent": _shown(fields.get("parent"), "key"),
        "properties": ticket.properties,
        "comments": [_said(said) for said in fields.get("comment", {}).get("comments", ())],
        "links": sorted(map(_link, fields["issuelinks"])),
        "fields": {field.name: _custom(fields[field.id]) for field in catalog if field.custom and field.id in fields},
    }


def _shown(value: Any, key: str) -> Any:
    if isinstance(value, list):
        return [part[key] for part in value]
    return value[key] if value else None


def _link(link: Mapping[str, Any]) -> list[str]:
    way = "inward" if "inwardIssue" in link else "outward"
    return [link["type"].get(way, link["type"]["name"]), link.get(f"{way}Issue", {}).get("key", "")]


def _said(comment: Mapping[str, Any]) -> JSON:
    body = comment.get("body")
    return {
        "author": _shown(comment.get("author"), "displayName"),
        "body": adf.to_text(body) if adf.is_document(body) else body,
    }


def _custom(value: Any) -> Any:
    if isinstance(value, list):
        return [_custom(part) for part in value]
    return next((value[key] for key in _WORDS if key in value), value) if isinstance(value, dict) else value
