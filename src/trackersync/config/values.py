"""The kinds of value a file may hold beyond text and numbers: shares, durations, expressions, words with a variant."""

from __future__ import annotations

import difflib
import math
import re
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, InstanceOf, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from trackersync.scoring.inputs import as_number
from trackersync.scoring.scales import SCALES
from trackersync.transport.allowance import Rate, Unit

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DURATION = re.compile(r"(\d+)\s*([hdw])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_RATE = re.compile(r"(\d{1,9})\s*/\s*(min|h|d)")
_PERS: dict[str, Unit] = {"min": "min", "h": "h", "d": "d"}
_LONGEST = timedelta(days=36_500)


def refuse(message: str, hint: str | None = None) -> PydanticCustomError:
    """The error to raise in a validator: its message goes to people as it is, braces and all."""
    return PydanticCustomError("plain", "{message}", {"message": message, "hint": hint})


def describe(value: Any) -> str:
    """What stands in the file, as a person would say it: `the text 'abc'`, `the number 5`, `a list`."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value[:40] + '…' if len(value) > 40 else value!r}"  # noqa: PLR2004 - fits a line
        case dict():
            return "a mapping"
        case _:
            return "a list"


def parse_share(value: Any) -> float:
    """`5%` or `0.05` as a share of one."""
    match = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if match:
        share = float(match[1]) / 100
    elif isinstance(value, int | float) and not isinstance(value, bool):
        share = float(value)
    else:
        raise refuse(f"expected a share such as 5% or 0.05, found {describe(value)}")
    if not 0 <= share <= 1:
        hint = f"did you mean {value}%?" if share > 1 and not match else None
        raise refuse(f"a share lies between 0% and 100%, found {value}", hint)
    return share


def parse_duration(value: Any) -> timedelta | None:
    """`36h`, `30d` or `4w`; `never` is None."""
    if value == "never":
        return None
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        number = isinstance(value, int) and not isinstance(value, bool)
        hint = f"did you mean {value}d?" if number else None
        raise refuse(f"expected a duration such as 36h, 30d or 4w, or never, found {describe(value)}", hint)
    days = float(match[1]) * {"h": 1 / 24, "d": 1, "w": 7}[match[2]]
    if days > _LONGEST.days:
        raise refuse(f"{value} is longer than a hundred years", "write never")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def parse_period(value: Any) -> timedelta:
    """A duration that ends, and takes some time."""
    period = parse_duration(value)
    if not period:
        raise refuse(f"expected a duration such as 1w, 2w or 30d, found {describe(value)}")
    return period


def parse_rate(value: Any) -> Rate:
    """`1000/h`, `60/min` or `20000/d`."""
    match = _RATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        number = isinstance(value, int) and not isinstance(value, bool)
        hint = f"did you mean {value}/h?" if number else None
        raise refuse(f"expected requests in a time such as 1000/h, 60/min or 20000/d, found {describe(value)}", hint)
    if int(match[1]) == 0:
        raise refuse("nothing could be read or written", "take the tracker out of the file, or give it some requests")
    return Rate(int(match[1]), _PERS[match[2]])


def parse_expression(value: Any) -> str:
    """An expression as text; a plain number is one too."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise refuse(f"expected a number or an expression, found {describe(value)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise refuse(f"expected a finite number, found {value}")
    if isinstance(value, str) and not value.strip():
        raise refuse("expected a number or an expression, found an empty text")
    return str(value).strip()


def parse_colour(value: Any) -> str:
    """`#B60205` or `B60205` as six hexadecimal digits."""
    match = _COLOUR.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        hint = "put it in quotes" if isinstance(value, int | float) else None
        raise refuse(f"expected a colour such as 'B60205', found {describe(value)}", hint)
    return match[1].upper()


def parse_version(value: Any) -> int:
    """The version of the file's format: the number 1 and nothing that merely equals it."""
    if type(value) is not int or value != 1:
        raise refuse(f"must be 1, found {describe(value)}", "write `version: 1`: it is the version of this format")
    return value


def parse_missing(value: Any) -> Any:
    """`block`, `neutral`, `worst` or `{default: NUMBER}`, told apart for `MissingShape`."""
    if isinstance(value, dict) and list(value) == ["default"] and value["default"] is not None:
        return value
    if isinstance(value, str) and value in {"block", "neutral", "worst"}:
        return {"policy": value}
    hint = f"write {{default: {value}}}" if isinstance(value, int | float) and not isinstance(value, bool) else None
    raise refuse(f"expected block, neutral, worst or {{default: NUMBER}}, found {describe(value)}", hint)


def parse_scale(value: Any) -> Any:
    """The name of a scale, the list of its values, or its ends, told apart for `ScaleShape`."""
    if isinstance(value, dict) and not value.keys() & {"named", "steps"}:
        return value
    if isinstance(value, str):
        if value not in SCALES:
            near = difflib.get_close_matches(value, SCALES, n=1)
            raise refuse(f"no scale is named {value!r}", f"did you mean {near[0]}?" if near else _SCALES)
        return {"named": value}
    if isinstance(value, list) and value and all(_is_number(each) for each in value):
        if sorted(set(value)) != value:
            raise refuse("the values of a scale ascend, each once", f"write {sorted(set(value))}")
        return {"steps": value}
    raise refuse(f"expected {{min: …, max: …}}, a scale's name or a list of numbers, found {describe(value)}", _SCALES)


_SCALES = f"scales are: {', '.join(SCALES)}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def parse_texts(value: Any) -> Any:
    """One text, or a list of them."""
    if isinstance(value, list) and not value:
        raise refuse("must not be empty")
    if isinstance(value, str | list):
        return (value,) if isinstance(value, str) else tuple(value)
    hint = "put it in quotes" if isinstance(value, int | float) else None
    raise refuse(f"expected a text or a list of texts, found {describe(value)}", hint)


def parse_true(value: Any) -> bool:
    """Only `true`: what is not to happen is left out."""
    if value is not True:
        raise refuse(f"expected true, found {describe(value)}", "remove it, or the rule that it stands in")
    return True


def parse_said(value: Any) -> float | str:
    """What somebody said: a number, also one that is written as text, or a word."""
    number = None if isinstance(value, bool | dict | list) else as_number(value, {})
    if number is not None:
        return number
    if not isinstance(value, str):
        raise refuse(f"expected a number or a word, found {describe(value)}")
    if not value.strip():
        raise refuse("expected a number or a word, found an empty text")
    return value.strip()


def parse_day(value: Any) -> date:
    """A day as `2026-01-31`."""
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except (TypeError, ValueError):
        pass
    raise refuse(f"expected a date such as 2026-01-31, found {describe(value)}")


Text = Annotated[str, StringConstraints(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Version = Annotated[int, BeforeValidator(parse_version), WithJsonSchema({"const": 1})]
Share = Annotated[
    float,
    BeforeValidator(parse_share),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": r"^\d+(\.\d+)?\s*%$"},
            ]
        }
    ),
]
Colour = Annotated[
    str,
    BeforeValidator(parse_colour),
    WithJsonSchema({"type": "string", "pattern": "^#?[0-9a-fA-F]{6}$"}),
]
Duration = Annotated[
    timedelta | None,
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": r"^(never|\d+\s*[hdw])$"}),
]
Period = Annotated[
    timedelta,
    BeforeValidator(parse_period),
    WithJsonSchema({"type": "string", "pattern": r"^0*[1-9]\d*\s*[hdw]$"}),
]
Requests = Annotated[
    InstanceOf[Rate],
    BeforeValidator(parse_rate),
    WithJsonSchema({"type": "string", "pattern": r"^0*[1-9]\d*\s*/\s*(min|h|d)$"}),
]
Expression = Annotated[
    str,
    BeforeValidator(parse_expression),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "minLength": 1}]}),
]
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(parse_texts),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
            ]
        }
    ),
]
Said = Annotated[float | str, BeforeValidator(parse_said), WithJsonSchema({"type": ["number", "string"]})]
OnlyTrue = Annotated[bool, BeforeValidator(parse_true), WithJsonSchema({"const": True})]
Day = Annotated[date, BeforeValidator(parse_day), WithJsonSchema({"type": "string", "format": "date"})]
