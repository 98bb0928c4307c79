"""Reads the issues a sandbox starts with: the user's API-form files, or the built-in backlog."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import islice
from pathlib import Path

import msgspec

from trackersync_sandbox.state import JSON


@dataclass(frozen=True, slots=True)
class Backlog:
    """What one tracker starts with."""

    issues: Mapping[str, Iterable[JSON]]
    """By `OWNER/REPO` or project key: issues as the tracker's API gives them; to be read once."""
    board: JSON = field(default_factory=dict)
    """The tracker's part of `backlog/board.json`; empty for the user's own files."""


def from_files(paths: Mapping[str, Sequence[Path]], selected: Callable[[Iterator[JSON]], Iterator[JSON]]) -> Backlog:
    """The user's own files, each run through `selected`."""
    return Backlog({key: _chained(some, selected) for key, some in paths.items()})


def built_in(tracker: str, key: str, selected: Callable[[Iterator[JSON]], Iterator[JSON]]) -> Backlog:
    """The backlog that comes with the sandbox: package data `backlog/{tracker}.jsonl` and `backlog/board.json`."""
    folder = files("trackersync_sandbox") / "backlog"
    lines = (folder / f"{tracker}.jsonl").read_bytes().splitlines()
    board = msgspec.json.decode((folder / "board.json").read_bytes())
    return Backlog({key: selected(_decoded(lines, f"{tracker}.jsonl"))}, board[tracker])


def selection(
    is_open: Callable[[JSON], bool], *, limit: int | None, open_only: bool
) -> Callable[[Iterator[JSON]], Iterator[JSON]]:
    """What `--open-only` and then `--limit` let through of one file."""

    def selected(issues: Iterator[JSON]) -> Iterator[JSON]:
        return islice((issue for issue in issues if is_open(issue) or not open_only), limit)

    return selected


def _chained(paths: Sequence[Path], selected: Callable[[Iterator[JSON]], Iterator[JSON]]) -> Iterator[JSON]:
    for path in paths:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            yield from selected(_decoded(lines, path.name))


def _decoded(lines: Iterable[bytes], name: str) -> Iterator[JSON]:
    """One object a line; empty lines are passed over. Raises ValueError naming the file and the line."""
    decoder = msgspec.json.Decoder(JSON)
    number = 0
    try:
        for number, line in enumerate(lines, start=1):  # noqa: B007 - told where it fails
            if line.strip():
                yield decoder.decode(line)
    except msgspec.DecodeError as exc:
        raise ValueError(f"{name}:{number}: not a JSON object a line, as the API lists issues: {exc}") from exc
    except EOFError as exc:
        raise ValueError(f"{name}: cut off after line {number}") from exc
