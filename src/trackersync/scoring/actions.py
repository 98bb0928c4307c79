"""Which expression an action computes with, and under which key it stands in the file."""

from __future__ import annotations

from trackersync.scoring.rules import Action, Add, Cap, Exclude, Floor, HalfLife, Inherit, Multiply, Set

_KEYS: dict[type[Action], tuple[str, ...]] = {
    Multiply: ("multiply",),
    Add: ("add",),
    Set: ("set",),
    Cap: ("cap",),
    Floor: ("floor",),
    HalfLife: ("half_life", "of"),
}


def expression_of(action: Action) -> str | None:
    """The expression of an action, None for one that has none."""
    match action:
        case Multiply(text) | Add(text) | Set(text) | Cap(text) | Floor(text) | HalfLife(of=text):
            return text
        case Inherit() | Exclude():
            return None


def key_of(action: Action) -> tuple[str, ...]:
    """Where an action's expression stands, from its adjustment on."""
    return _KEYS[type(action)]
