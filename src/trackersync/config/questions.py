"""What to ask of somebody who has no file yet, and what the answers come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from msgspec import Struct
from pydantic import BaseModel, ValidationError

from trackersync.config.starter import usual_field
from trackersync.connector import InputKind, Offers, Source


class Question(Struct, frozen=True):
    """One setting to be asked for."""

    key: str
    doc: str
    default: str | None
    """None: there is none."""
    required: bool


def questions(source: type[Source]) -> list[Question]:
    """The settings that have to be given, and those that the connector wants asked, in their own order."""
    found = []
    for key, info in source.Settings.model_fields.items():
        if info.is_required() or key in source.asked:
            default = info.default if isinstance(info.default, str) else None
            found.append(Question(key, info.description or "", default, info.is_required()))
    return found


class Answered(Struct, frozen=True):
    """The settings that answers come to or, by key, why they do not."""

    settings: BaseModel | None
    faults: Mapping[str, str]


def settings_of(source: type[Source], answers: Mapping[str, Any], folder: Path) -> Answered:
    """The tracker's section; what concerns no single key is told under an empty one."""
    try:
        return Answered(source.Settings.model_validate(dict(answers), context={"folder": folder}), {})
    except ValidationError as failure:
        errors = failure.errors(include_url=False, include_input=False)
        return Answered(None, {str(next(iter(error["loc"]), "")): str(error["msg"]) for error in errors})


Place = tuple[InputKind, str]
"""Where a tracker keeps an input: the kind, and the field's name or the pattern of labels."""


def places(offers: Offers) -> list[Place]:
    """Every field that could hold an input."""
    return [(kind, name) for kind, names in offers.fields.items() for name in names]


def likely_place(name: str, offered: Sequence[Place], able: frozenset[InputKind]) -> Place | None:
    """Where an input of this name is most likely kept: in the field that is called so, else in labels."""
    by_name = {_plain(place[1]): place for place in offered}
    for wanted in (_plain(usual_field(name)), _plain(name)):
        if wanted in by_name:
            return by_name[wanted]
    return ("label", f"{name}/{{value}}") if "label" in able else None


def place_meant(said: str, offered: Sequence[Place], able: frozenset[InputKind], *, known: bool) -> Place | None:
    """What somebody means by a number in the list, a field's name or a pattern of labels; None: none of them.

    Where the fields are not `known`, any name may be one.
    """
    if said.isdecimal() and 0 < int(said) <= len(offered):
        return offered[int(said) - 1]
    if "{value}" in said:
        return ("label", said) if "label" in able else None
    found = next((place for place in offered if _plain(place[1]) == _plain(said)), None)
    kind = next((each for each in ("field", "project_field") if each in able), None)
    return (kind, said) if found is None and kind and not known else found


def nearest_place(said: str, offered: Sequence[Place]) -> str | None:
    """The field that is called nearly so."""
    names = {_plain(name): name for _, name in offered}
    return next((names[near] for near in get_close_matches(_plain(said), names, n=1)), None)


def _plain(name: str) -> str:
    return name.strip().replace("_", " ").casefold()
