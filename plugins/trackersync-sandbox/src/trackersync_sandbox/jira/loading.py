"""Builds the site from issues in the API's form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from trackersync_sandbox.jira import adf, lexorank
from trackersync_sandbox.jira.address import address
from trackersync_sandbox.jira.catalog import Catalog
from trackersync_sandbox.jira.complete import Completion
from trackersync_sandbox.jira.index import Index
from trackersync_sandbox.jira.people import Deployment
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket, milliseconds
from trackersync_sandbox.source import Backlog
from trackersync_sandbox.state import JSON


def is_open(issue: JSON) -> bool:
    """Whether an issue, as the API gives it, is not done."""
    try:
        return bool((issue["fields"]["status"].get("statusCategory") or {}).get("key") != "done")
    except (KeyError, TypeError, AttributeError) as exc:
        raise _not_an_issue(issue, exc) from exc


def site_of(backlog: Backlog, deployment: Deployment, index: Index) -> Site:
    """The site that starts with these issues. Raises ValueError for a file that holds no Jira issues."""
    catalog = Catalog(epic_link=deployment == "data_center")
    completion = Completion(deployment)
    tickets: dict[int, Ticket] = {}
    for project, issues in backlog.issues.items():
        for issue in issues:
            ticket = _ticket(issue, project, catalog, completion)
            tickets[ticket.id] = ticket
    _rank_missing(tickets.values())
    _know_relatives(tickets.values())
    projects = _projects(tickets.values(), backlog.issues)
    return Site(deployment, catalog, list(tickets.values()), projects, backlog.board.get("boards", {}), index)


def _ticket(issue: JSON, project: str, catalog: Catalog, completion: Completion) -> Ticket:
    try:
        key, given = str(issue["key"]), issue["fields"]
        if key.rpartition("-")[0] != project:
            raise ValueError(f"issue {key} is not of project {project}, under which its file was given")
        rank = next((given[name] for name in given if lexorank.is_rank(given[name])), "")
        own = {name: value for name, value in given.items() if not lexorank.is_rank(value)}
        catalog.discover(own)
        fields = completion.fields(key, own)
        created, updated = milliseconds(fields["created"]), milliseconds(fields["updated"])
        return Ticket(int(issue["id"]), key, _typed(fields, catalog), created, updated, rank)
    except (KeyError, TypeError, AttributeError) as exc:
        raise _not_an_issue(issue, exc) from exc


def _not_an_issue(issue: JSON, why: Exception) -> ValueError:
    return ValueError(f"not an issue as Jira's API gives it: {issue.get('key', '?')}: {why!r}")


def _projects(tickets: Iterable[Ticket], keys: Iterable[str]) -> dict[str, JSON]:
    """The projects by key; one whose file is empty is there all the same."""
    found = {ticket.project: ticket.fields["project"] for ticket in tickets}
    for place, key in enumerate(keys):
        number = str(90000 + place)
        found.setdefault(key, {"self": address(f"project/{number}"), "id": number, "key": key, "name": key})
    return found


def _typed(fields: JSON, catalog: Catalog) -> JSON:
    """Selects as options with ids, numbers as Jira keeps them; a file may give an option by its bare name."""
    for name, value in fields.items():
        field = catalog.get(name) if name.startswith("customfield_") else None
        if field is not None and field.kind == "number":
            fields[name] = float(value)
        elif field is not None and field.kind == "select":
            fields[name] = option(field.id, value if isinstance(value, str) else value["value"], catalog)
        elif field is not None and field.kind == "text_area" and adf.is_document(value):
            fields[name] = adf.to_text(value)
    return fields


def option(field_id: str, value: str, catalog: Catalog) -> JSON:
    """One of a select's values as the API gives it. Raises KeyError where there is none."""
    field = catalog.get(field_id)
    if field is None or value not in field.options:
        raise KeyError(value)
    found = field.option_id(value)
    return {"self": address(f"customFieldOption/{found}"), "value": value, "id": found}


def _rank_missing(tickets: Iterable[Ticket]) -> None:
    """Issues without a rank, and all but the first of those with the same, come last in the order of the file."""
    taken: set[str] = set()
    missing = []
    for ticket in tickets:
        if not ticket.rank or ticket.rank in taken:
            missing.append(ticket)
        else:
            taken.add(ticket.rank)
    last = max(taken, default=None)
    for ticket, rank in zip(missing, lexorank.spread(last, None, len(missing)), strict=True):
        ticket.rank = rank


def _know_relatives(tickets: Iterable[Ticket]) -> None:
    """A file may name other issues by key alone; where they are loaded too, their id is known."""
    ids = {ticket.key: str(ticket.id) for ticket in tickets}
    for ticket in tickets:
        for stub in relatives(ticket.fields):
            stub["id"] = ids.get(stub["key"], stub["id"])


def relatives(fields: Mapping[str, Any]) -> Iterable[JSON]:
    """The other issues that stand in this one: at the ends of links, the parent, the sub-tasks."""
    for link in fields.get("issuelinks", ()):
        yield from (link[end] for end in ("inwardIssue", "outwardIssue") if end in link)
    if "parent" in fields:
        yield fields["parent"]
    yield from fields.get("subtasks", ())
