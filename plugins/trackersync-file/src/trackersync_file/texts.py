"""Text files in the encodings that spreadsheets write: bytes to text and back, without a change."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from trackersync_file.backlog import UnreadableError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a text stands in its file."""

    mark: bytes = b""
    """The byte order mark, if any."""
    name: str = "utf-8"

    def encode(self, text: str) -> bytes:
        """The file's bytes."""
        return self.mark + text.encode(self.name)


def decode(data: bytes) -> tuple[str, Encoding]:
    """The text and how it was encoded; raises `UnreadableError` for anything but Unicode."""
    encoding = next((Encoding(mark, name) for mark, name in _MARKS if data.startswith(mark)), Encoding())
    try:
        text = data[len(encoding.mark) :].decode(encoding.name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"line {line} is not UTF-8: save the file as UTF-8") from None
    if "\0" in text:
        raise UnreadableError("it holds zero bytes: it is no text")
    return text, encoding
