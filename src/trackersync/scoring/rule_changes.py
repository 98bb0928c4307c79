"""What differs between two sets of rules, in words for those who do not read the files.

Every field of the rules is compared. What has a name is followed by its name, so that a difference reads
`weight of effort: 1 → 2` or `new rule deadline: + 10, when due_in_days < 14`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import NODEFAULT
from msgspec.structs import FieldInfo, fields

from trackersync.scoring.rules import (
    Add,
    Adjustment,
    Band,
    Cap,
    Exclude,
    Floor,
    Goal,
    HalfLife,
    Inherit,
    Input,
    InputSource,
    Missing,
    Multiply,
    Rules,
    Scale,
    Set,
    Vote,
    Votes,
)

Named = Input | Goal | Adjustment | Band
_KINDS = {Input: "input", Goal: "goal", Adjustment: "rule", Band: "band"}

_LABELS: Mapping[tuple[type, str], str] = {
    (Rules, "expression"): "formula",
    (Rules, "normalize"): "normalised by",
    (Rules, "round"): "digits after the point",
    (Votes, "aggregate"): "votes become one value by",
    (Votes, "disagreement"): "people disagree from",
    (Input, "sources"): "source of",
    (Input, "expression"): "formula of",
    (Input, "values"): "worth of",
    (Input, "missing"): "missing value of",
    (Input, "aggregate"): "votes become one value by, for",
    (Adjustment, "when"): "condition of",
    (Adjustment, "because"): "reason of",
    (Goal, "because"): "reason of",
    (Goal, "when"): "condition of",
}
"""Where the field's own name says too little."""
_SHARES = frozenset({"share", "budget", "disagreement", "uncertainty"})
_PLAIN = frozenset({"action", "sources", "expression"})
"""What needs no label when all is told of a thing."""
_NOTHING: Mapping[str, str] = {"when": "always", "because": "none given"}


def changes_of(before: Rules, after: Rules) -> tuple[str, ...]:
    """Every difference, in the order of the file: a line each; empty where there is none."""
    return tuple(_differences(before, after))


def _differences(before: Rules, after: Rules) -> Iterator[str]:
    for field in fields(Rules):
        was, now = getattr(before, field.name), getattr(after, field.name)
        match was, now:
            case Votes(), Votes():
                yield from _told(was, now, "")
            case tuple(), tuple():
                yield from _of_all(was, now)
            case _:
                yield from _difference(Rules, field, was, now, "")


def _of_all(before: Sequence[Named], after: Sequence[Named]) -> Iterator[str]:
    """What becomes of each thing of one kind, by its name."""
    earlier, later = ({each.name: each for each in some} for some in (before, after))
    for name, each in later.items():
        if name in earlier and isinstance(each, Band):
            yield from _of_band(earlier[name], each)
        elif name in earlier:
            yield from _told(earlier[name], each, f" {_called(each)}")
        else:
            yield f"new {_kind(each)} {name}: {_summary(each)}"
    yield from (
        f"{_kind(each)} {name} is gone: {_summary(each)}" for name, each in earlier.items() if name not in later
    )
    kept = [name for name in earlier if name in later], [name for name in later if name in earlier]
    if kept[0] != kept[1] and isinstance(after[0], Adjustment | Band):
        yield f"another order of {_kind(after[0])}s: {', '.join(later)}"


def _kind(each: Named) -> str:
    return _KINDS[type(each)]


def _called(each: Named) -> str:
    return each.name if isinstance(each, Input) else f"{_kind(each)} {each.name}"


def _of_band(before: Named, after: Band) -> Iterator[str]:
    """As a whole, since a band often changes what it is limited by."""
    if before != after:
        yield f"{_called(after)}: {_summary(before)} → {_summary(after)}"


def _told(before: Named | Votes, after: Named | Votes, subject: str) -> Iterator[str]:
    """What differs between two things of the same name, field by field."""
    for field in fields(before):
        was, now = getattr(before, field.name), getattr(after, field.name)
        if field.name == "votes":
            yield from _votes(was, now)
        elif field.name == "action" and was != now:
            yield f"{subject.strip()}: {_words(field.name, was)} → {_words(field.name, now)}"
        else:
            yield from _difference(type(before), field, was, now, subject)


