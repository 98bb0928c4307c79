"""Text to and from the Atlassian Document Format, which version 3 of Jira's API speaks where version 2 speaks text."""

from __future__ import annotations

import re
from typing import Any

from trackersync_sandbox.state import JSON

_BLOCKS = frozenset({"paragraph", "heading", "codeBlock", "blockquote", "listItem", "rule"})


def to_document(text: str) -> JSON:
    """A document of one paragraph for every block of lines."""
    blocks = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip("\n"))
    return {"type": "doc", "version": 1, "content": [_paragraph(block) for block in blocks if block]}


def to_text(node: Any) -> str:
    """The words of a document, a blank line between blocks; what is no document has none."""
    return _words(node).strip("\n")


def is_document(value: Any) -> bool:
    """Whether version 3 of the API takes this as rich text."""
    return isinstance(value, dict) and value.get("type") == "doc" and isinstance(value.get("content"), list)


def _paragraph(block: str) -> JSON:
    content: list[JSON] = []
    for line in block.split("\n"):
        if content:
            content.append({"type": "hardBreak"})
        if line:
            content.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": content}


def _words(node: Any) -> str:
    if not isinstance(node, dict):
        return ""
    if node.get("type") == "hardBreak":
        return "\n"
    if node.get("type") == "text":
        return str(node.get("text", ""))
    content = node.get("content")
    inner = "".join(map(_words, content)) if isinstance(content, list) else ""
    return f"{inner}\n\n" if node.get("type") in _BLOCKS else inner
