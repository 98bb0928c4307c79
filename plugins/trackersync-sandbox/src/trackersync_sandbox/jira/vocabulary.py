"""What the site's fields mean in JQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from trackersync_sandbox.jira.catalog import Field
from trackersync_sandbox.jira.complete import categories
from trackersync_sandbox.jira.jql.dates import midnight
from trackersync_sandbox.jira.jql.terms import (
    COMPARISON,
    CONTAINS,
    EQUALITY,
    Choice,
    Key,
    Moment,
    Number,
    Read,
    Resolution,
    Term,
    Text,
)
from trackersync_sandbox.jira.people import person_id
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket, milliseconds
from trackersync_sandbox.state import JSON


class Vocabulary:
    """The terms of a site, each made when it is first asked for."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._terms: dict[str, Term | None] = {}
        self._projects = 0

    def __call__(self, name: str) -> Term | None:
        """The term a query means by `name`; None where there is no such field."""
        if len(self._site.projects) != self._projects:
            # A project that came later can be named as well.
            self._projects = len(self._site.projects)
            self._terms.clear()
        field = self._site.catalog.by_clause(name)
        if field is None:
            return _text("text", _ALL_TEXT) if name.casefold() == "text" else None
        if field.id not in self._terms:
            self._terms[field.id] = self._system(field) if field.kind == "system" else self._custom(field)
        return self._terms[field.id]

    def _system(self, field: Field) -> Term | None:
        name, made = field.clauses[0], _SYSTEM.get(field.id)
        return made(self._site, field.id, name) if made else None

    def _custom(self, field: Field) -> Term:
        name, field_id = field.name, field.id
        match field.kind:
            case "number":
                return Number(name, _one(lambda fields: fields.get(field_id)), COMPARISON)
            case "rank":
                return Term(name, lambda ticket: (ticket.rank,), frozenset(), attrgetter("rank"))
            case "select":
                known = {option.casefold(): (option,) for option in field.options}
                return Choice(name, _one(lambda fields: _option(fields.get(field_id))), EQUALITY, known=known)
            case "labels" | "options" | "epic_link" | "choice" | "sprint":
                return Term(name, lambda ticket: _folded(ticket.fields.get(field_id)))
            case _:
                return _text(name, (field_id,))


_ALL_TEXT = ("summary", "description", "environment")


def _one(read: Callable[[JSON], Any]) -> Read:
    return lambda ticket: () if (value := read(ticket.fields)) is None else (value,)


def _option(value: Any) -> str | None:
    return str(value.get("value")) if isinstance(value, dict) else None


def _folded(value: Any) -> list[str]:
    """The words of a list of words, options or sprints, or of one."""
    parts = value if isinstance(value, list) else [value] if value else []
    return [_word(part).casefold() for part in parts]


def _word(part: Any) -> str:
    return str(part.get("value") or part.get("name")) if isinstance(part, dict) else str(part)


def _text(name: str, fields: tuple[str, ...]) -> Term:
    def read(ticket: Ticket) -> list[str]:
        return [str(ticket.fields[field]) for field in fields if ticket.fields.get(field)]

    return Text(name, read, CONTAINS)


def _comment(_site: Site, _field: str, name: str) -> Term:
    def read(ticket: Ticket) -> list[str]:
        return [str(comment.get("body", "")) for comment in ticket.fields.get("comment", {}).get("comments", ())]

    return Text(name, read, CONTAINS)


def _words(_site: Site, field: str, name: str) -> Term:
    return _text(name, (field,))


def _choice(site: Site, field: str, name: str) -> Term:
    def read(ticket: Ticket) -> list[str]:
        value = ticket.fields.get(field)
        return [part["id"] for part in (value if isinstance(value, list) else [value] if value else [])]

    def sorting(ticket: Ticket) -> str | None:
        value = ticket.fields.get(field)
        first = value[0] if isinstance(value, list) and value else value
        return str(first["name"]).casefold() if first else None

    kind = Resolution if field == "resolution" else Choice
    return kind(name, read, EQUALITY, sorting, site.names(field))