def _difference(owner: type, field: FieldInfo, was: object, now: object, subject: str) -> Iterator[str]:
    label = _label(owner, field)
    if isinstance(was, Mapping) or isinstance(now, Mapping):
        yield from _by_key(label, was or {}, now or {}, subject)  # type: ignore[arg-type]
    elif was != now:
        yield f"{label}{subject}: {_arrow(field.name, was, now)}"


def _label(owner: type, field: FieldInfo) -> str:
    named = issubclass(owner, Named)
    return _LABELS.get((owner, field.name)) or field.name.replace("_", " ") + (" of" if named else "")


def _by_key(label: str, was: Mapping[str, object], now: Mapping[str, object], subject: str) -> Iterator[str]:
    """A difference for each word that is worth something, each tracker where an input is kept."""
    for key in {**was, **now}:
        if was.get(key) != now.get(key):
            yield f"{label}{subject}, {key}: {_arrow('', was.get(key), now.get(key))}"


def _arrow(name: str, was: object, now: object) -> str:
    before, after = _words(name, was), _words(name, now)
    return f"{before} → {after}" if before != after else f"{after}, with other values"


def _votes(before: Sequence[Vote], after: Sequence[Vote]) -> Iterator[str]:
    """By count: there may be thousands; of several votes by one person on one thing the last counts."""
    earlier, later = ({(vote.person, vote.issue, vote.input): vote for vote in some} for some in (before, after))
    counts = {
        "added": len(later.keys() - earlier.keys()),
        "changed": sum(later[key] != vote for key, vote in earlier.items() if key in later),
        "gone": len(earlier.keys() - later.keys()),
    }
    found = [f"{count} {what}" for what, count in counts.items() if count]
    if found:
        yield f"votes: {', '.join(found)}"


def _summary(each: Named) -> str:
    """All that is said of a thing, in one line."""
    said = []
    for field in fields(each):
        value = getattr(each, field.name)
        if field.name != "name" and not _is_default(field, value):
            words = _words(field.name, value)
            said.append(words if field.name in _PLAIN else f"{field.name.replace('_', ' ')} {words}")
    return ", ".join(said) or "the rest"


def _is_default(field: FieldInfo, value: object) -> bool:
    return bool(value == (field.default if field.default_factory is NODEFAULT else field.default_factory()))


def _words(name: str, value: object) -> str:
    if value is None or value == ():
        return _NOTHING.get(name, "none")
    if isinstance(value, int | float):
        return f"{value * 100:.12g}%" if name in _SHARES else f"{value:.12g}"
    if isinstance(value, tuple):
        return ", ".join(_words(name, each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_words('', each)}" for key, each in value.items())
    return _AS_WORDS.get(type(value), str)(value)


def _missing(missing: Missing) -> str:
    words = {
        "block": "no score without it",
        "neutral": "counts as the middle of the others",
        "worst": "counts as the worst",
    }
    return words.get(missing.policy) or f"counts as {missing.default:.12g}"


def _scale(scale: Scale) -> str:
    if scale.steps:
        return ", ".join(f"{step:.12g}" for step in scale.steps)
    low = "" if scale.min is None else f"from {scale.min:.12g}"
    high = "" if scale.max is None else f"to {scale.max:.12g}"
    return " ".join(filter(None, (low, high))) or "as the framework has it"


def _half_life(action: HalfLife) -> str:
    floor = f", never below {action.floor * 100:.12g}%" if action.floor else ""
    return f"halved with every {action.days:.12g} days of {action.of}{floor}"


_AS_WORDS: Mapping[type, Callable[[Any], str]] = {
    Missing: _missing,
    Scale: _scale,
    InputSource: lambda source: f"{source.kind.replace('_', ' ')} {source.name}",
    Multiply: lambda action: f"× {action.by}",
    Add: lambda action: f"+ {action.amount}",
    Set: lambda action: f"= {action.to}",
    Cap: lambda action: f"at most {action.at}",
    Floor: lambda action: f"at least {action.at}",
    HalfLife: _half_life,
    Inherit: lambda action: f"at least {action.share * 100:.12g}% of the best issue that it {action.link}",
    Exclude: lambda _: "left out of the list",
}
