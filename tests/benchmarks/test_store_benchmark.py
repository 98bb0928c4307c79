"""What the store costs over sqlite3 by hand: 20,000 issues written and read back, as a ratio within one run."""

import sqlite3
import time
from datetime import UTC, datetime

import msgspec
import pytest

from trackersync.model import Issue, IssueRef, Person, StateCategory
from trackersync.store import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COUNT, PAGE = 20_000, 100


@pytest.fixture(scope="module")
def pages():
    body = "Steps to reproduce: open the page, press the button, wait — nothing happens.\n" * 30
    issues = [
        Issue(
            ref=IssueRef("web", "github", f"I_{number:06}", f"acme/web#{number}"),
            title=f"Issue {number}",
            url=f"https://github.com/acme/web/issues/{number}",
            state="open",
            state_category=StateCategory.TODO,
            created_at=NOON,
            updated_at=NOON,
            body=body,
            labels=("bug", "priority/P1"),
            author=Person("1", "mona"),
            reactions={"+1": number % 7},
            fields={"Reach": float(number), "Impact": "High"},
        )
        for number in range(COUNT)
    ]
    return [issues[start : start + PAGE] for start in range(0, COUNT, PAGE)]


def seconds(work):
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def test_store_against_sqlite3_by_hand(pages, tmp_path, compare):
    raw = sqlite3.connect(tmp_path / "raw.db")
    for pragma in ("page_size=16384", "journal_mode=WAL", "synchronous=FULL"):
        raw.execute(f"PRAGMA {pragma}")
    raw.execute("CREATE TABLE issue (id TEXT PRIMARY KEY, payload BLOB)")
    encode, decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(Issue).decode

    def write_by_hand():
        for page in pages:
            with raw:
                raw.executemany("INSERT INTO issue VALUES (?, ?)", [(issue.ref.id, encode(issue)) for issue in page])

    def read_by_hand():
        return [decode(payload) for (payload,) in raw.execute("SELECT payload FROM issue ORDER BY id")]

    with Store.open(f"sqlite:///{tmp_path}/store.db") as store:

        def write():
            return store.replace_snapshot("web", "github", pages, taken_at=NOON, accept=lambda *_: None)

        by_hand = [seconds(write_by_hand), seconds(read_by_hand)]
        ours = [seconds(write), seconds(lambda: store.issues(["web"], bodies=True))]
        alone, _ = seconds(lambda: store.issues(["web"]))
    raw.close()
    assert ours[1][1] == by_hand[1][1]
    for name, (our, _), (hand, _) in zip(("write", "read"), ours, by_hand, strict=True):
        compare(f"store: {name} {COUNT:,} issues, seconds", our, "s", {"sqlite3 by hand": hand})
    compare(f"store: read {COUNT:,} issues without bodies, seconds", alone, "s", {"sqlite3 by hand": by_hand[1][0]})
