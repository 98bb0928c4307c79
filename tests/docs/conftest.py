"""The pages, and the commands that stand on them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from itertools import dropwhile, groupby
from pathlib import Path

import click
import pytest

from trackersync.cli.program import program

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("config/*.md"), *ROOT.glob("docs/**/*.md"),
                *ROOT.glob("plugins/*/README.md")])  # fmt: skip
FENCED = re.compile(r"^```(\S*)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def fenced() -> Callable[[Path], list[tuple[str, str, str]]]:
    """The kind, the file's name and the text of each fenced block of a page."""
    return lambda page: FENCED.findall(page.read_text(encoding="utf-8"))


@pytest.fixture
def commands() -> Callable[[str], list[list[str]]]:
    """What is given to `trackersync` in a text of shell commands."""

    def commands(text: str) -> list[list[str]]:
        lines = re.sub(r"\$\{\{.*?\}\}", "X", text.replace("\\\n", " ")).splitlines()
        return [words for line in lines for words in _called(line)]

    return commands


def _called(line: str) -> Iterator[list[str]]:
    """The words of each call on a line of a shell, a crontab or a unit, whatever stands around it."""
    if "trackersync " not in line:
        return
    lexer = shlex.shlex(re.sub(r"\$\{\w+:\+.*\}|^ExecStart=", "", line), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = [word for word in lexer if word not in {"$", "-", "run:"}]
    for operator, part in groupby(words, lambda word: set(word) <= set("&|;<>()")):
        call = list(dropwhile(lambda word: re.match(r"\w+=", word), part))
        # Behind a schedule and a user the program has its whole path.
        call = list(dropwhile(lambda word: not word.endswith("/trackersync"), call)) or call
        if not operator and call[1:] and call[0].rpartition("/")[2] == "trackersync":
            yield call[1:]


@pytest.fixture
def parse() -> Callable[[list[str]], None]:
    """Read the words as the program would, and run nothing; raises what click raises."""

    def parse(words: list[str]) -> None:
        command, context, name = program, None, "trackersync"
        while True:
            context = command.make_context(name, list(words), parent=context)
            if not isinstance(command, click.Group):
                return
            rest = [*context._protected_args, *context.args]
            if not rest:
                return
            name, command, words = command.resolve_command(context, rest)

    return parse
