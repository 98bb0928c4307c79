"""A store opens by itself, fast, or says in one line why not, and never tells the password."""

import builtins
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from trackersync.errors import StoreError
from trackersync.store import Store, database, migration
from trackersync.store.tables import metadata

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_version_we_compare_with_is_the_newest_migration():
    scripts = ScriptDirectory(str(migration.SCRIPTS))
    assert scripts.get_heads() == [migration.HEAD]
    assert all(script.revision.isdigit() for script in scripts.walk_revisions())


def test_migrations_build_the_tables_the_code_uses(new_url):
    with Store.open(new_url) as store, store._database.read() as connection:
        options = {"version_table": migration.VERSION_TABLE}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_migrations_are_found_without_configuration(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with Store.open("sqlite:///relative.db"):
        assert (tmp_path / "relative.db").exists()
    assert Config().config_file_name is None


def test_a_current_store_opens_without_alembic(new_url):
    Store.open(new_url).close()
    code = "import sys, trackersync.store as s; s.Store.open(sys.argv[1]).close(); print('alembic' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code, new_url], text=True) == "False\n"


def test_many_may_open_a_new_store_at_once(new_url):
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(Store.open, [new_url] * 6))
    for store in stores:
        assert store.runs() == []
        store.close()


def test_a_store_of_a_newer_version_is_left_alone(new_url):
    with Store.open(new_url) as store, store._database.write() as connection:
        connection.execute(sa.text(f"UPDATE {migration.VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StoreError, match="made by a newer trackersync") as caught:
        Store.open(new_url)
    assert "upgrade" in caught.value.hint


def test_a_migration_that_fails_leaves_nothing_behind(new_url, monkeypatch):
    def broken(connection):
        connection.execute(sa.text("CREATE TABLE half (id INTEGER)"))
        raise sa.exc.OperationalError("", {}, Exception("disk full"))

    monkeypatch.setattr(migration, "_upgrade", broken)
    with pytest.raises(StoreError, match="disk full"):
        Store.open(new_url)
    monkeypatch.undo()
    with Store.open(new_url) as store, store._database.read() as connection:
        assert not sa.inspect(connection).has_table("half")


def test_a_new_file_has_large_pages_a_log_and_foreign_keys(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/store.db") as store, store._database.read() as connection:
        wanted = {"page_size": 16384, "journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 30000}
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted


def test_closing_leaves_one_file_and_can_be_repeated(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    store.begin_run(at=NOON, plan_digest="d", allowed=())
    store.close()
    store.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store.db", "store.db.migration.lock"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("store.db", "URL cannot be understood"),
        ("", "URL cannot be understood"),
        ("postgresql://u:geheim@h:geheim/x", "URL cannot be understood"),
        ("mysql://u:geheim@h/x", "cannot be kept in mysql"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:////no/such/directory/store.db", "unable to open database file"),
        ("postgresql://u:geheim@127.0.0.1:1/x", "refused"),
        ("postgres://u:geheim@127.0.0.1:1/x?connect_timeout=3", "refused"),
        ("postgresql://u@127.0.0.1:1/x?password=geheim", "refused"),
    ],
)
def test_what_cannot_be_opened_is_told_in_one_line_without_the_password(url, said):
    with pytest.raises(StoreError) as caught:
        Store.open(url)
    assert said in caught.value.message
    assert "\n" not in caught.value.message
    assert "geheim" not in caught.value.message + caught.value.hint + repr(caught.value)
    assert caught.value.hint


def test_a_wrong_login_is_told_without_the_password(shared_schema_url):
    with pytest.raises(StoreError) as caught:
        Store.open(shared_schema_url.replace("root@", "nobody_here:geheim@"))
    assert "nobody_here" in caught.value.message
    assert "geheim" not in str(caught.value) + repr(caught.value.__cause__)


def test_a_file_that_is_no_store_is_told_apart_and_not_touched(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("shopping list\n" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store.open(f"sqlite:///{path}")
    assert path.read_text() == "shopping list\n" * 100


def test_a_directory_is_no_store(tmp_path):
    with pytest.raises(StoreError, match="unable to open"):
        Store.open(f"sqlite:///{tmp_path}")


def test_a_missing_driver_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without_psycopg(name, *args, **kwargs):
        if name == "psycopg":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    with pytest.raises(StoreError, match="driver") as caught:
        Store.open("postgresql://u@127.0.0.1/x")
    assert "trackersync[postgresql]" in caught.value.hint


def test_a_database_that_fails_midway_is_a_store_error(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/store.db") as store:
        raw = sqlite3.connect(tmp_path / "store.db")
        raw.execute("DROP TABLE ledger")
        raw.close()
        with pytest.raises(StoreError, match="no such table: ledger"):
            store.written()


def test_an_error_without_words_is_named_by_its_kind():
    assert database._first_line(sa.exc.TimeoutError("")) == "TimeoutError"
