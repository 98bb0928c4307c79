"""Ranks as Jira Software keeps them: strings whose byte order is the order of work.

A rank is `0|i0000f:` or `0|i0000f:hz`: a bucket, six digits in base 36, and after the colon as many further digits as
it took to fit between its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_WIDTH = 6
_END = _BASE**_WIDTH
_STEP = 8
_FIRST = "0|hzzzzz:"
_RANK = re.compile(r"[012]\|[0-9a-z]{6}:[0-9a-z]*")


class NoRoomError(ValueError):
    """Nothing sorts between the two: ranks have to be dealt out anew."""


def is_rank(value: object) -> bool:
    """Whether this is a rank, as opposed to any other text."""
    return isinstance(value, str) and _RANK.fullmatch(value) is not None


def spread(lower: str | None, upper: str | None, count: int) -> list[str]:
    """`count` ranks in ascending order, after `lower` and before `upper`; None is the end of the list.

    After the last issue ranks stand eight apart, as in Jira; between two they share the room evenly. Raises NoRoomError
    for neighbours such as `0|i00007:` and `0|i00007:0`, or before `0|000000:`.
    """
    if lower is None and upper is None:
        lower = _FIRST
    bucket = (lower or upper or _FIRST)[0]
    if upper is not None and upper[0] != bucket:
        upper = None
    if lower is not None and upper is None:
        whole = int(lower[2:8], _BASE)
        if whole + _STEP * count < _END:
            return [f"{bucket}|{_base36(whole + _STEP * place)}:" for place in range(1, count + 1)]
    return [f"{bucket}|{digits}" for digits in _between(lower, upper, count)]


def rebalanced(count: int, bucket: str) -> list[str]:
    """`count` short ranks in the bucket after `bucket`, as Jira deals them out when ranks have grown too long."""
    following = str((int(bucket) + 1) % 3)
    room = _END // (count + 1)
    return [f"{following}|{_base36(room * place)}:" for place in range(1, count + 1)]


def _between(lower: str | None, upper: str | None, count: int) -> Iterable[str]:
    low_digits = lower[2:].replace(":", "") if lower else "0"
    high_digits = upper[2:].replace(":", "") if upper else ""
    places = max(len(low_digits), len(high_digits), _WIDTH)
    low = int(low_digits.ljust(places, "0"), _BASE)
    high = int(high_digits.ljust(places, "0"), _BASE) if upper else _BASE**places
    if high <= low:
        raise NoRoomError(f"nothing sorts between {lower} and {upper}")
    while high - low <= count:
        low, high, places = low * _BASE, high * _BASE, places + 1
    step = (high - low) // (count + 1)
    for place in range(1, count + 1):
        digits = _base36(low + step * place, places)
        yield f"{digits[:_WIDTH]}:{digits[_WIDTH:].rstrip('0')}"


def _base36(number: int, width: int = _WIDTH) -> str:
    digits = []
    while number:
        number, digit = divmod(number, _BASE)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits)).rjust(width, "0")
