"""A workbook as the archive it is: bounded before it is read, and what openpyxl drops, found or put back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from trackersync_file.backlog import UnreadableError

MAX_PARTS = 2_000
MAX_UNPACKED = 200_000_000
"""Bytes of all parts: a workbook of a few kilobytes can unpack to billions."""

_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:app|core|custom)\.xml"
    r"|xl/(?:workbook|styles|sharedStrings|calcChain)\.xml|xl/_rels/workbook\.xml\.rels|xl/theme/theme\d+\.xml"
    r"|xl/worksheets/(?:_rels/)?sheet\d+\.xml(?:\.rels)?|xl/tables/table\d+\.xml|xl/externalLinks/.*"
    r"|xl/comments(?:/comment)?\d+\.xml|xl/drawings/(?:vmlDrawing|commentsDrawing)\d+\.vml|xl/printerSettings/.*"
)
"""What openpyxl writes as it was read, or nobody misses."""
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_FORMULA = re.compile(
    r'<c r="(?P<letters>[A-Z]+)(?P<row>\d+)"(?P<rest>[^>]*)>'
    r"(?P<formula><f[^>]*>[^<]*</f>|<f[^>]*/>)<v\s*(?:/>|></v>)</c>"
)


def check_package(data: bytes) -> None:
    """Raises `UnreadableError` for what is no archive, or unpacks to more than a backlog can be."""
    with _opened(data) as package:
        parts = package.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise UnreadableError(f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB: that is no backlog")
        for part in parts:
            if part.filename.endswith(".xml") and _defines_entities(package, part.filename):
                raise UnreadableError("its XML defines entities, which no spreadsheet writes")


def lost_parts(data: bytes) -> list[str]:
    """The parts that would not be written again: charts, pictures, pivot tables and the like."""
    with _opened(data) as package:
        lost = [name for name in package.namelist() if not name.endswith("/") and not _KEPT.fullmatch(name)]
        sheets = [name for name in package.namelist() if _SHEET.fullmatch(name)]
        extended = [name for name in sheets if b"<extLst" in package.read(name)]
        return [*lost, *(f"{name}: data bars, sparklines or the like" for name in extended)]


def with_cached_values(data: bytes, values: Sequence[Mapping[tuple[int, int], Any]]) -> bytes:
    """The package with the value of each formula beside it, by sheet, row and column; openpyxl writes none."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as package, ZipFile(file, "w", ZIP_DEFLATED) as written:
        for part in package.infolist():
            content = package.read(part)
            sheet = _SHEET.fullmatch(part.filename)
            if sheet:
                content = _with_values(content.decode(), values[int(sheet[1]) - 1]).encode()
            written.writestr(part, content)
    return file.getvalue()


def _with_values(sheet: str, values: Mapping[tuple[int, int], Any]) -> str:
    from openpyxl.utils import column_index_from_string

    def with_value(match: re.Match[str]) -> str:
        value = values.get((int(match["row"]), column_index_from_string(match["letters"])))
        if value is None:
            return match[0]
        kind, text = _stored(value)
        return f'<c r="{match["letters"]}{match["row"]}"{match["rest"]}{kind}>{match["formula"]}<v>{text}</v></c>'

    return _FORMULA.sub(with_value, sheet)


def _stored(value: object) -> tuple[str, str]:
    """The cell's type and text as the file format has them."""
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, int | float):
        return "", repr(value)
    text = str(value)
    return (' t="e"' if text.startswith("#") else ' t="str"'), escape(text)


def _opened(data: bytes) -> ZipFile:
    try:
        return ZipFile(BytesIO(data))
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableError("it is no Excel workbook (.xlsx)") from error


def _defines_entities(package: ZipFile, name: str) -> bool:
    try:
        with package.open(name) as part:
            return any(b"<!DOCTYPE" in block or b"<!ENTITY" in block for block in _blocks(part))
    except (BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise UnreadableError(f"its part {name} is damaged") from error


def _blocks(part: Any) -> Iterator[bytes]:
    """The content in overlapping blocks, so that no word is missed between two."""
    tail = b""
    while block := part.read(1 << 20):
        yield tail + block
        tail = block[-16:]
