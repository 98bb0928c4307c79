"""Whatever a page names is there: files, anchors, commands and their options; and index.md leads to every page."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings: small, without punctuation, hyphens for spaces."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [target for target in LINK.findall(text) if not target.startswith("http")]


def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in links(page):
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def test_every_picture_is_shown_and_told_in_words(root: Path) -> None:
    shown = {
        (page.parent / target).resolve(): words
        for page in [root / "README.md", *root.glob("docs/**/*.md")]
        for words, target in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    }
    assert set(shown) == set((root / "docs" / "images").iterdir())
    assert all(len(words.split()) > 3 for words in shown.values())


def test_every_command_exists_with_its_options(page: Path, fenced, commands, parse) -> None:
    for kind, name, text in fenced(page):
        if kind in {"", "sh", "console", "yaml", "ini"} or (kind == "text" and name):
            for words in commands(text):
                try:
                    parse(words)
                except click.exceptions.Exit:  # --help
                    pass
                except click.UsageError as error:
                    pytest.fail(f"trackersync {' '.join(words)}: {error.format_message()}")


def test_the_index_leads_to_every_page(root: Path) -> None:
    seen, ahead = set(), [root / "docs" / "index.md"]
    while ahead:
        page = ahead.pop()
        if page not in seen and page.suffix == ".md":
            seen.add(page)
            ahead += [(page.parent / target.partition("#")[0]).resolve() for target in links(page)]
    assert set(root.glob("docs/**/*.md")) <= seen
    assert root / "docs" / "index.md" in [(root / target).resolve() for target in links(root / "README.md")]
