"""One sync at a time, and a dead process never stands in the way."""

import os
import resource
import signal
import subprocess
import sys
import threading

import pytest

from trackersync.errors import StoreError
from trackersync.store import Store

HOLDER = """
import sys
from trackersync.store import Store
with Store.open(sys.argv[1]) as store, store.lock("sync"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(url, store):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.stdin.close()


def test_a_lock_held_by_another_process_is_refused_naming_it(store, holder):
    with (
        pytest.raises(
            StoreError, match=rf"another sync is running \(pid {holder.pid}\b.* since \d{{4}}-.* UTC\)"
        ) as caught,
        store.lock("sync"),
    ):
        pass
    assert caught.value.hint


def test_a_killed_process_holds_no_lock(store, holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with store.lock("sync", wait=10):  # PostgreSQL notices a moment later
        pass


def test_locks_of_different_names_do_not_meet(store, holder):
    with store.lock("pull / of web"), store.lock("migration"):
        pass


def test_a_lock_is_free_again_after_use_and_after_an_exception(store):
    with pytest.raises(RuntimeError), store.lock("sync"):
        raise RuntimeError
    with store.lock("sync"):
        pass
    with store.lock("sync"):
        pass


def test_a_lock_excludes_other_users_in_the_same_process(store):
    with store.lock("sync"), pytest.raises(StoreError, match=rf"\(pid {os.getpid()}\b"), store.lock("sync", wait=0.01):
        pass


def test_a_waiting_lock_is_taken_when_it_comes_free(store):
    waiting, release = threading.Event(), threading.Event()

    def hold():
        with store.lock("sync"):
            waiting.set()
            release.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    waiting.wait(10)
    timer = threading.Timer(0.05, release.set)
    timer.start()
    with store.lock("sync", wait=10):
        assert release.is_set()
    thread.join()
    timer.join()


def test_stores_in_different_places_do_not_share_locks(store, tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/other.db") as other, store.lock("sync"), other.lock("sync"):
        pass


def test_a_lock_file_that_cannot_be_made_is_a_store_error(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/store.db") as store:
        (tmp_path / "store.db.sync.lock").mkdir()
        with pytest.raises(StoreError, match="directory") as caught, store.lock("sync"):
            pass
        assert caught.value.hint


def test_a_lock_holds_where_not_a_byte_more_can_be_written(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Store.open(f"sqlite:///{tmp_path}/store.db") as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
        try:
            with store.lock("sync"), pytest.raises(StoreError, match="another sync is running"):
                store.lock("sync").__enter__()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
