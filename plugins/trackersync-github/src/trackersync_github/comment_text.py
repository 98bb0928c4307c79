"""Our one comment as GitHub keeps it: plain text, escaped so that it pings nobody, and a mark nobody sees; pure."""

from __future__ import annotations

import re

MARK = "<!-- trackersync -->"
"""Ends the comment: a comment of HTML, of which GitHub shows nothing."""

_NOTHING = "&#8203;"
"""A space without width: it breaks what GitHub would take for a name or a number of an issue."""
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&~|$]")
_REFERENCE = re.compile(r"[@#]|\bGH-", re.IGNORECASE)
_AT_START = re.compile(r"(\d*)([-+.)])")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>&~|$+.)-])|&#(\d{1,5});")


def body_of(text: str) -> str:
    """What is sent: each line a paragraph that shows the text to the letter, and the mark."""
    return "\n\n".join((*map(_paragraph, text.split("\n")), MARK))


def text_of(body: str) -> str | None:
    """The text of a body that `body_of` made, whatever ends of lines it came back with; None without our mark."""
    lines = body.replace("\r\n", "\n").rstrip().split("\n\n")
    if len(lines) < 2 or lines.pop() != MARK:  # noqa: PLR2004 - a paragraph and the mark
        return None
    return "\n".join(_ESCAPED.sub(_plain, line) for line in lines)


def _paragraph(line: str) -> str:
    """In the words of CommonMark; an empty one, and a space at the start, would not be kept as they are."""
    if not line:
        return _NOTHING
    start = f"&#{ord(line[0])};" if line[0].isspace() else ""
    rest = _MARKDOWN.sub(r"\\\g<0>", line[len(start) > 0 :])
    if not start:
        rest = _AT_START.sub(r"\1\\\2", rest, count=1) if _AT_START.match(rest) else rest
    return start + _REFERENCE.sub(rf"\g<0>{_NOTHING}", rest).replace("\r", "&#13;")


def _plain(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    return "" if found[0] == _NOTHING else chr(int(found[2]))
