"""Wiki markup, in which REST v2 sends texts of several lines; pure.

Source: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

from __future__ import annotations

import re

_VERBATIM = re.compile(r"\{(code|noformat)(?::[^}\n]{0,500})?\}(.*?)(?:\{\1\}|\Z)", re.DOTALL)
"""What is never closed goes on to the end, so that a text of nothing but beginnings is read once."""
_START = re.compile(r"^[ \t]*(?:h[1-6]\.|bq\.)[ \t]+")
_ITEM = re.compile(r"^[ \t]*[*#]+[-*#]*[ \t]+")
_RULE = re.compile(r"[ \t]*-{4,}[ \t]*")
_ROW = re.compile(r"[ \t]*\|")
_CELL = re.compile(r"(\[[^\]\n]*\])|\|+")
"""The bar inside a link is no border of a cell."""
_LONGEST = 500
"""Characters of a link or of words set off; what is longer keeps its signs, and no text takes long to read."""
_INLINE = re.compile(
    rf"""
      (?P<url>https?://[^\s|\]\[<>"]+)
    | \\(?P<escaped>[^\w\s\\])
    | (?P<break>\\\\)
    | \[(?P<link>[^\[\]\n]{{1,{_LONGEST}}})\]
    | \{{(?:panel|quote|color|anchor|expand)(?::(?P<options>[^}}\n]{{0,{_LONGEST}}}))?\}}
    | \{{\{{(?P<mono>[^\n]{{1,{_LONGEST}}}?)\}}\}}
    | (?<![\w!])!(?:[^\s!|]{{1,{_LONGEST}}})(?:\|[^!\n]{{0,{_LONGEST}}})?!(?![\w!])
    | (?<!\w)(?P<mark>[*_+^~-]|\?\?)(?P<words>(?!\s|(?P=mark))[^\n]{{0,{_LONGEST}}}?(?<![\s\\]))(?P=mark)(?!\w)
    """,
    re.VERBOSE,
)
_SIGN = re.compile(r"[*_\[{|\\!+^~#]|-[\w-]|\?\?|^\s*(?:h[1-6]|bq)\.")
"""Without one of these a line is as it is, and most are."""
_TARGET = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//|#|\^|~)", re.IGNORECASE)
_TITLE = re.compile(r"(?:^|\|)title=([^|]*)")
_DEEPEST = 5
"""Bold in italic in a link: deeper than this nobody writes."""


def plain_text(markup: str) -> str:
    """The words of a text, each paragraph, item and row on a line of its own; links keep their address.

    What stands in `{code}` and `{noformat}` is kept to the letter. A text that is no markup is mostly left as it is.
    """
    parts = _VERBATIM.split(markup.replace("\r\n", "\n"))
    told = [_prose(part) if place % 3 == 0 else part for place, part in enumerate(parts) if place % 3 != 1]
    lines = "\n".join(told).split("\n")
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _prose(text: str) -> str:
    return "\n".join(_line(line) if _SIGN.search(line) else line for line in text.split("\n"))


def _line(line: str) -> str:
    if _RULE.fullmatch(line):
        return ""
    if _ROW.match(line):
        line = " ".join(_CELL.sub(lambda found: found[1] or " ", line).split())
    return _words(_ITEM.sub("- ", _START.sub("", line)), _DEEPEST)


def _words(text: str, depth: int) -> str:
    def plain(found: re.Match[str]) -> str:
        for kept in ("url", "escaped", "mono"):
            if found[kept]:
                return str(found[kept])
        if found["break"]:
            return "\n"
        if found["link"]:
            return _link(found["link"], found[0], depth)
        if found["words"]:
            return _words(found["words"], depth - 1)
        title = _TITLE.search(found["options"] or "")
        return f"{title[1]}\n" if title else ""

    return _INLINE.sub(plain, text) if depth else text


def _link(inside: str, whole: str, depth: int) -> str:
    """`[words|address]` and `[address]`; brackets around anything else are brackets."""
    words, bar, address = inside.partition("|")
    address = address.partition("|")[0].strip() if bar else words.strip()
    if not _TARGET.match(address):
        return whole
    if address.startswith("~"):
        return words if bar else f"@{address[1:].removeprefix('accountid:')}"
    if not bar:
        return address.lstrip("^#")
    words = _words(words.strip(), depth - 1)
    inner = address.startswith(("#", "^")) or address in words
    return words if inner else f"{words} ({address})"
