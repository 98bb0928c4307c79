"""A site's fields by name: which ids to ask for, what can be written into them, what is asked for in vain; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from trackersync.errors import InvalidResponseError, RejectedError

_ESTIMATES = frozenset({"story points", "story point estimate"})
_EPIC_LINK = "com.pyxis.greenhopper.jira:gh-epic-link"
_SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
_TEXT_AREA = ":textarea"
_TEXTS = frozenset({"description", "environment"})
_CUSTOM = "customfield_"
_SCALARS = frozenset({"number", "option"})
_ID = re.compile(r"[A-Za-z]\w*", re.ASCII)
"""Every id that Jira gives a field is a word; by anything else none could be asked for."""


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field of a site; `type` and `items` are Jira's words for its schema."""

    id: str
    name: str
    type: str = ""
    items: str = ""
    custom: str = ""

    @property
    def is_text_area(self) -> bool:
        """Whether it holds several lines, which Cloud's REST v3 exchanges as a document."""
        return self.custom.endswith(_TEXT_AREA)


class FieldCatalog:
    """All fields of a site that this account may see."""

    def __init__(self, fields: Iterable[FieldInfo], *, tracker: str, host: str) -> None:
        self._fields = tuple(fields)
        self._tracker = tracker
        self._host = host

    @classmethod
    def of(cls, answer: Any, *, tracker: str, host: str) -> FieldCatalog:
        """Read what `/rest/api/2/field` answered."""
        if not isinstance(answer, list) or not all(isinstance(entry, dict) and entry.get("id") for entry in answer):
            raise InvalidResponseError(
                f"{host} did not answer with a list of its fields",
                hint="check that the address is Jira's, and that no proxy or log-in page answers in its place",
                tracker=tracker,
                host=host,
            )
        return cls(
            (_field_info(entry) for entry in answer if _ID.fullmatch(str(entry["id"]))), tracker=tracker, host=host
        )

    def find(self, name: str) -> FieldInfo:
        """The field of this name, told apart without regard to case, or of this id (`customfield_10016`).

        Raises RejectedError where there is none, naming the nearest, and where several share the name.
        """
        for field in self._fields:
            if field.id == name:
                return field
        found = [field for field in self._fields if field.name.casefold() == name.casefold()]
        if len(found) == 1:
            return found[0]
        raise self._several(name, found) if found else self._missing(name)

    def ids(self, names: Collection[str]) -> Mapping[str, str]:
        """The id of each of these names, as they were given."""
        return {name: self.find(name).id for name in sorted(names)}

    @property
    def scalars(self) -> tuple[str, ...]:
        """The names, each of one field alone, of the custom fields that hold a number or an option."""
        found = [field.name for field in self._fields if field.id.startswith(_CUSTOM) and field.type in _SCALARS]
        return tuple(sorted(name for name in found if found.count(name) == 1))

    @property
    def estimates(self) -> tuple[str, ...]:
        """The ids of the fields that hold story points; projects managed by a team have one of their own."""
        return tuple(field.id for field in self._fields if field.name.casefold() in _ESTIMATES)

    @property
    def epic_links(self) -> tuple[str, ...]:
        """The ids of Data Center's field for the epic, which Cloud shows as the parent."""
        return tuple(field.id for field in self._fields if field.custom == _EPIC_LINK)

    @property
    def sprints(self) -> tuple[str, ...]:
        """The ids of the field that holds an issue's sprints; a site without Jira Software has none."""
        return tuple(field.id for field in self._fields if field.custom == _SPRINT)

    def text_areas(self, names: Collection[str]) -> tuple[str, ...]:
        """The ids of those of these fields that hold several lines."""
        found = map(self.find, sorted(names))
        return tuple(field.id for field in found if field.is_text_area or field.id in _TEXTS)

    def _missing(self, name: str) -> RejectedError:
        folded = {field.name.casefold(): field.name for field in self._fields}
        nearest = [folded[near] for near in get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)]
        return RejectedError(
            f"no field named {name!r} on {self._host}" + (f"; there is {_listed(nearest)}" if nearest else ""),
            hint="correct the name, or let the account see the field; names are those of the account's language",
            tracker=self._tracker,
            host=self._host,
        )

    def _several(self, name: str, found: Collection[FieldInfo]) -> RejectedError:
        return RejectedError(
            f"{len(found)} fields are named {name!r} on {self._host}: {', '.join(field.id for field in found)}",
            hint="write the id of the one you mean in place of the name",
            tracker=self._tracker,
            host=self._host,
        )


def _field_info(entry: Mapping[str, Any]) -> FieldInfo:
    schema = entry.get("schema")
    about = schema if isinstance(schema, dict) else {}
    return FieldInfo(
        id=str(entry["id"]),
        name=str(entry.get("name") or entry["id"]),
        type=str(about.get("type") or ""),
        items=str(about.get("items") or ""),
        custom=str(about.get("custom") or ""),
    )


def _listed(names: Collection[str]) -> str:
    return ", ".join(repr(name) for name in names)
