"""Sentences as wide as the terminal they are read on; in a pipe or file each is one line, however long."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TextIO

UNKNOWN = 80
"""Columns of a terminal that does not say how many it has."""
_WORD = re.compile(r" *[^ ]+")


def columns(stream: TextIO) -> int | None:
    """How wide the terminal is; None: it is none."""
    if not stream.isatty():
        return None
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(stream.fileno()).columns or UNKNOWN
    except OSError:  # also where it is no file of the system's
        return UNKNOWN


def fitted(line: str, stream: TextIO) -> str:
    """One line, broken at its words where it goes to a terminal that is too narrow for it."""
    width = columns(stream)
    return line if width is None or len(line) * 2 <= width else "\n".join(wrapped(line, width))


def wrapped(line: str, width: int) -> Iterator[str]:
    """As many words on each line as it holds, the further lines indented; a longer word stays whole, to be copied."""
    from rich.cells import cell_len

    indent = line[: len(line) - len(line.lstrip(" "))] + "  "
    part = ""
    for word in _WORD.findall(line):
        if part and cell_len(part + word) > width:
            yield part
            part = indent + word.lstrip(" ")
        else:
            part += word
    yield part
