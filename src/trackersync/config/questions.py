"""What to ask of somebody who has no file yet, and what the answers come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from msgspec import Struct
from pydantic import BaseModel, ValidationError

from trackersync.config.sampling import Held, Place
from trackersync.config.starter import usual_field, yaml
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


def places(offers: Offers) -> list[Place]:
    """Every field that could hold an input."""
    return [(kind, name) for kind, names in offers.fields.items() for name in names]


def likely_places(framework: str, name: str, offered: Sequence[Place], able: frozenset[InputKind]) -> list[Place]:
    """Where an input of this name may be kept, the likeliest first: in a field that is called so, else in labels.

    The last are labels that no other method uses: those of the input's name alone may hold words of another scale.
    """
    wanted = dict.fromkeys((_plain(usual_field(name)), _plain(name)))
    named = [place for each in wanted for place in offered if _plain(place[1]) == each]
    prefixes = (name, f"{framework}-{name}") if "label" in able else ()
    return [*named, *(("label", f"{prefix}/{{value}}") for prefix in prefixes)]


def best_place(likely: Sequence[Place], holding: Mapping[Place, Held]) -> Place | None:
    """The place that most issues have it at; never one that holds something else. None: there is none."""
    usable = [place for place in likely if place not in holding or not holding[place].foreign]
    enough = [place for place in usable if place in holding and holding[place].enough]
    some = [place for place in usable if place in holding and holding[place].fit]
    return next(iter([*enough, *some, *usable]), None)


def place_text(place: tuple[str, str]) -> str:
    """`project field Reach`, `label impact/{value}`."""
    return f"{place[0].replace('_', ' ')} {place[1]}"


def assumption(tracker: str, holding: Held | None) -> str:
    """Why an input is not known to be kept where it is looked for, for a comment; empty where it is known."""
    if holding is None:
        return f"{yaml(tracker)} was not looked at"
    found = f"{holding.fit} of the {holding.seen} issues seen on {yaml(tracker)} hold it there"
    return "" if holding.enough else found


def nothing_tells_apart(tracker: str, kept: Mapping[str, tuple[str, str]]) -> str:
    """That all issues of a tracker score alike, and what would change that."""
    where = ", ".join(f"{name} ({place_text(place)})" for name, place in kept.items())
    return (
        f"no input tells the issues of {tracker} apart yet: but for deadlines they score alike; fill in first: {where}"
    )


def variable_at(settings: BaseModel, path: Sequence[str | int]) -> str | None:
    """The environment variable that the key at this path names; None where it is no key that names one."""
    value: Any = settings
    for key in path:
        value = getattr(value, str(key), None)
    return value if path and str(path[-1]).endswith("_env") and isinstance(value, str) else None


def place_meant(said: str, offered: Sequence[Place], able: frozenset[InputKind], *, known: bool) -> Place | None:
    """What somebody means by a number in the list, a field's name or a pattern of labels; None: none of them.

    Where the fields are not `known`, any name may be one.
    """
    if said.isdecimal() and 0 < int(said) <= len(offered):
        return offered[int(said) - 1]
    if not said:
        return None
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
