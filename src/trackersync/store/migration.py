"""Brings a store to the version this trackersync knows, once, whoever comes first."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from trackersync.errors import StoreError
from trackersync.store.database import Database
from trackersync.store.locks import lock

HEAD = "0008"
"""The newest migration. Asking alembic would cost more than all else a short command does."""
VERSION_TABLE = "trackersync_version"
SCRIPTS = Path(__file__).parent / "migrations"
_WAIT_SECONDS = 60.0


def migrate(database: Database) -> None:
    """Create or upgrade the tables, in one transaction; a newer store is a `StoreError`, never touched."""
    if _is_current(database):
        return
    with lock(database, "migration", wait=_WAIT_SECONDS):
        if not _is_current(database):
            with database.write() as connection:
                _upgrade(connection)


def _is_current(database: Database) -> bool:
    with database.read() as connection:
        version = _version(connection)
    # Revisions are numbered, so that an older trackersync can tell a newer store without knowing its migrations.
    if version is not None and version > HEAD:
        raise StoreError(
            f"store {database.shown}: made by a newer trackersync (version {version}, this one knows {HEAD})",
            hint="upgrade trackersync, or use another store",
        )
    return version == HEAD


def _version(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.scalar(sa.text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a constant
    return version


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    command.upgrade(config, HEAD)
