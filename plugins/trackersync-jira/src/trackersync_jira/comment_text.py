"""Our one comment as Jira keeps it: a document on Cloud, wiki markup of plain words on Data Center; pure."""

from __future__ import annotations

import re
from typing import Any

from trackersync_jira.adf import is_document, paragraphs, plain_text

_MARK = "{anchor:trackersync}"
"""Ends the comment on Data Center: a place to jump to, of which Jira shows nothing."""

_NOTHING = "&#8203;"
"""A space without width: an empty line would be no paragraph."""
_SIGN = re.compile(r"[!#&()*+:;?@\[\\\]^_{|}~\r-]")
"""All that can begin markup, a mention, a smiley or a link, a key of an issue included."""
_AT_START = re.compile(r"\s|(?:h[1-6]|bq)\.", re.IGNORECASE)
_ENTITY = re.compile(r"&#(\d{1,5});")


def document_of(text: str) -> dict[str, Any]:
    """What is sent to Cloud: each line a paragraph, in which nothing means anything but itself."""
    return paragraphs(text.split("\n"))


def text_of_document(body: Any) -> str:
    """The text of a document that `document_of` made, to the letter; of one that somebody edited, its words."""
    lines = [_plain_line(block) for block in _content(body)] if is_document(body) else []
    known = [line for line in lines if line is not None]
    if known and len(known) == len(lines):
        return "\n".join(known)
    return plain_text(body) if is_document(body) else str(body or "")


def _plain_line(block: Any) -> str | None:
    """The text of a paragraph that holds nothing but text; None for any other block."""
    if not isinstance(block, dict) or block.get("type") != "paragraph":
        return None
    pieces = _content(block)
    plain = all(isinstance(each, dict) and each.get("type") == "text" and not each.get("marks") for each in pieces)
    return "".join(str(each.get("text") or "") for each in pieces) if plain else None


def _content(node: dict[str, Any]) -> list[Any]:
    content = node.get("content")
    return content if isinstance(content, list) else []


def markup_of(text: str) -> str:
    """What is sent to Data Center: each line a paragraph that shows the text to the letter, and the mark.

    Signs are written as entities, which Jira shows as they are: a backslash cannot escape itself there.
    Source: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
    """
    return "\n\n".join((*map(_paragraph, text.split("\n")), _MARK))


def text_of_markup(body: Any) -> str | None:
    """The text of what `markup_of` made, whatever ends of lines it came back with; None without our mark."""
    text = body.replace("\r\n", "\n").rstrip() if isinstance(body, str) else ""
    if not text.endswith(_MARK):
        return None
    lines = text.removesuffix(_MARK).rstrip("\n").split("\n\n")
    return "\n".join(_ENTITY.sub(_plain, line) for line in lines)


def _paragraph(line: str) -> str:
    if not line:
        return _NOTHING
    signs = _SIGN.sub(lambda found: f"&#{ord(found[0])};", line)
    if _AT_START.match(signs):
        signs = f"&#{ord(signs[0])};{signs[1:]}"
    # What stands at the end of a line may be dropped.
    return f"{signs[:-1]}&#{ord(signs[-1])};" if signs[-1].isspace() else signs


def _plain(found: re.Match[str]) -> str:
    return "" if found[0] == _NOTHING else chr(int(found[1]))
