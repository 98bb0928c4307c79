"""The emulated Jira site: its issues, their order, and what its fields can hold."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trackersync_sandbox.jira import lexorank
from trackersync_sandbox.jira.address import address
from trackersync_sandbox.jira.catalog import Catalog
from trackersync_sandbox.jira.index import Index
from trackersync_sandbox.jira.people import Deployment, person_id
from trackersync_sandbox.jira.ticket import Ticket, timestamp
from trackersync_sandbox.state import JSON, Clock, Mail

_FIRST_COMMENT = 1000000
"""Comments that are made here have ids above those of files."""
_MAX_RANK = 160
"""Characters of a rank at which Jira deals out all ranks anew."""

# From most to least pressing: the default scheme and the older ones that real sites still have.
_SEVERITY = (
    "Blocker", "Highest", "Critical", "High", "Major", "Medium", "Minor", "Low", "Trivial", "Lowest", "None",
)  # fmt: skip
_DEFAULT_PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")


@dataclass(frozen=True, slots=True)
class Board:
    """A board of one project."""

    id: int
    name: str
    project: JSON


class Site:
    """Everything the emulated Jira knows. `version` moves with every write."""

    def __init__(
        self,
        deployment: Deployment,
        catalog: Catalog,
        tickets: Sequence[Ticket],
        projects: Mapping[str, JSON],
        boards: Mapping[str, JSON],
        index: Index | None = None,
    ) -> None:
        """`boards` names boards by project key: `{"id": 12, "name": "Core"}`; other projects get the next free id."""
        self._index = index or Index(Clock(), 0)
        self.clock = self._index.clock
        self.deployment = deployment
        self.lacking: frozenset[str] = frozenset()
        """Permissions that the account does not have, and names of fields that are not on the edit screen.

        `EDIT_ISSUES@OPS` and `EDIT_ISSUES@CORE-7` are lacking in one project, and for one issue.
        """
        self.mail = Mail()
        self.catalog = catalog
        self.version = 0
        self._said = 0
        self._tickets = {ticket.id: ticket for ticket in tickets}
        self._by_key = {ticket.key: ticket for ticket in tickets}
        self._ordered = sorted((ticket.rank, ticket.id) for ticket in tickets)
        self._hidden: set[str] = set()
        self._last: dict[str, int] = {}
        """The highest number ever given in each project."""
        for ticket in tickets:
            self._last[ticket.project] = max(ticket.number, self._last.get(ticket.project, 0))
        self.projects = dict(projects)
        self.statuses = self._distinct("status", "id")
        self.resolutions = self._distinct("resolution", "id")
        self.priorities = _priorities(self._distinct("priority", "id").values())
        self.boards = _boards(self.projects, boards)

    def __iter__(self) -> Iterator[Ticket]:
        return iter(self._tickets.values())

    def lacks(self, permission: str, ticket: Ticket) -> bool:
        """Whether the account has no such permission for this issue."""
        places = (permission, f"{permission}@{ticket.project}", f"{permission}@{ticket.key}")
        return not self.lacking.isdisjoint(places)

    def find(self, id_or_key: str) -> Ticket | None:
        """The issue with this id or key, whatever the key's case."""
        if id_or_key.isdecimal() and len(id_or_key) < 20:  # noqa: PLR2004 - no id of Jira's is longer than 64 bits
            return self._tickets.get(int(id_or_key))
        return self._by_key.get(id_or_key.upper())

    def searched(self, *, fresh: Collection[int] = ()) -> list[Ticket]:
        """All issues as a search sees them; those whose ids are in `fresh` as they are now."""
        old = self._index.old(fresh=fresh)
        found = [old.pop(ticket.id, ticket) for ticket in self] if old else list(self)
        return found + list(old.values())

    def shown(self, found: Iterable[Ticket], *, fresh: Collection[int] = ()) -> list[Ticket]:
        """Issues found before as a search sees them now, without those that are gone."""
        old = self._index.old(fresh=fresh)
        return [seen for ticket in found if (seen := old.get(ticket.id) or self._tickets.get(ticket.id))]

    def is_hidden(self, id_or_key: str) -> bool:
        """Whether there is such an issue, which the account may not see."""
        return id_or_key.upper() in self._hidden

    def remove(self, ticket: Ticket, *, hidden: bool) -> None:
        """Deleted, or only `hidden`: nothing tells of it any more, not even the issues it is linked with."""
        self._index.changing(ticket)
        del self._ordered[self._place(ticket)]
        del self._tickets[ticket.id]
        names = [key for key, known in self._by_key.items() if known is ticket]
        for name in names:
            del self._by_key[name]
        if hidden:
            self._hidden |= {*names, str(ticket.id)}
        for other in self:
            if other.knows(ticket):
                self._index.changing(other)
                other.forget(ticket)
        self.version += 1

    def move(self, ticket: Ticket, project: str) -> None:
        """To the end of another project, made where it is not there; the old key goes on leading to the issue."""
        if project not in self.projects:
            number = str(90000 + len(self.projects))
            self.projects[project] = {"self": address(f"project/{number}"), "id": number, "key": project,
                                      "name": project}  # fmt: skip
            board = max(self.boards, default=0) + 1
            self.boards[board] = Board(board, f"{project} board", self.projects[project])
        self._index.changing(ticket)
        self._last[project] = self._last.get(project, 0) + 1
        ticket.key = f"{project}-{self._last[project]}"
        self._by_key[ticket.key] = ticket
        ticket.fields["project"] = self.projects[project]
        ticket.touch(self.clock.moment())
        self.version += 1

    def ordered(self) -> list[Ticket]:
        """All issues in the order of work."""
        return [self._tickets[ticket_id] for _, ticket_id in self._ordered]

    def rank(self, moving: Sequence[Ticket], anchor: Ticket, *, before: bool) -> None:
        """Put `moving`, in the order given, directly before or after `anchor`, which is none of them."""
        for ticket in moving:
            self._index.changing(ticket)
            del self._ordered[self._place(ticket)]
        place = self._place(anchor) + (not before)
        try:
            ranks = self._free(place, len(moving))
        except lexorank.NoRoomError:
            self._rebalance()
            ranks = self._free(place, len(moving))
        for ticket, rank in zip(moving, ranks, strict=True):
            ticket.rank = rank
        self._ordered[place:place] = [(ticket.rank, ticket.id) for ticket in moving]
        self.version += 1

    def write(self, ticket: Ticket, values: Mapping[str, Any]) -> bool:
        """Set fields by id, None clears; whether anything changed. Only then does the time of the last update move."""
        changed = {name: value for name, value in values.items() if ticket.fields.get(name) != value}
        if changed:
            self._index.changing(ticket)
        for name, value in changed.items():
            if value is None:
                ticket.fields.pop(name)
            else:
                ticket.fields[name] = value
        if changed:
            ticket.touch(self.clock.moment())
            self.version += 1
        return bool(changed)

    def keep(self, ticket: Ticket, values: Mapping[str, Any]) -> None:
        """Set properties by key, None deletes; that is no update of the issue."""
        self._index.changing(ticket)
        kept = ticket.properties | dict(values)
        ticket.properties = {key: value for key, value in kept.items() if value is not None}
        self.version += 1

    def comments(self, ticket: Ticket) -> JSON:
        """What was said on an issue, oldest first, as the field of that name holds it."""
        place = address(f"issue/{ticket.id}/comment")
        empty = {"comments": [], "self": place, "maxResults": 0, "total": 0, "startAt": 0}
        return ticket.fields.get("comment") or empty

    def say(self, ticket: Ticket, words: Any, author: JSON, properties: Mapping[str, Any]) -> JSON:
        """A new comment, with `words` as text or as a document."""
        self._said += 1
        number, now = str(_FIRST_COMMENT + self._said), timestamp(self.clock.moment())
        who = dict.fromkeys(("author", "updateAuthor"), author)
        said: JSON = {"self": address(f"issue/{ticket.id}/comment/{number}"), "id": number, "body": words, **who}
        said |= {"created": now, "updated": now, "jsdPublic": True, "properties": dict(properties)}
        self._discuss(ticket, [*self.comments(ticket)["comments"], said], more=1)
        return said

    def say_instead(self, ticket: Ticket, said: JSON, words: JSON | None) -> None:
        """Another comment in the place of one; None: it is deleted."""
        others = [words if one is said else one for one in self.comments(ticket)["comments"]]
        self._discuss(ticket, [one for one in others if one is not None], more=-(words is None))

    def _discuss(self, ticket: Ticket, comments: list[JSON], *, more: int) -> None:
        page = self.comments(ticket)
        total = page["total"] + more
        self.write(ticket, {"comment": page | {"comments": comments, "total": total, "maxResults": total}})

    def touch(self, ticket: Ticket) -> None:
        """An edit that changes nothing but the time of the last update."""
        self._index.changing(ticket)
        ticket.touch(self.clock.moment())
        self.version += 1

    def names(self, field: str) -> Mapping[str, frozenset[str]]:
        """Ids of the values of a field of shared objects (status, components …) by all that JQL may call them."""
        known: dict[str, set[str]] = {}
        for value in self._distinct(field, None).values():
            found = _identity(value)
            for name in _called(value):
                known.setdefault(str(name).casefold(), set()).add(found)
        return {name: frozenset(found) for name, found in known.items()}

    def priority(self, name_or_id: str, *, by: str) -> JSON | None:
        """The priority with this `name` or `id`."""
        return next((entry for entry in self.priorities if entry[by] == name_or_id), None)

    def _free(self, place: int, count: int) -> list[str]:
        """`count` ranks at this place in the order."""
        lower = self._ordered[place - 1][0] if place else None
        upper = self._ordered[place][0] if place < len(self._ordered) else None
        ranks = lexorank.spread(lower, upper, count)
        if max(map(len, ranks), default=0) > _MAX_RANK:
            raise lexorank.NoRoomError("the ranks have grown too long")
        return ranks

    def _place(self, ticket: Ticket) -> int:
        return bisect_left(self._ordered, (ticket.rank, ticket.id))

    def _rebalance(self) -> None:
        tickets = self.ordered()
        for ticket, rank in zip(tickets, lexorank.rebalanced(len(tickets), tickets[0].rank[0]), strict=True):
            ticket.rank = rank
        self._ordered = [(ticket.rank, ticket.id) for ticket in tickets]

    def _distinct(self, field: str, key: str | None) -> dict[str, JSON]:
        """The values of a field over all issues, each once, by `key` or by identity."""
        objects: dict[int, JSON] = {}
        for ticket in self:
            value = ticket.fields.get(field)
            for part in value if isinstance(value, list) else [value] if value else []:
                objects[id(part)] = part
        return {str(value[key]) if key else str(number): value for number, value in objects.items()}


