"""The store's URL: checked without opening anything, a relative SQLite file taken from the file's own folder."""

from __future__ import annotations

import re
from pathlib import Path

from trackersync.config.wording import nearest

_URL = re.compile(r"(?P<dialect>[a-z0-9]+)(?:\+[a-z0-9_]+)?://", re.IGNORECASE)
_SQLITE_FILE = re.compile(r"(?P<start>sqlite(?:\+\w+)?:///)(?P<file>[^?]+)(?P<query>\?.*)?", re.IGNORECASE)
_DIALECTS = ("postgresql", "sqlite")


def store_fault(url: str, folder: Path) -> tuple[str, str | None] | None:
    """What is wrong with a store's URL, and the hint; the URL itself is not repeated, it may hold a password."""
    match = _URL.match(url)
    if match is None:
        return "is not the URL of a store", "write sqlite:///FILE, or postgresql+psycopg://user@host/db"
    dialect = match["dialect"].lower()
    if dialect not in _DIALECTS:
        return f"stores are kept in SQLite or PostgreSQL, not in {dialect}", nearest(dialect, _DIALECTS, "choose from")
    if dialect == "sqlite" and not _SQLITE_FILE.fullmatch(url):
        return "names no SQLite file", "write sqlite:///FILE; a store in memory would forget what was written"
    if "?" in absolute_store("sqlite:///x", folder):
        return "the folder of this file has a ? in its name, which no URL can hold", "move it, or name another store"
    return None


def absolute_store(url: str, folder: Path) -> str:
    """The URL with a relative SQLite file made absolute, so that it means the same from every working directory."""
    match = _SQLITE_FILE.fullmatch(url)
    if match is None or match["file"].startswith((":memory:", "file:")) or Path(match["file"]).is_absolute():
        return url
    return f"{match['start']}{folder.absolute() / match['file']}{match['query'] or ''}"
