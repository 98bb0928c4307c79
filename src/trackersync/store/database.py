"""The way to the database: which URLs are taken, how connections are set up, and every failure as a `StoreError`."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from trackersync.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_URL_HINT = "write sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE, special characters percent-encoded"
_SETUP_HINT = "check that it exists, is reachable, and may be read and written by this account"
_PAGE_SIZE = 16_384  # a fifth smaller and faster than 4 KB pages with issues of a few KB each
_BUSY_SECONDS = 30
_NO_LIMIT = -1  # each thread that pulls needs two connections, and must never wait for another thread's
_CONNECT_SECONDS = 10


def parse_url(text: str) -> URL:
    """The URL with the driver we use; a `StoreError` that repeats nothing of it, since it may hold a password."""
    try:
        url = sa.make_url(text)
        driver = _DRIVERS.get(url.drivername)
    except (ArgumentError, ValueError):
        # The cause is dropped on purpose: it quotes the URL.
        raise StoreError("the store's URL cannot be understood", hint=_URL_HINT) from None
    if driver is None:
        raise StoreError(f"the store cannot be kept in {url.drivername}", hint=_URL_HINT)
    if driver == "sqlite" and url.database in (None, "", ":memory:"):
        raise StoreError("the store needs a file: one in memory would forget what was written", hint=_URL_HINT)
    return url.set(drivername=driver)


class Database:
    """One open database; connections are made on demand, one for each thread that is in a transaction."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.shown = url.set(query={}).render_as_string(hide_password=True)
        self.engine = _engine(url, self.shown)
        self._writer = self.engine.execution_options(trackersync_writes=True)
        self._quick_writer = self.engine.execution_options(trackersync_writes=True, trackersync_quick=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of our own."""
        return self.url.drivername == "sqlite"

    def read(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads: it waits for nobody."""
        return self._transaction(self.engine)

    def write(self) -> AbstractContextManager[Connection]:
        """A transaction that may write: committed durably at the end, rolled back on any exception."""
        return self._transaction(self._writer)

    def write_quickly(self) -> AbstractContextManager[Connection]:
        """As `write`, but only the end of the process is survived at once, and a loss of power after the next `write`.

        For what can be found out again: it takes a tenth of the time.
        """
        return self._transaction(self._quick_writer)

    def insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        """An insert in the database's own dialect: one that knows `on_conflict_do_update`, spelled alike by both."""
        if self.is_sqlite:
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        with self.explained(), engine.begin() as connection:
            if engine is self._quick_writer and not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
            yield connection

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn whatever the database says no with into a `StoreError` of one line."""
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreError(f"store {self.shown}: {_first_line(error)}", hint=_SETUP_HINT) from error


def _engine(url: URL, shown: str) -> Engine:
    if url.drivername == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, max_overflow=_NO_LIMIT)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # The name tells whoever waits for a lock which process holds it.
    name = f"trackersync pid {os.getpid()} on {socket.gethostname()}"[:63]
    settings = {"application_name": name} | (
        {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_SECONDS}
    )
    try:
        return sa.create_engine(url, connect_args=settings, max_overflow=_NO_LIMIT, pool_pre_ping=True)
    except ImportError as error:
        hint = "install it with: pip install 'trackersync[postgresql]'"
        raise StoreError(f"store {shown}: the driver for PostgreSQL is not installed", hint=hint) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Python's driver begins transactions late and not before DDL; with None it leaves them to `_begin_sqlite`.
    connection.isolation_level = None
    for pragma in (f"page_size={_PAGE_SIZE}", "journal_mode=WAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that turns from reading to writing midway can fail at once; one that says so first waits its turn.
    options = connection.get_execution_options()
    writes = options.get("trackersync_writes", False)
    connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if options.get('trackersync_quick') else 'FULL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _first_line(error: SQLAlchemyError) -> str:
    # `orig` is the driver's own error: without the statement and its parameters, which hold issues.
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__
