"""How long a report takes to write and to open, and how large it is, next to ranking the same and to an empty page."""

from __future__ import annotations

import time
from datetime import timedelta
from importlib import import_module

import pytest
from msgspec.structs import replace

from trackersync.change import Change, Outcome, Status, WriteTarget
from trackersync.model import Standing
from trackersync.store import Store

BORN = import_module("tests.benchmarks.test_program_benchmark").BORN

RUNS, WRITTEN = 20, 5_000
SIZES = {2_000: (3, 5, 1), 20_000: (15, 30, 3)}
"""How many issues, and what is promised: seconds to write, megabytes, seconds to the first paint."""
FRAME = 1 / 60
FILTERING = """
const [id, value, event] = arguments;
const input = document.getElementById(id);
const begin = performance.now();
input.value = value;
input.dispatchEvent(new Event(event));
document.body.offsetHeight;
return performance.now() - begin;
"""
SCROLLING = """
const told = arguments[0];
let longest = 0, before = performance.now(), steps = 0;
function step() {
  const now = performance.now();
  longest = Math.max(longest, now - before);
  before = now;
  steps += 1;
  scrollTo(0, (document.body.scrollHeight * steps) / 60);
  if (steps < 60) requestAnimationFrame(step);
  else told([longest, document.querySelectorAll(".ranked tbody tr").length]);
}
requestAnimationFrame(step);
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
    compare(f"report of {size:,} issues", written, "s", {"score of the same": scored}, promised=writing)
    file, empty = tmp_path / "report.html", tmp_path / "empty.html"
    empty.write_text("<!doctype html><title>x</title><p>x")
    compare("its size", file.stat().st_size / 1e6, "MB", {"a megabyte": 1.0}, promised=mb)
    painted, nothing = (min(_painted(browser, each) for _ in range(5)) for each in (file, empty))
    compare("its first paint with rows", painted, "s", {"an empty page": nothing}, promised=paint)
    driver = browser.open(file)
    longest, rows = driver.execute_async_script(SCROLLING)
    assert rows < 100
    compare("its longest frame while it scrolls from end to end", longest / 1000, "s", {"an animation frame": FRAME})
    driver.execute_script("scrollTo(0, 0)")
    for seen in ("", ", charts and roadmap seen before"):
        for what, values in CHOICES.items():
            taken = max(_filtered(driver, *value) for value in (*values, ("search", "", "input")))
            compare(f"a filter by {what} in it{seen}", taken, "s", {"an animation frame": FRAME}, promised=0.1)
        for view in ("charts", "roadmap", "list"):
            driver.find_element("css selector", f'nav a[href="#{view}"]').click()


CHOICES = {
    "words": [("search", "issue 17", "input"), ("search", "i", "input")],
    "band": [("band", "P2", "change"), ("band", "", "change")],
    "label": [("label", "customer", "change"), ("label", "", "change")],
    "person": [("person", "Person 3", "change"), ("person", "", "change")],
}


def _filtered(driver, *choice: str) -> float:
    return driver.execute_script(FILTERING, *choice) / 1000


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
            store.record(run, [_written(each) for each in moved[:WRITTEN]], at=BORN)


def _written(standing: Standing) -> Outcome:
    target = WriteTarget("field", "Score")
    change = Change(ref=standing.ref, target=target, before=standing.score - 1, after=standing.score, reason="rank 4")
    return Outcome(change, Status.APPLIED)


def _painted(browser, file) -> float:
    """Seconds from the start to the first frame that is drawn once all that is there was run."""
    began = time.monotonic()
    driver = browser.open(file)
    driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    return time.monotonic() - began
