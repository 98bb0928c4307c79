"""How long a tracker asks to wait, read from its headers in every form seen in the wild; pure, and never raises."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_EPOCH_SECONDS = 1_000_000_000
"""A number of at least this is a point in time (2001 and later), a smaller one a number of seconds."""
_ROUNDING = 1.0
"""Points in time come in whole seconds or minutes: a second more and the window has surely turned."""


def asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until the tracker wants to hear from us again, None where it does not say.

    `Retry-After` (RFC 9110 §10.2.3) wins over `X-RateLimit-Reset`; Jira Data Center's bucket tells only how often it
    is refilled. Points in time are measured against the tracker's own `Date`, since clocks differ.
    """
    server_now = _http_date(headers.get("Date", "")) or now
    seconds = parse_retry_after(headers.get("Retry-After", ""), server_now)
    if seconds is not None:
        return seconds
    if headers.get("X-RateLimit-Remaining", "0") != "0":
        return None  # the reset of a budget that is not used up says nothing about this refusal
    seconds = parse_reset(headers.get("X-RateLimit-Reset", ""), server_now)
    return _number(headers.get("X-RateLimit-Interval-Seconds", "")) if seconds is None else seconds


def unhurried(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds between requests that make what is left of a budget last until its reset; 0 while enough is left.

    Jira Cloud says `X-RateLimit-NearLimit: true` once less than a fifth is left (docs: Rate limiting).
    """
    if headers.get("X-RateLimit-NearLimit", "").lower() != "true":
        return 0.0
    left = _number(headers.get("X-RateLimit-Remaining", ""))
    seconds = parse_reset(headers.get("X-RateLimit-Reset", ""), _http_date(headers.get("Date", "")) or now)
    return 1.0 if not left or seconds is None else seconds / left


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Seconds (`120`, `1.5`) or an HTTP date, as seconds from now; never negative."""
    number = _number(value)
    if number is not None:
        return number
    return _until(_http_date(value), now)


def parse_reset(value: str, now: datetime) -> float | None:
    """GitHub's epoch seconds, Jira's `2026-11-22T10:00Z` or a small number of seconds, as seconds from now."""
    number = _number(value)
    if number is None:
        return _until(_iso_date(value), now)
    if number < _EPOCH_SECONDS:
        return number
    return max(0.0, number - now.timestamp()) + _ROUNDING


def _until(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, (moment - now).total_seconds()) + _ROUNDING


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _http_date(value: str) -> datetime | None:
    try:
        return _aware(parsedate_to_datetime(value))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso_date(value: str) -> datetime | None:
    try:
        return _aware(datetime.fromisoformat(value.strip()))
    except (ValueError, OverflowError):
        return None


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
