"""Kills an apply of some 500 changes at random points and goes on with the same plan, until it is through.

`python tests/kill/kill_anywhere.py [--kills N] [--seed N]`; `make kill` kills 200 times. Each kill is a SIGKILL before
or after a request or a commit. After each round the trackers must stand as after a run that nothing disturbed, no write
may have been made twice, and a new plan must find nothing left to write.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from trackers import TEAM, Trackers

from trackersync_sandbox.server import Server

VICTIM = str(Path(__file__).with_name("victim.py"))
A_ROUND = 10
"""Kills before the plan is through: each costs the start of a program, and each round a whole apply."""


class Rehearsal:
    """A folder with a plan, the trackers it is for, and the program that applies it."""

    def __init__(self, trackers: Trackers, url: str, folder: Path) -> None:
        self.trackers = trackers
        self._url = url
        self._template, self._folder = folder / "template", folder / "round"
        self._folder.mkdir()
        (self._folder / "trackersync.yaml").write_text(TEAM.replace("URL", url))
        self.run(0, "plan", "--out", "plan.json")
        self.changes = len(json.loads((self._folder / "plan.json").read_text())["changes"])
        shutil.copytree(self._folder, self._template)

    def run(self, last_step: int, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, VICTIM, str(last_step), *arguments]
        tokens = {"GITHUB_TOKEN": "ghp_demo_token", "JIRA_TOKEN": "jira_demo_token"}
        return subprocess.run(
            command, cwd=self._folder, env=os.environ | tokens, capture_output=True, text=True, check=False
        )

    def renew(self) -> None:
        shutil.rmtree(self._folder)
        shutil.copytree(self._template, self._folder)
        self.trackers.renew()

    def undisturbed(self) -> int:
        """Apply the plan in peace: the steps that takes."""
        ended = self.run(0, "apply", "plan.json")
        expect(ended.returncode == 0, f"an undisturbed apply ended with {ended.returncode}: {ended.stderr}")
        return int(ended.stderr.splitlines()[-1])

    def state(self) -> bytes:
        return self._sandbox("state")

    def writes(self) -> list[str]:
        return json.loads(self._sandbox("writes"))["writes"]

    def _sandbox(self, path: str) -> bytes:
        with urllib.request.urlopen(f"{self._url}/_sandbox/{path}") as answer:
            return answer.read()

    def round(self, points: list[int]) -> int:
        """Kill at each of these points, counted on from the last, and then finish: how many kills struck."""
        self.renew()
        struck = 0
        for before, point in zip([0, *points], points, strict=False):
            struck += self.run(point - before, "apply", "plan.json").returncode == -signal.SIGKILL
        ended = self.run(0, "apply", "plan.json")
        expect(ended.returncode == 0, f"the last apply ended with {ended.returncode}: {ended.stdout}{ended.stderr}")
        return struck

    def nothing_left(self) -> bool:
        return self.run(0, "plan", "--exit-code").returncode == 0


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"failed: {otherwise}")


def kill(rehearsal: Rehearsal, kills: int, chance: random.Random) -> tuple[int, int]:
    steps, wanted, calm = rehearsal.undisturbed(), rehearsal.state(), len(rehearsal.writes())
    print(f"{rehearsal.changes} changes are applied in {steps} steps and {calm} writes", flush=True)
    struck = rounds = 0
    while struck < kills:
        points = sorted(chance.sample(range(1, steps), min(A_ROUND, kills - struck)))
        struck += rehearsal.round(points)
        rounds += 1
        print(f"round {rounds}: killed at {', '.join(map(str, points))}; {struck} kills", flush=True)
        twice = [write for write, times in Counter(rehearsal.writes()).items() if times > 1]
        expect(not twice, f"written twice: {twice}")
        expect(rehearsal.state() == wanted, "the trackers stand otherwise than after an undisturbed run")
        expect(rehearsal.nothing_left(), "a new plan finds something to write")
    return struck, rounds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    began = time.monotonic()
    trackers = Trackers()
    server = Server(trackers)
    with server.in_background() as url, TemporaryDirectory() as folder:
        struck, rounds = kill(Rehearsal(trackers, url, Path(folder)), options.kills, random.Random(options.seed))
    print(f"{struck} kills in {rounds} rounds: nothing lost, nothing written twice; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
