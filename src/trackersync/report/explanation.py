"""One issue and its explanation as plain data; the JSON is stable: keys are added, never renamed or removed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from trackersync.scoring.figures import figure

if TYPE_CHECKING:
    from trackersync.model import Issue
    from trackersync.scoring.explain import Explanation, InputUse
    from trackersync.scoring.sensitivity import Way
    from trackersync.scoring.versus import Versus


def issue_document(issue: Issue) -> dict[str, Any]:
    """What an issue is called, and where it is."""
    return {"ref": str(issue.ref), "tracker": issue.ref.tracker, "title": issue.title, "url": issue.url}


def explanation_document(explanation: Explanation) -> dict[str, Any]:
    """The waterfall with its numbers as decimal text, since their sum is exact only as decimals."""
    return {
        **issue_document(explanation.issue),
        "score": explanation.score,
        "rank": explanation.rank,
        "ranked": explanation.ranked,
        "band": explanation.band or None,
        "formula": explanation.formula,
        "filled": explanation.filled,
        "inputs": [
            {"name": use.name, "value": use.value, "raw": use.raw, "origin": use.origin, "days": use.days}
            for use in explanation.inputs
        ],
        "steps": [
            {
                "name": step.name,
                "because": step.because,
                "operation": step.operation,
                "applied": step.applied,
                "delta": plain(step.delta),
                "after": plain(step.after),
            }
            for step in explanation.steps
        ],
        "missing": list(explanation.missing),
        "detail": explanation.detail,
        "next_band": explanation.next_band,
        "ways_up": [_way(way) for way in explanation.ways_up],
    }


def versus_document(versus: Versus) -> dict[str, Any]:
    """Two issues side by side."""
    return {
        "higher": explanation_document(versus.higher),
        "lower": explanation_document(versus.lower),
        "apart": [{"name": each.name, "higher": each.higher, "lower": each.lower} for each in versus.apart],
        "ways": [_way(way) for way in versus.ways],
    }


def _way(way: Way) -> dict[str, Any]:
    return {"ref": str(way.issue.ref), "input": way.input, "before": way.before, "after": way.after}


def plain(number: Decimal) -> str:
    """A decimal without an exponent or zeros at its end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def short(number: Decimal, *, signed: bool = False) -> str:
    """A decimal for a table: four digits after the point at most."""
    rounded = plain(Decimal(f"{number:.4f}"))
    return f"+{rounded}" if signed and number >= 0 else rounded


_NAMED, _SHOWN = 20, 40
"""As many labels are named and so much of a text shown, of which an issue may have ten thousand."""


def counted(use: InputUse) -> str:
    """What an input counts as and, where the tracker holds a word or what cannot be used, that beside it."""
    match use.value:
        case float():
            text = figure(use.value)
        case str():
            return use.value
        case None | ():
            text = "–"
        case _:
            more = len(use.value) - _NAMED
            return ", ".join(use.value[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    held = use.raw.strip() if isinstance(use.raw, str) else ""
    return f"{text} ({_cut(held)})" if held and not _says(held, use.value) else text


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _says(text: str, value: object) -> bool:
    try:
        return float(text) == value
    except ValueError:
        return False


def now_and_needed(way: Way) -> tuple[str, str]:
    """An input as it is, and as it would have to be: never the same for the eye."""
    before, after = figure(way.before), figure(way.after)
    return before, after if before != after else repr(way.after)