def _project(site: Site, _field: str, name: str) -> Term:
    known = {
        str(called).casefold(): (key,)
        for key, project in site.projects.items()
        for called in (key, project["id"], project.get("name", key))
    }
    return Choice(name, lambda ticket: (ticket.project,), EQUALITY, known=known)


def _priority(site: Site, _field: str, name: str) -> Term:
    known = {entry[called].casefold(): (entry["id"],) for called in ("id", "name") for entry in site.priorities}
    pressing = {entry["id"]: -place for place, entry in enumerate(site.priorities)}
    read = _one(lambda fields: fields["priority"]["id"] if "priority" in fields else None)
    return Choice(name, read, EQUALITY, lambda ticket: next(map(pressing.get, read(ticket)), None), known)


def _category(_site: Site, _field: str, name: str) -> Term:
    known = {
        str(entry[called]).casefold(): (entry["key"],) for entry in categories() for called in ("id", "key", "name")
    }
    place = {entry["key"]: number for number, entry in enumerate(categories())}

    def read(ticket: Ticket) -> tuple[str]:
        return (ticket.fields["status"]["statusCategory"]["key"],)

    return Choice(name, read, EQUALITY, lambda ticket: place[read(ticket)[0]], known)


def _user(site: Site, field: str, name: str) -> Term:
    def sorting(ticket: Ticket) -> str | None:
        value = ticket.fields.get(field)
        return str(value["displayName"]).casefold() if value else None

    read = _one(lambda fields: person_id(fields[field]) if field in fields else None)
    return Choice(name, read, EQUALITY, sorting, site.names(field))


def _count(inner: str) -> Callable[[Site, str, str], Term]:
    def made(_site: Site, field: str, name: str) -> Term:
        return Number(name, _one(lambda fields: fields[field][inner] if field in fields else None), COMPARISON)

    return made


def _known_moment(attribute: str) -> Callable[[Site, str, str], Term]:
    read = attrgetter(attribute)
    return lambda _site, _field, name: Moment(name, lambda ticket: (read(ticket),), COMPARISON)


def _moment(_site: Site, field: str, name: str) -> Term:
    return Moment(name, _one(lambda fields: milliseconds(fields[field]) if field in fields else None), COMPARISON)


def _due(_site: Site, field: str, name: str) -> Term:
    return Moment(name, _one(lambda fields: midnight(fields[field]) if field in fields else None), COMPARISON)


def _labels(_site: Site, field: str, name: str) -> Term:
    return Term(name, lambda ticket: [label.casefold() for label in ticket.fields.get(field, ())])


def _key(_site: Site, _field: str, _name: str) -> Term:
    return Key("key", lambda ticket: (ticket.id,), COMPARISON, lambda ticket: (ticket.project, ticket.number))


def _parent(_site: Site, field: str, name: str) -> Term:
    return Key(name, _one(lambda fields: int(fields[field]["id"]) if field in fields else None), EQUALITY)


_SYSTEM: Mapping[str, Callable[[Site, str, str], Term]] = {
    "issuekey": _key,
    "parent": _parent,
    "project": _project,
    "status": _choice,
    "statusCategory": _category,
    "issuetype": _choice,
    "priority": _priority,
    "resolution": _choice,
    "components": _choice,
    "versions": _choice,
    "fixVersions": _choice,
    "labels": _labels,
    "assignee": _user,
    "reporter": _user,
    "creator": _user,
    "created": _known_moment("created"),
    "updated": _known_moment("updated"),
    "resolutiondate": _moment,
    "duedate": _due,
    "summary": _words,
    "description": _words,
    "environment": _words,
    "comment": _comment,
    "votes": _count("votes"),
    "watches": _count("watchCount"),
}
