"""Numbers as people read them: short where they are small, and money never as a power of ten."""

from __future__ import annotations

_SHORT, _LONG = 6, 12


def figure(value: float) -> str:
    """A number in six digits, or with all that stand before its point: `0.566442`, `2500000`."""
    return f"{value:.{_SHORT if abs(value) < 10**_SHORT else _LONG}g}"
