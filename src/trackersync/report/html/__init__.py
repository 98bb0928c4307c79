"""The report as one HTML file that asks for nothing: style, script and data are all inside."""

from __future__ import annotations

import base64
import hashlib
import html
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from trackersync.errors import TrackersyncError
from trackersync.report.html.data import cut, page_data
from trackersync.report.ranking import listed

if TYPE_CHECKING:
    from trackersync.report.contents import Contents

_WITHOUT_SCRIPT = 100
"""So many issues are there to be read where scripts are switched off."""
_MADE_AT = '<meta name="trackersync-made-at" content="'
HEAD = 4000
"""Characters of a file within which it says when it was made."""


def render_html(contents: Contents) -> str:
    """The whole file. `TrackersyncError` where the page's script was never built."""
    style, script = _built("page.css"), _built("page.js")
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n',
            f'{_MADE_AT}{contents.made_at.isoformat()}">\n',
            '<link rel="icon" href="data:,">\n<title>Priorities</title>\n',
            f"<style>{style}</style>\n</head>\n<body>\n",
            _without_script(contents),
            f'<script type="application/json" id="data">{_inside_script(page_data(contents))}</script>\n',
            f"<script>{script}</script>\n</body>\n</html>\n",
        )
    )


def made_at(text: str) -> datetime | None:
    """When a report was made, from its first characters; None for what is no report."""
    _, found, rest = text[:HEAD].partition(_MADE_AT)
    try:
        return datetime.fromisoformat(rest.partition('"')[0]) if found else None
    except ValueError:
        return None


def _built(name: str) -> str:
    file = files("trackersync.report.html").joinpath("built", name)
    if not file.is_file():
        hint = "a source tree builds it with `make page`, which needs Node; a wheel has it"
        raise TrackersyncError(f"the report's {name} is not there", hint=hint)
    return file.read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The one inline script or style that a browser may use, by its digest (CSP, level 2)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _inside_script(data: object) -> str:
    """JSON that cannot end the element that it is in, nor open a comment there (HTML, "script data" states)."""
    text = msgspec.json.encode(data).decode()
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _without_script(contents: Contents) -> str:
    ranking = contents.ranking
    table = listed(ranking, _WITHOUT_SCRIPT)
    head = "".join(f"<th>{html.escape(heading)}</th>" for heading, _ in table.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{html.escape(cut(cell))}</td>' for cell in row)}</tr>\n" for row in table.rows)
    told = f"The first {len(table.rows)} of {len(ranking.ranked)} issues. Search, charts and reasons need scripts."
    return f"<noscript><h1>Priorities</h1><p>{told}</p><table><tr>{head}</tr>\n{rows}</table></noscript>\n"
