"""What trackers send is untrusted: made harmless for the place it is shown in."""

from __future__ import annotations

import json
import re
import unicodedata
from urllib.parse import quote, urlsplit

# Cc: control characters, among them ESC, which drives terminals. Cf: invisible ones, among them the bidi overrides that
# make text read otherwise than it is (Trojan Source, CVE-2021-42574). Zs/Zl/Zp line breaks end a table's row.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})
# Zero width joiner: part of ordinary emoji, and harmless.
_KEPT = frozenset({"\u200d"})
# All that could be one of these: neither ASCII that is shown as it is, nor a letter or digit of any script.
_DOUBTFUL = re.compile(r"[^ -~\w]")
_DOUBTFUL_IN_JSON = re.compile(r"[^\x00-~\w]")
# Scheme and `www`, as GitHub's Markdown makes links of them by itself.
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)


def printable(text: str) -> str:
    """One line that moves no cursor and hides nothing: other characters appear escaped, white space as a blank."""
    if text.isascii() and text.isprintable():
        return text
    return _DOUBTFUL.sub(lambda found: _shown(found[0]), text)


def _shown(character: str) -> str:
    if character in "\n\r\t":
        return " "
    if unicodedata.category(character) in _UNPRINTABLE and character not in _KEPT:
        return character.encode("unicode_escape").decode()
    return character


def json_text(document: object) -> str:
    """The document as JSON for eyes and machines: the same data, but what `printable` escapes is escaped here too."""
    # JSON itself escapes the control characters below the blank, so that the only ones left are line breaks of ours.
    return _DOUBTFUL_IN_JSON.sub(_as_json, json.dumps(document, ensure_ascii=False, indent=1))


def _as_json(found: re.Match[str]) -> str:
    character = found[0]
    return character if _shown(character) == character else json.dumps(character)[1:-1]


_FORMULA = re.compile(r"(^|[;|])(?= *[=+\-@])")
_EXACT = 2**53
"""Up to here every whole number is a float of its own."""


def csv_cell(value: object) -> object:
    """A cell no spreadsheet takes for a formula (OWASP, CSV injection): text that could be one gets a quote before.

    Also behind what separates cells in other countries: there a file with commas is opened as if it had those.

    Numbers stay exact, whole ones without a point.
    """
    if isinstance(value, str):
        text = printable(value)
        return _FORMULA.sub(r"\1'", text)
    if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT:
        return int(value)
    return value


def markdown_cell(text: str) -> str:
    """Text inside a Markdown table: no cell, link, mention, tag or emphasis of its own."""
    escaped = "".join(f"\\{c}" if c in "\\`*_{}[]<>|#!~" else c for c in printable(text))
    # Renderers look for addresses when escapes are gone already; only what stands between keeps them from it.
    return _ADDRESS.sub("\u200b", escaped)


def web_address(url: str) -> str:
    """The address, where it is one that a browser may be sent to; else nothing."""
    try:
        scheme = urlsplit(url).scheme.casefold()
    except ValueError:
        return ""
    return url if scheme in {"http", "https"} else ""


def markdown_link(text: str, url: str) -> str:
    """Text that leads to a page of the web; where the address is none, the text alone."""
    # What ends a link, a cell or a line in Markdown is told in percent.
    address = quote(web_address(url), safe=":/?#@!$&'*+,;=%~-._")
    return f"[{markdown_cell(text)}]({address})" if address else markdown_cell(text)
