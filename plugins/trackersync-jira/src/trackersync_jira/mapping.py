"""From Jira's issues to the one model; pure."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from trackersync.errors import InvalidResponseError
from trackersync.links import stated_links
from trackersync.model import Direction, Issue, IssueRef, Link, Person, StateCategory, Value
from trackersync.transport.words import clean
from trackersync_jira import wiki
from trackersync_jira.adf import is_document, plain_text
from trackersync_jira.shapes import SYSTEM_FIELDS, Fields, IssueLink, Linked, RawIssue, Status, User, Version
from trackersync_jira.sprints import Sprint, current, over, sprints_of
from trackersync_jira.values import value_of

_CATEGORIES = {
    "new": StateCategory.TODO,
    "indeterminate": StateCategory.IN_PROGRESS,
    "done": StateCategory.DONE,
    "to do": StateCategory.TODO,
    "in progress": StateCategory.IN_PROGRESS,
}
"""By key, which is fixed, and by English name, for the few servers that leave the key out."""
_KINDS = {"relates": "relates", "duplicate": "duplicates", "cloners": "clones"}
"""Our words for Jira's own link types; any other keeps its name."""
_LONGEST_PROPERTY = 1000
"""Characters of a property's JSON that are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What to ask of every issue, and how to name what comes."""

    tracker: str
    site: str
    """The address under which people see issues."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Ids of the wanted fields by their names in the configuration."""
    estimates: tuple[str, ...] = ()
    """Ids of story point fields; the first that holds something counts."""
    epics: tuple[str, ...] = ()
    """Ids of Data Center's fields for the epic."""
    rank: str | None = None
    """Id of the field that holds the board's LexoRank."""
    sprints: tuple[str, ...] = ()
    """Ids of the fields that hold sprints, where the rules use them."""
    on_demand: tuple[str, ...] = ()
    """Ids of the system fields besides that the rules use."""
    markup: tuple[str, ...] = ()
    """Ids of the wanted fields that hold wiki markup."""
    properties: tuple[str, ...] = ()
    """Keys of the wanted properties."""

    @property
    def custom(self) -> tuple[str, ...]:
        """The ids to ask for besides the system fields, each once."""
        rank = (self.rank,) if self.rank else ()
        ids = dict.fromkeys((*self.fields.values(), *self.estimates, *self.epics, *rank, *self.sprints))
        return tuple(id_ for id_ in ids if id_ not in SYSTEM_FIELDS)

    @property
    def ids(self) -> list[str]:
        """All field ids to ask for."""
        return list(dict.fromkeys((*SYSTEM_FIELDS, *self.on_demand, *self.custom)))


def to_issue(raw: RawIssue[Fields], reading: Reading) -> Issue:
    """One issue as the model has it; raises InvalidResponseError where Jira leaves out its dates."""
    fields = raw.fields
    body = _text(fields.description)
    links = tuple(_links(fields.issuelinks or ()))
    versions = fields.fixVersions or ()
    sprints = _sprints(fields, reading.sprints)
    sprint = current(sprints or ())
    return Issue(
        ref=IssueRef(reading.tracker, "jira", raw.id, raw.key),
        title=fields.summary or "",
        url=f"{reading.site}/browse/{raw.key}",
        state=_state(fields.status),
        state_category=_category(fields.status),
        created_at=_required(fields.created, raw, reading),
        updated_at=_required(fields.updated, raw, reading),
        closed_at=_moment(fields.resolutiondate),
        due_on=_day(fields.duedate),
        body=body,
        type=fields.issuetype.name.lower() if fields.issuetype and fields.issuetype.name else None,
        labels=tuple(fields.labels or ()),
        author=_person(fields.reporter or fields.creator),
        assignees=tuple(person for person in (_person(fields.assignee),) if person),
        milestone=next((version.name for version in versions if version.released is False), None),
        fix_versions=_names(versions),
        affects_versions=_names(fields.versions or ()),
        components=tuple(component.name for component in fields.components or () if component.name),
        estimate=_estimate(fields, reading.estimates),
        priority=fields.priority.name if fields.priority else None,
        votes=fields.votes.votes if fields.votes else None,
        watchers=fields.watches.watch_count if fields.watches else None,
        comments=fields.comment.total if fields.comment else None,
        links=tuple(dict.fromkeys((*links, *stated_links(body)))),
        parent=_parent(fields, reading.epics),
        sub_issues=None if fields.subtasks is None else len(fields.subtasks),
        sub_issues_open=None if fields.subtasks is None else sum(map(_is_open, fields.subtasks)),
        blocks_open=_open_blocks(fields.issuelinks, Direction.OUTWARD),
        blocked_by_open=_open_blocks(fields.issuelinks, Direction.INWARD),
        sprint=sprint.name if sprint else None,
        sprint_state=sprint.state if sprint else None,
        past_sprints=None if sprints is None else over(sprints),
        fields={name: _custom(fields, id_, reading) for name, id_ in reading.fields.items()},
        properties=_properties(raw.properties or {}, reading.properties),
        native_rank=rank_of(fields, reading.rank),
    )


