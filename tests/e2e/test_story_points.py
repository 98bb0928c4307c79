"""The command that config/ documents: a real project ranked by priority and story points, with reasons."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

ROOT = Path(__file__).parents[2]
TEAM = "config/teams/timob-value-effort.yaml"
WORTH = {"Critical", "High", "Medium", "Low", "Trivial"}
PORT, TOP = "8484", 15


def documented() -> str:
    """The one command, which the README and the head of the file tell alike."""
    readme = (ROOT / "config/README.md").read_text(encoding="utf-8")
    told = re.search(r"```\n(trackersync .*?)\n```", readme, re.DOTALL)
    assert told is not None
    head = re.sub(r"^# *", "", (ROOT / TEAM).read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert re.sub(r"\n *", "\n", told[1]) in head
    return told[1]


@pytest.fixture
def checkout(shared: Path, tmp_path: Path) -> Path:
    """A folder as the command expects it, beside the real data; the port is one that nobody uses."""
    (tmp_path / "shared").symlink_to(shared)
    copy = tmp_path / "checkout" / TEAM
    copy.parent.mkdir(parents=True)
    copy.write_text((ROOT / TEAM).read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path / "checkout"


@pytest.fixture
def environment() -> Mapping[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "TRACKERSYNC", "JIRA"))}
    return mine | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def free_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return str(taken.getsockname()[1])


def one_line_each(table: str) -> str:
    """The rows with what was wrapped in their last column."""
    return re.sub(r" *\n {20,}", " ", table)


@pytest.fixture
def expected(shared: Path) -> Mapping[str, set[str]]:
    """What each open issue lacks, worked out from the data itself."""
    with (shared / "data/jira-timob-storypoints.csv").open(encoding="utf-8", newline="") as table:
        estimated = {row["issuekey"] for row in csv.DictReader(table)}
    with gzip.open(shared / "data/jira-timob.jsonl.gz") as lines:
        issues = [msgspec.json.decode(line) for line in lines]
    return {
        f"jira:{issue['key']}": {
            *([] if (issue["fields"]["priority"] or {}).get("name") in WORTH else ["value"]),
            *([] if issue["key"] in estimated else ["effort"]),
        }
        for issue in issues
        if issue["fields"]["status"]["statusCategory"]["key"] != "done"
    }


def test_one_command_ranks_what_has_both_inputs_and_tells_what_the_others_need(
    checkout: Path, environment: Mapping[str, str], expected: Mapping[str, set[str]]
) -> None:
    command, port, team = documented(), free_port(), checkout / TEAM
    team.write_text(team.read_text(encoding="utf-8").replace(f":{PORT}/", f":{port}/"), encoding="utf-8")

    def ran(line: str) -> str:
        done = subprocess.run(
            line, shell=True, cwd=checkout, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    shown = ran(command.replace(" sandbox ", f" sandbox --port {port} "))
    ranking: dict[str, Any] = json.loads(ran(f"trackersync -c {TEAM} score --format json"))

    ranked = {entry["ref"] for entry in ranking["ranked"]}
    assert ranked == {ref for ref, lacks in expected.items() if not lacks}
    assert {entry["ref"]: set(entry["missing"]) for entry in ranking["needs_input"]} == {
        ref: lacks for ref, lacks in expected.items() if lacks
    }
    assert f"Needs input ({len(expected) - len(ranked):,} issues" in shown
    rows = re.findall(
        r"^ *(\d+)  (now|next|later) +([\d.]+)  (\S+) .*  (value-effort .*\S)", one_line_each(shown), re.MULTILINE
    )
    assert [(rank, band, score, ref) for rank, band, score, ref, _ in rows] == [
        (str(entry["rank"]), entry["band"], str(entry["score"]), entry["ref"]) for entry in ranking["ranked"][:TOP]
    ]
    assert all(re.match(r"value-effort \+[\d.]+ \(\d+ / \d+\)", why) for *_, why in rows), rows
