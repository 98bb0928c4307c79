"""Points in time as JQL writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from trackersync_sandbox.jira.jql.errors import JqlError
from trackersync_sandbox.jira.jql.query import Function, Value

TIME_ZONE = "Australia/Brisbane"
"""Where the emulated user lives: dates in JQL are meant there. Ten hours ahead all year, so that no client that takes
them for UTC gets away with it."""

_ZONE = timezone(timedelta(hours=10))
_FORMATS = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")
_VALID = (
    "Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format "
    "e.g. '-5d', '4w 2d'."
)
_PERIOD = re.compile(r"([+-]?)(?=\d)((?:\d{1,6}w)?\s*(?:\d{1,6}d)?\s*(?:\d{1,6}h)?\s*(?:\d{1,6}m)?)")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}


def moment(value: Value | Function, field: str, now: datetime) -> int:
    """Milliseconds since the epoch of a date, a number, a period from now, or `now()`. Raises JqlError."""
    if isinstance(value, Function):
        return _called(value, now)
    text = value.text.strip()
    if not value.quoted and re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    found = _period(text, now) or _date(text)
    if found is None:
        raise JqlError(f"Date value '{value.text}' for field '{field}' is invalid. {_VALID}")
    return int(found.timestamp() * 1000)


def midnight(date: str) -> int:
    """Milliseconds since the epoch of the start of a day, `2026-03-01`, where the user lives."""
    return int(datetime.fromisoformat(date).replace(tzinfo=_ZONE).timestamp() * 1000)


def _called(call: Function, now: datetime) -> int:
    name = call.name.lower()
    today = now.astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = {
        "now": now,
        "startofday": today,
        "startofweek": today - timedelta(days=today.isoweekday() % 7),
        "startofmonth": today.replace(day=1),
        "startofyear": today.replace(month=1, day=1),
    }
    if name not in starts or call.arguments:
        raise JqlError(f"Unable to find JQL function '{call.name}({', '.join(call.arguments)})'.")
    return int(starts[name].timestamp() * 1000)


def _period(text: str, now: datetime) -> datetime | None:
    match = _PERIOD.fullmatch(text)
    if match is None:
        return None
    parts = {_UNITS[unit]: int(number) for number, unit in re.findall(r"(\d+)([wdhm])", match[2])}
    try:
        length = timedelta(**parts)
        return now - length if match[1] == "-" else now + length
    except OverflowError:
        return None


def _date(text: str) -> datetime | None:
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=_ZONE).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None