def followed(issue: Issue, raw: RawIssue[Fields], reading: Reading) -> Issue:
    """The issue with what changes without an update of it."""
    properties = _properties(raw.properties or {}, reading.properties)
    return replace(issue, native_rank=rank_of(raw.fields, reading.rank), properties=properties)


def _text(description: object) -> str:
    """Cloud sends documents, Data Center wiki markup."""
    if is_document(description):
        return plain_text(description)
    return wiki.plain_text(description) if isinstance(description, str) else ""


def _custom(fields: Fields, id_: str, reading: Reading) -> Value:
    value = value_of(getattr(fields, id_))
    return wiki.plain_text(value) or None if id_ in reading.markup and isinstance(value, str) else value


def _properties(found: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Value]:
    """Those that are there. What is neither number nor text some app keeps for itself: told as the JSON that it is."""
    return {key: _kept(found[key]) for key in keys if found.get(key) is not None}


def _kept(value: Any) -> Value:
    if isinstance(value, str | int | float | bool):
        return value
    return clean(msgspec.json.encode(value).decode(errors="replace"), _LONGEST_PROPERTY)


def _names(versions: Iterable[Version]) -> tuple[str, ...]:
    return tuple(version.name for version in versions if version.name)


def _sprints(fields: Fields, ids: Sequence[str]) -> list[Sprint] | None:
    """None where the site has no such field, or nobody asked for it."""
    return [sprint for id_ in ids for sprint in sprints_of(getattr(fields, id_))] if ids else None


def _state(status: Status | None) -> str:
    return (status.name if status else None) or ""


def _category(status: Status | None) -> StateCategory:
    category = status.status_category if status else None
    if category is None:
        return StateCategory.TODO
    by_name = _CATEGORIES.get((category.name or "").lower(), StateCategory.TODO)
    return _CATEGORIES.get((category.key or "").lower(), by_name)


def _is_open(linked: Linked) -> bool:
    """What Jira does not tell the state of counts as open."""
    return _category(linked.fields.status if linked.fields else None) is not StateCategory.DONE


def _ends(link: IssueLink) -> tuple[Direction, Linked] | None:
    if link.outward_issue:
        return Direction.OUTWARD, link.outward_issue
    return (Direction.INWARD, link.inward_issue) if link.inward_issue else None


def _kind(link: IssueLink) -> str:
    """Link types can be renamed and added by every site, so the outward word tells a blocking one by whatever name."""
    name = (link.type.name if link.type else None) or "relates"
    outward = (link.type.outward if link.type else None) or ""
    if "blocks" in (name.lower(), outward.lower()):
        return "blocks"
    return _KINDS.get(name.lower(), name.lower())


def _links(links: Sequence[IssueLink]) -> Iterator[Link]:
    for link in links:
        end = _ends(link)
        if end and end[1].key:
            yield Link(_kind(link), end[0], f"jira:{end[1].key}")


def _open_blocks(links: Sequence[IssueLink] | None, direction: Direction) -> int | None:
    if links is None:
        return None
    ends = [_ends(link) for link in links if _kind(link) == "blocks"]
    return sum(1 for end in ends if end and end[0] is direction and _is_open(end[1]))


def _parent(fields: Fields, epics: Sequence[str]) -> str | None:
    if fields.parent and fields.parent.key:
        return f"jira:{fields.parent.key}"
    keys = (value_of(getattr(fields, id_)) for id_ in epics)
    return next((f"jira:{key}" for key in keys if isinstance(key, str)), None)


def _estimate(fields: Fields, points: Sequence[str]) -> float | None:
    for id_ in points:
        value = getattr(fields, id_)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max:
            return float(value)
    return fields.timeoriginalestimate


def rank_of(fields: Fields, rank: str | None) -> str | None:
    """The place in the board's order, by the custom field that holds it."""
    value = getattr(fields, rank) if rank else None
    return value if isinstance(value, str) and value else None


def _person(user: User | None) -> Person | None:
    if user is None:
        return None
    id_ = account_id(user) or user.display_name
    return Person(id_, user.display_name or user.name or id_) if id_ else None


def account_id(user: User) -> str | None:
    """What tells this account from all others of the site."""
    return user.account_id or user.key or user.name


def _required(text: str | None, raw: RawIssue[Fields], reading: Reading) -> datetime:
    moment = _moment(text)
    if moment is None:
        raise InvalidResponseError(
            f"{raw.key} came without the time it was created or last updated",
            hint="the account must see the fields Created and Updated",
            tracker=reading.tracker,
            ref=f"jira:{raw.key}",
        )
    return moment


def _moment(text: str | None) -> datetime | None:
    """`2011-04-17T01:50:05.000+0000` in UTC; None for what is no such time."""
    try:
        moment = datetime.fromisoformat(text or "")
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
