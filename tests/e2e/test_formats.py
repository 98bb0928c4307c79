"""docs/reference/formats.md has every key that `--format json` prints, and no other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import pytest

from trackersync.cli.program import program

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"
OPEN = {"outcomes", "people", "words", "given"}
"""Objects whose keys are no names of ours: on the page they are `*`."""
AN_ISSUE = {"ref", "tracker", "title", "url"}
WITHIN = {
    "higher.": ("explain", ""),
    "lower.": ("explain", ""),
    "tests[].explanations[].": ("explain", ""),
    "frameworks[].": ("frameworks NAME", ""),
    "examples[].inputs[].": ("frameworks NAME", "inputs[]."),
}
"""What begins so is as under another heading, and there begins so."""
ISSUE = "acme/web#21"
SHOWN = {
    "pull": [("pull", "--full")],
    "score": [("score", "--why", "--robust")],
    "explain": [("explain", "acme/web#1")],
    "explain --vs": [("explain", ISSUE, "--vs", "CORE-7")],
    "history": [("history",)],
    "history REF": [("history", ISSUE)],
    "report": [("report",), ("report", "--since", "2w")],
    "overrides": [("overrides",)],
    "overrides --by-rule": [("overrides", "--by-rule")],
    "doctor": [("doctor",)],
    "rules test": [("rules", "test")],
    "frameworks": [("frameworks",)],
    "frameworks NAME": [("frameworks", "weighted"), ("frameworks", "rice")],
    "compare": [("compare", "other.yaml"), ("rules", "diff", "other.yaml")],
}
"""By its heading on the page: what prints the format, after all that is done in `busy`."""
MORE = """
votes:
  list:
    - {person: Ann, issue: CORE-7, input: effort, value: 1}
    - {person: Bob, issue: CORE-7, input: effort, value: 40}
tests:
  - {name: it fails, given: {reach: 1, impact: high, effort: 1}, expect: {excluded: true}}
"""


def paths(value: Any, path: str = "") -> Iterator[str]:
    """`ranked[].why[].name`: where every single value stands."""
    match value:
        case dict():
            if value.keys() >= AN_ISSUE:
                yield f"{path}.ref".lstrip(".")
                value = {key: each for key, each in value.items() if key not in AN_ISSUE}
            for key, each in value.items():
                name = "*" if path.rpartition(".")[2] in OPEN else key
                yield from paths(each, f"{path}.{name}".lstrip("."))
        case list():
            for each in value:
                # What a place or a set of labels holds is a value, not a shape.
                yield from paths(each, f"{path}[]") if isinstance(each, dict) else [path]
            if not value:
                yield path
        case _:
            yield path


def told(heading: str) -> set[str]:
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (body,) = (text for text in sections if text.startswith(f"`{heading}`"))
    return set(re.findall(r"`([\w.*\[\]]+)`", "".join(re.findall(r"^\| (`[^|]+) \|", body, re.MULTILINE))))


def as_told(found: set[str], heading: str) -> set[str]:
    """The paths as the page has them: shapes of other headings in one word, nothing for what is null or empty today."""
    for begin, (other, there) in WITHIN.items():
        inside = {path for path in found if path.startswith(begin)}
        if inside:
            assert as_told({there + path.removeprefix(begin) for path in inside}, other) <= told(other), begin
            found = found - inside | {begin.rstrip(".")}
    known = told(heading)
    return {path for path in found if not any(other.startswith((f"{path}[]", f"{path}.")) for other in known)}


@pytest.fixture
def busy(run, sandbox, team, tmp_path: Path) -> Callable[..., Any]:
    """A team to whom everything happened that a format has a key for."""
    demo = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")
    demo = demo.replace("due_in_days < 14", "has_label('customer')")  # the same on every day
    demo = demo.replace("scale: {min: 0.5}", "scale: {min: 0.5, max: 40}\n    uncertainty: 40%")
    demo = demo.replace("  adjustments:\n", "  adjustments:\n    - {name: epics, when: type = 'epic', exclude: true}\n")
    file = team(demo + MORE, sandbox.url)
    other = file.read_text(encoding="utf-8").replace("multiply: 1.5", "multiply: 9").replace("'epic'", "'task'")
    (tmp_path / "other.yaml").write_text(other, encoding="utf-8")
    assert run("sync").code == 0
    sandbox.edit(f"github:{ISSUE}", labels=["impact/medium", "priority/P3"])
    sandbox.post("delete", {"ref": "jira:CORE-6"})
    run("plan")
    return lambda *arguments: json.loads(run(*arguments, "--format", "json").out)


def test_every_key_that_is_printed_is_on_the_page_and_no_other(busy) -> None:
    for heading, commands in SHOWN.items():
        printed = [as_told(set(paths(busy(*command))), heading) for command in commands]
        assert all(found <= told(heading) for found in printed), heading
        assert set.union(*printed) == told(heading), heading


def test_every_command_that_prints_json_is_on_the_page() -> None:
    printing = {" ".join(words) for words in _printing(program, ())}
    shown = {" ".join(command) for commands in SHOWN.values() for command in commands}
    assert not [name for name in printing if not any(f"{command} ".startswith(f"{name} ") for command in shown)]


def _printing(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if any(isinstance(option.type, click.Choice) and "json" in option.type.choices
           for option in command.params if option.name == "form"):  # fmt: skip
        yield words
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from _printing(command.get_command(context, name), (*words, name))
