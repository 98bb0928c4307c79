"""The tutorial and what follows it do what they show: their commands are typed into a shell, their output compared.

`…` on a line of its own stands for any lines; run ids, times and ages for whatever they are today. A YAML block with
the name of a file is that file: all of it, or sections in place of the tutorial's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from ruamel.yaml import YAML

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(console|yaml \S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BEGIN = "$ mkdir bicycles\n$ cd bicycles\n$ trackersync sandbox -- bash\n$ echo $TRACKERSYNC_SANDBOX_URL\n…\n"
PAGES = {
    "tutorial": "",
    "how-to/write-rules": "$ trackersync pull\n…\n",
    "how-to/migrate-labels": "$ trackersync sync\n…\n",
}
"""Each with what its reader has done before."""
RUN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
TODAY = ((RUN, "RUN"), (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?"), "TIME"), (re.compile(r"\b\d+\+"), "AGE"))
SHOWN_PORT = "8484"
ENDED = "the command ended with"

pytestmark = pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("curl")), reason="the tutorial needs bash and curl, as it says"
)


class Shell:
    """A reader's shell in a folder of its own; the port of the sandbox is a free one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        left_out = ("TRACKERSYNC", "COV", "GITHUB_TOKEN", "JIRA_TOKEN")
        env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        env["TRACKERSYNC_BY"] = "ann"
        env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
        self.process = subprocess.Popen(
            ["bash"], cwd=folder, env=env, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def type(self, command: str) -> tuple[int, str]:
        """The exit code and what was printed, also where the command is a shell that now reads on."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{command}\necho {ENDED} $?\n")
        self.process.stdin.flush()
        printed = []
        for line in self._lines():
            if line.startswith(ENDED):
                return int(line.removeprefix(ENDED)), "".join(printed)
            printed.append(line)
        raise AssertionError(f"the shell ended: {''.join(printed)}")

    def _lines(self) -> Iterator[str]:
        assert self.process.stdout is not None
        yield from iter(self.process.stdout.readline, "")

    def close(self) -> None:
        self.process.terminate()
        self.process.communicate()


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path)
    yield shell
    shell.close()


def steps(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a block with what it is shown to print."""
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = step.partition("\n")
        yield command, shown


def comparable(text: str) -> list[str]:
    """The lines without what is of today, and without the width of the columns, which depends on it."""
    for pattern, word in TODAY:
        text = pattern.sub(word, text)
    return [" ".join(line.split()) for line in text.strip().splitlines()]


def shown_as(lines: list[str]) -> str:
    """A pattern of what is shown: an ellipsis is any lines, everything else itself."""
    return "".join(r"(?:.*\n)*?" if line == "…" else re.escape(line) + "\n" for line in lines)


def blocks(page: str) -> list[tuple[str, str]]:
    """The kind and text of each block that is typed or saved; a page that follows the tutorial has its file already."""
    found: list[tuple[str, str]] = BLOCK.findall((DOCS / f"{page}.md").read_text(encoding="utf-8"))
    if not PAGES[page]:
        return found
    file = next(block for block in blocks("tutorial") if block[0] != "console")
    return [("console", BEGIN), file, ("console", PAGES[page]), *found]


def save(name: str, text: str, folder: Path, whole: str) -> None:
    """The file as it stands on the page, or the tutorial's with these sections in place of its own."""
    if "version:" not in text:
        yaml, out = YAML(typ="safe"), StringIO()
        yaml.dump({**yaml.load(whole), **yaml.load(text)}, out)
        text = out.getvalue()
    (folder / name).write_text(text, encoding="utf-8")


class Reader:
    """Types what a page shows, with the port of this sandbox and the ids of these runs in place of the page's."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.port = SHOWN_PORT
        self.runs: dict[str, str] = {}

    def type(self, command: str, shown: str) -> None:
        typed = RUN.sub(self._run, command.replace(SHOWN_PORT, self.port)).replace("sandbox --", "sandbox --port 0 --")
        code, printed = self.shell.type(typed)
        if found := re.fullmatch(r"http://localhost:(\d+)\n", printed):
            self.port = found[1]
        assert code == 0, f"{command}\n{printed}"
        compare(command, shown, printed.replace(self.port, SHOWN_PORT))
        # Where several are listed the page goes on with the last of them.
        known, real = RUN.findall(shown), RUN.findall(printed)
        self.runs |= {known[-1]: real[-1]} if known else {}

    def _run(self, found: re.Match[str]) -> str:
        return self.runs[found[0]]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_prints_what_the_page_shows(page: str, shell: Shell, tmp_path: Path) -> None:
    reader = Reader(shell)
    (whole,) = (text for kind, text in blocks("tutorial") if kind != "console")
    for kind, block in blocks(page):
        if kind == "console":
            for command, shown in steps(block):
                reader.type(command, shown)
        else:
            here, sections = (text.replace(SHOWN_PORT, reader.port) for text in (whole, block))
            save(kind.removeprefix("yaml "), sections, tmp_path / "bicycles", here)


def compare(command: str, shown: str, printed: str) -> None:
    told = "".join(f"{line}\n" for line in comparable(printed))
    assert re.fullmatch(shown_as(comparable(shown)), told), f"$ {command}\nshows\n{shown}\nbut prints\n{printed}"


def test_the_tutorial_has_the_steps_it_promises() -> None:
    commands = [command for kind, block in blocks("tutorial") if kind == "console" for command, _ in steps(block)]
    for needed in ("check", "pull", "score", "explain", "plan", "apply", "sync", "overrides", "history", "revert"):
        assert any(command.startswith(f"trackersync {needed}") for command in commands), needed
