"""What a plan costs at the size of a large company: its moves, its bytes, its sight."""

from __future__ import annotations

import random
import time
from bisect import bisect_left
from pathlib import Path

from trackersync.plan.order import least_moves

MILLION, CHANGES, SHOWN = 1_000_000, 100_000, 40_000
SCRIPT = str(Path(__file__).parent / "loops" / "large_plan.py")


def cpu(work) -> tuple[float, object]:
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def by_the_textbook(present: list[str], wanted: list[str]) -> list[str]:
    """Piles with back links in lists and dicts, as it is commonly written down, and then what is to be moved."""
    place = {id_: index for index, id_ in enumerate(wanted)}
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in [place[id_] for id_ in present]:
        pile = bisect_left(tails, number)
        before[number] = tails[pile - 1] if pile else None
        tails[pile : pile + 1] = [number]
    kept, link = set(), tails[-1]
    while link is not None:
        kept.add(wanted[link])
        link = before[link]
    return [id_ for id_ in wanted if id_ not in kept]


def test_the_moves_of_a_million_issues(compare):
    wanted = [str(10_000 + number) for number in range(MILLION)]
    draw = random.Random(7)
    present = draw.sample(wanted, MILLION)
    ours, moves = cpu(lambda: least_moves(present, wanted))
    theirs, moved = cpu(lambda: by_the_textbook(present, wanted))
    assert [move.id for move in moves] == moved
    others = {"textbook loop": theirs, "the 2 s we promise": 2}
    compare(f"the least moves of {MILLION:,} shuffled issues, cpu", ours, "s", others)


def test_a_plan_of_a_hundred_thousand_changes(program, compare, tmp_path):
    def measure(what: str, changes: int):
        return program(SCRIPT, what, str(changes), cwd=tmp_path)

    saved, read = measure("save", CHANGES), measure("read", CHANGES)
    what = f"plan of {CHANGES:,} changes"
    compare(f"{what}, made, sealed and saved, cpu", saved.cpu, "s", {"the 10 s we promise": 10})
    compare(f"{what}, made, sealed and saved, peak memory", saved.megabytes, "MB", {"the 1 GB we promise": 1024})
    compare(f"{what}, made and read back, cpu", read.cpu, "s", {"made, sealed and saved": saved.cpu})
    compare(f"{what}, made and read back, peak memory", read.megabytes, "MB", {"the 1 GB we promise": 1024})


def test_many_changes_on_the_screen(program, compare, tmp_path):
    bare, lines, table = (program(SCRIPT, what, str(SHOWN), cwd=tmp_path) for what in ("nothing", "lines", "table"))
    assert f"CORE-{SHOWN // 2}" in lines.out
    what = f"plan --all of {SHOWN:,} changes"
    compare(f"{what}, cpu", lines.cpu - bare.cpu, "s", {"one table by rich": table.cpu - bare.cpu})
    compare(f"{what}, peak memory", lines.megabytes, "MB", {"one table": table.megabytes, "unprinted": bare.megabytes})
