"""How long a report takes to write and to open, and how large it is, next to ranking the same and to an empty page."""

from __future__ import annotations

import time
from datetime import timedelta
from importlib import import_module

import pytest
from msgspec.structs import replace

from trackersync.store import Store

BORN = import_module("tests.benchmarks.test_program_benchmark").BORN

RUNS = 20
SIZES = {2_000: ("3 s", "5 MB", "1 s"), 20_000: ("15 s", "30 MB", "3 s")}
"""How many issues, and what is promised: to write, in size, to the first paint; a filter in 100 ms."""
FILTERING = """
const input = document.getElementById("search");
const begin = performance.now();
input.value = "issue 17";
input.dispatchEvent(new Event("input"));
document.body.offsetHeight;
return performance.now() - begin;
"""


@pytest.mark.parametrize("size", SIZES)
def test_report(browser, program, compare, tmp_path, size):
    made = import_module("tests.benchmarks.test_program_benchmark")
    (tmp_path / "trackersync.yaml").write_text(made.RICE)
    made.keep_applied(tmp_path, size)
    keep_runs(tmp_path)
    writing, mb, paint = SIZES[size]
    scored = min(program("-m", "trackersync", "score", cwd=tmp_path).seconds for _ in range(3))
    since = (BORN + timedelta(days=10)).isoformat()
    written = min(program("-m", "trackersync", "report", "--since", since, cwd=tmp_path).seconds for _ in range(3))
    compare(f"report of {size:,} issues ({writing})", written, "s", {"score of the same": scored})
    file, empty = tmp_path / "report.html", tmp_path / "empty.html"
    empty.write_text("<!doctype html><title>x</title><p>x")
    compare(f"its size ({mb})", file.stat().st_size / 1e6, "MB", {"a megabyte": 1.0})
    painted, nothing = (min(_painted(browser, each) for _ in range(5)) for each in (file, empty))
    compare(f"its first paint with rows ({paint})", painted, "s", {"an empty page": nothing})
    browser.open(file)
    taken = [browser.driver.execute_script(FILTERING) / 1000 for _ in range(5)]
    compare("a search in it (0.1 s), the first", taken[0], "s", {"an animation frame": 1 / 60})
    compare("a search in it (0.1 s)", min(taken), "s", {"an animation frame": 1 / 60})


def keep_runs(folder) -> None:
    """Runs, each of which moved every issue; the report tells it all since the tenth."""
    with Store.open(f"sqlite:///{folder}/trackersync.db") as store:
        standings = list(store.standings().values())
        for number in range(1, RUNS + 1):
            run = store.begin_run(at=BORN + timedelta(days=number), plan_digest="d", allowed=(), by="ann")
            moved = [
                replace(
                    each, score=each.score + number % 7, points=(("rice", float(each.rank + number)), ("demand", 3.0))
                )
                for each in standings
            ]
            store.note_movements(["core"], moved, run=run)
            store.save_standings(["core"], moved, run=run)


def _painted(browser, file) -> float:
    """Seconds from the start to the first frame that is drawn once all that is there was run."""
    began = time.monotonic()
    driver = browser.open(file)
    driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    return time.monotonic() - began