def _identity(value: JSON) -> str:
    return person_id(value) if "displayName" in value else str(value["id"])


def _called(value: JSON) -> Iterator[str]:
    for key in ("id", "key", "name", "accountId", "displayName", "emailAddress"):
        if value.get(key):
            yield value[key]


def _priorities(found: Any) -> list[JSON]:
    """The priorities of the files and those of the default scheme, most pressing first, every name once."""
    by_name = {priority["name"]: priority for priority in found}
    taken = {priority["id"] for priority in by_name.values()}
    for number, name in enumerate(_DEFAULT_PRIORITIES, 1):
        if name not in by_name:
            free = str(number) if str(number) not in taken else str(10000 + number)
            by_name[name] = {"self": address(f"priority/{free}"), "id": free, "name": name}
    known = {name: place for place, name in enumerate(_SEVERITY)}
    return sorted(by_name.values(), key=lambda entry: (known.get(entry["name"], len(known)), entry["id"]))


def _boards(projects: Mapping[str, JSON], named: Mapping[str, JSON]) -> dict[int, Board]:
    boards = {board["id"]: Board(board["id"], board["name"], projects[key]) for key, board in named.items()}
    following = 12
    for key in sorted(projects.keys() - named.keys()):
        while following in boards:
            following += 1
        boards[following] = Board(following, f"{key} board", projects[key])
    return boards
