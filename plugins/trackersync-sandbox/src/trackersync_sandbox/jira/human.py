"""Edits as a person in the browser makes them, by the names the person sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackersync_sandbox.jira.address import address
from trackersync_sandbox.jira.editing import KINDS, RefusedValueError, checked
from trackersync_sandbox.jira.people import person, person_id
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket, timestamp
from trackersync_sandbox.state import JSON, BadEditError

_SYSTEM = {"labels": "labels", "title": "summary", "body": "description", "priority": "priority"}
_JIRA_WORDS = {"summary": "title", "description": "body", "status": "state"}
_VISITOR = {"name": "visitor", "displayName": "Visitor"}
"""Who remarks."""
_KEYS = (*_SYSTEM, "state", "fields", "position", "comment", "remark")


def hand_edit(ticket: Ticket, values: Mapping[str, Any], site: Site, me: JSON) -> None:
    """Set what the person wants; all is checked before any is set. Raises BadEditError.

    The comment is that of the account, `me`. A custom field may be named among the `fields` or, as on the screen,
    beside the others.
    """
    values = _sorted_out(values, site)
    unknown = sorted(values.keys() - set(_KEYS))
    if unknown:
        raise BadEditError(f"a Jira issue has no {', '.join(unknown)}; it takes {', '.join(_KEYS)}")
    written: JSON = {}
    for key, value in values.items():
        if key in _SYSTEM:
            written[_SYSTEM[key]] = _value(_SYSTEM[key], _named(value) if key == "priority" else value, site)
    written |= _state(values["state"], site) if "state" in values else {}
    written |= _fields(values.get("fields", {}), site)
    place = _place(ticket, values["position"], site) if "position" in values else None
    own = _own_comment(ticket, site, me) if "comment" in values else None
    _check_words(values)
    if not site.write(ticket, written) and place is None:
        site.touch(ticket)
    if own is not None:
        words = values["comment"]
        site.say_instead(ticket, own, None if words is None else own | {"body": words})
    if "remark" in values:
        site.say(ticket, values["remark"], person(_VISITOR, site.deployment), {})
    if place is not None:
        site.rank([ticket], place[0], before=place[1])


def _sorted_out(values: Mapping[str, Any], site: Site) -> JSON:
    """Jira's own words as ours, and custom fields where they belong."""
    known = {_JIRA_WORDS.get(key, key): value for key, value in values.items()}
    custom = {key: known.pop(key) for key in list(known) if key not in _KEYS and site.catalog.custom_named(key)}
    fields = known.get("fields", {})
    return {**known, "fields": {**fields, **custom}} if custom and isinstance(fields, dict) else known


def _own_comment(ticket: Ticket, site: Site, me: JSON) -> JSON:
    comments: list[JSON] = site.comments(ticket)["comments"]
    for said in comments:
        if "author" in said and person_id(said["author"]) == person_id(me):
            return said
    raise BadEditError(f"jira:{ticket.key} has no comment of the account's")


def _check_words(values: Mapping[str, Any]) -> None:
    for key in ("comment", "remark"):
        deleted = key == "comment" and values.get(key) is None
        if key in values and not deleted and not (isinstance(values[key], str) and values[key].strip()):
            raise BadEditError(f"{key}: {values[key]!r} is no text")


def _value(field_id: str, value: Any, site: Site) -> Any:
    field = site.catalog.get(field_id)
    assert field is not None
    try:
        if field.kind == "select" and value is not None:
            value = {"value": value}
        return checked(field, value, site, "2")
    except RefusedValueError as exc:
        raise BadEditError(f"{field.name}: {exc}") from None


def _named(value: Any) -> JSON | None:
    return None if value is None else {"name": value}


def _fields(values: Any, site: Site) -> JSON:
    if not isinstance(values, dict):
        raise BadEditError("fields: not an object of field names and values")
    written = {}
    for name, value in values.items():
        field = site.catalog.custom_named(name)
        if field is None or field.kind not in KINDS:
            known = ", ".join(other.name for other in site.catalog if other.kind in KINDS)
            raise BadEditError(f"no field {name!r} that can be edited; there are {known}")
        written[field.id] = _value(field.id, value, site)
    return written


def _state(name: Any, site: Site) -> JSON:
    status = next((one for one in site.statuses.values() if one["name"].casefold() == str(name).casefold()), None)
    if status is None:
        raise BadEditError(f"no status {name!r}; there are {', '.join(one['name'] for one in site.statuses.values())}")
    if status["statusCategory"]["key"] != "done":
        return {"status": status, "resolution": None, "resolutiondate": None}
    done = next(iter(site.resolutions.values()), {"self": address("resolution/10000"), "id": "10000", "name": "Done"})
    now = site.clock.moment().replace(microsecond=0)
    return {"status": status, "resolution": done, "resolutiondate": timestamp(now)}


def _place(ticket: Ticket, position: Any, site: Site) -> tuple[Ticket, bool] | None:
    """The neighbour and the side of it where the issue comes to stand `position` places from the top of its project."""
    if not isinstance(position, int) or isinstance(position, bool) or position < 0:
        raise BadEditError(f"position: {position!r} is not a number from 0")
    others = [one for one in site.ordered() if one.project == ticket.project and one is not ticket]
    if not others:
        return None
    return (others[position], True) if position < len(others) else (others[-1], False)
