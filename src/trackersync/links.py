"""Links that people state in an issue's text, for borders between trackers that no tracker's own links can cross."""

from __future__ import annotations

import re

from trackersync.model import Direction, Link

# One statement a line, as people and dependency bots write it: "Blocked by https://jira.acme.example/browse/CORE-7".
_STATEMENT = re.compile(r"^[ \t>*-]*(blocks|blocked by|depends on)[ \t]*:?[ \t]+(.+)$", re.IGNORECASE | re.MULTILINE)
_VERBS = (b"blocks", b"blocked by", b"depends on")
# A ref starts where no word does, and is not tried again inside one: a text of nothing but hyphens stays cheap to read.
_TARGET = re.compile(r"https?://[^\s<>()\[\]|,;]+|(?<![\w-])[a-z][a-z0-9_-]*:[A-Za-z0-9_./-]+(?:#\d+|-\d+)")


def stated_links(text: str) -> tuple[Link, ...]:
    """The `blocks` links stated in a text by URL or by ref, in order, each once."""
    # Nearly no text has any, and to find that out in bytes takes a third of the time that its lines take.
    lower = text.encode("utf-8", "replace").lower()
    if not any(verb in lower for verb in _VERBS):
        return ()
    found: dict[Link, None] = {}
    for verb, rest in _STATEMENT.findall(text):
        direction = Direction.OUTWARD if verb.lower() == "blocks" else Direction.INWARD
        for target in _TARGET.findall(rest):
            found[Link("blocks", direction, target.rstrip("."))] = None
    return tuple(found)
