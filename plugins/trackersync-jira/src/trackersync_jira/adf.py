"""Atlassian Document Format, in which Cloud's REST v3 sends and takes texts of several lines; pure.

Source: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

_DEEPEST = 100
"""Levels of nesting that are read; people's documents have a dozen."""
_BLOCKS = frozenset({
    "blockquote", "bulletList", "codeBlock", "expand", "heading", "listItem", "mediaGroup", "mediaSingle",
    "nestedExpand", "orderedList", "panel", "paragraph", "rule", "table", "tableRow", "taskItem", "taskList",
    "decisionItem", "decisionList", "blockCard", "embedCard",
})  # fmt: skip

_TOLD = {
    **dict.fromkeys(("mention", "emoji", "status", "placeholder"), ("text", "shortName")),
    **dict.fromkeys(("inlineCard", "blockCard", "embedCard"), ("url",)),
    **dict.fromkeys(("expand", "nestedExpand"), ("title",)),
}
"""The attributes that hold a node's own words."""


def is_document(value: Any) -> bool:
    """Whether a field's value is a document and not an option, person or version."""
    return isinstance(value, dict) and value.get("type") == "doc"


def plain_text(document: Any) -> str:
    """The words of a document, each paragraph, item and row on a line of its own; links keep their address."""
    pieces: list[str] = []
    _gather(document, 0, pieces)
    return "\n".join([line for each in "".join(pieces).split("\n") if (line := each.rstrip())])


def _gather(node: Any, depth: int, pieces: list[str]) -> None:
    """Add the words of a node and of all below it to `pieces`."""
    if not isinstance(node, dict) or depth > _DEEPEST:
        return
    kind = node.get("type")
    is_block = isinstance(kind, str) and kind in _BLOCKS
    if is_block:
        pieces.append("\n")
    pieces.append(_own_text(kind, node))
    content = node.get("content")
    for child in content if isinstance(content, list) else ():
        below = child.get("type") if isinstance(child, dict) else None
        if kind == "tableRow":
            # A cell holds paragraphs, and yet its words stay on the row's line.
            cell: list[str] = []
            _gather(child, depth + 1, cell)
            pieces.append(" ".join(("".join(cell)).split()) + " ")
        elif below == "text" and not child.get("marks"):
            pieces.append(str(child.get("text") or ""))  # most nodes are these two: without a call for each
        elif below == "hardBreak":
            pieces.append("\n")
        else:
            _gather(child, depth + 1, pieces)
    if is_block:
        pieces.append("\n")


def _own_text(kind: Any, node: dict[str, Any]) -> str:
    match kind:
        case "text":
            return f"{node.get('text') or ''}{_link(node)}"
        case "date":
            return _day(_attributes(node).get("timestamp"))
        case str() if kind in _TOLD:
            attributes = _attributes(node)
            return next((str(attributes[name]) for name in _TOLD[kind] if attributes.get(name)), "")
        case _:
            return ""


def _day(timestamp: Any) -> str:
    """A date is told in milliseconds since the epoch, as text; empty for what is none."""
    try:
        return datetime.fromtimestamp(int(timestamp) / 1000, UTC).date().isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return ""


def _attributes(node: dict[str, Any]) -> dict[str, Any]:
    attrs = node.get("attrs")
    return attrs if isinstance(attrs, dict) else {}


def _link(node: dict[str, Any]) -> str:
    """` (https://…)` after a text that links somewhere and does not show it."""
    marks = node.get("marks")
    for mark in marks if isinstance(marks, list) else ():
        if isinstance(mark, dict) and mark.get("type") == "link" and isinstance(mark.get("attrs"), dict):
            href = str(mark["attrs"].get("href") or "")
            return f" ({href})" if href and href not in str(node.get("text")) else ""
    return ""


def document(text: str) -> dict[str, Any]:
    """A document of one paragraph."""
    return paragraphs([text])


def paragraphs(texts: Iterable[str]) -> dict[str, Any]:
    """A document of a paragraph for each text; an empty one is a paragraph without anything in it."""
    return {"type": "doc", "version": 1, "content": [_paragraph(text) for text in texts]}


def _paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": text}] if text else []}
