"""docs/tutorial.md does what it shows: its commands are typed into one shell, and what they print is compared.

`…` on a line of its own stands for any lines; run ids, times and ages for whatever they are today.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(console|yaml \S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
RUN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
TODAY = ((RUN, "RUN"), (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?"), "TIME"), (re.compile(r"\b\d+\+"), "AGE"))
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
        env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
        self.process = subprocess.Popen(
            ["bash"], cwd=folder, env=env, text=True,
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


def test_every_command_prints_what_the_page_shows(shell: Shell, tmp_path: Path) -> None:
    port, runs = "8484", {}
    for kind, block in BLOCKS:
        if kind != "console":
            file = tmp_path / "bicycles" / kind.removeprefix("yaml ")
            file.write_text(block.replace("8484", port), encoding="utf-8")
            continue
        for command, shown in steps(block):
            typed = RUN.sub(lambda found: runs[found[0]], command.replace("8484", port))
            code, printed = shell.type(typed.replace("sandbox --", "sandbox --port 0 --"))
            if found := re.fullmatch(r"http://localhost:(\d+)\n", printed):
                port = found[1]
            printed = printed.replace(port, "8484")
            assert code == 0, f"{command}\n{printed}"
            told = comparable(printed)
            assert re.fullmatch(shown_as(comparable(shown)), "".join(f"{line}\n" for line in told)), (
                f"$ {command}\nshows\n{shown}\nbut prints\n{printed}"
            )
            runs |= matching_runs(shown, printed)


def matching_runs(shown: str, printed: str) -> dict[str, str]:
    """The run ids of the page with the real ones, where the output tells one run, or the last of a list."""
    known, real = RUN.findall(shown), RUN.findall(printed)
    return {known[-1]: real[-1]} if known else {}


def test_the_page_has_the_steps_it_promises() -> None:
    commands = [command for kind, block in BLOCKS if kind == "console" for command, _ in steps(block)]
    for needed in ("check", "pull", "score", "explain", "plan", "apply", "sync", "overrides", "history", "revert"):
        assert any(command.startswith(f"trackersync {needed}") for command in commands), needed
