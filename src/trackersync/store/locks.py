"""Locks between processes, which end with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from urllib.parse import quote_plus

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from trackersync.errors import StoreError
from trackersync.store.database import Database

_POLL_SECONDS = 0.1


@contextmanager
def lock(database: Database, name: str, *, wait: float = 0) -> Iterator[None]:
    """Hold the lock `name` of this store; `StoreError` where another holds it for longer than `wait` seconds."""
    with _file_lock(database, name, wait) if database.is_sqlite else _advisory_lock(database, name, wait):
        yield


@contextmanager
def _file_lock(database: Database, name: str, wait: float) -> Iterator[None]:
    path = Path(f"{database.url.database}.{quote_plus(name)}.lock")
    try:
        file = path.open("ab", buffering=0)
    except OSError as error:
        hint = "the store's directory must exist and be writable"
        raise StoreError(f"store {database.shown}: {path}: {error.strerror}", hint=hint) from error
    # Never deleted: who deletes a lock file can let two in. The lock goes with the open file.
    with file:
        _await(lambda: _lock_file(file), name, wait, holder=lambda: _read_holder(path))
        yield


def _lock_file(file: FileIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    with suppress(OSError):  # on a full disk the lock holds all the same, only without its holder's name
        file.truncate(0)
        file.write(f"pid {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC".encode())
    return True


def _read_holder(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@contextmanager
def _advisory_lock(database: Database, name: str, wait: float) -> Iterator[None]:
    with database.explained():
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with connection:
        with database.explained():
            key = _advisory_key(connection, name)
            _await(lambda: _call(connection, "pg_try_advisory_lock", key), name, wait,
                   holder=lambda: _advisory_holder(connection, key))  # fmt: skip
        try:
            yield
        finally:
            # Back in the pool the session would keep the lock; a session that broke has lost it already.
            with suppress(SQLAlchemyError):
                _call(connection, "pg_advisory_unlock", key)


def _advisory_key(connection: Connection, name: str) -> int:
    # Advisory locks are one 64-bit space for the whole database, where each schema can be a store of its own.
    schema = connection.scalar(sa.text("SELECT current_schema()"))
    digest = hashlib.sha256(f"trackersync {schema} {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _call(connection: Connection, function: str, key: int) -> bool:
    return bool(connection.scalar(sa.select(getattr(sa.func, function)(sa.cast(key, sa.BigInteger)))))


def _advisory_holder(connection: Connection, key: int) -> str:
    query = sa.text(
        # Taking the lock was the last that its session was asked.
        "SELECT application_name || to_char(query_start AT TIME ZONE 'UTC', '\" since \"YYYY-MM-DD HH24:MI:SS\" UTC\"')"
        " FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE locktype = 'advisory' AND granted AND objsubid = 1"
        " AND classid::bigint = :high AND objid::bigint = :low"
        " AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    high, low = (key >> 32) & 0xFFFFFFFF, key & 0xFFFFFFFF
    said: str | None = connection.scalar(query, {"high": high, "low": low})
    return (said or "").removeprefix("trackersync ")


def _await(attempt: Callable[[], bool], name: str, wait: float, *, holder: Callable[[], str]) -> None:
    deadline = time.monotonic() + wait
    while not attempt():
        left = deadline - time.monotonic()
        if left <= 0:
            raise StoreError(
                f"another {name} is running ({holder() or 'pid unknown'})",
                hint="wait for it to end, or end it; a process that is gone holds no lock",
            )
        time.sleep(min(_POLL_SECONDS, left))
