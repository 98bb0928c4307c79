import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from trackersync.store import Store
from trackersync.store.tables import metadata

SERVER = os.environ.get("TRACKERSYNC_TEST_POSTGRESQL", "postgresql://root@127.0.0.1:5432/test")


@pytest.fixture(scope="session")
def server() -> Iterator[psycopg.Connection]:
    try:
        connection = psycopg.connect(SERVER, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL to test with: {error}")
    with connection:
        yield connection


@pytest.fixture
def new_schema_url(server) -> Iterator[str]:
    """An empty schema of this test's own."""
    yield from make_schema(server)


@pytest.fixture(scope="session")
def shared_schema_url(server) -> Iterator[str]:
    """A schema of this process's own, with the tables in it, so that parallel test runs never meet."""
    for url in make_schema(server):
        Store.open(url).close()
        yield url


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("store") / "empty.db"
    Store.open(f"sqlite:///{path}").close()
    return path


def make_schema(server):
    name = f"trackersync_test_{uuid.uuid4().hex}"
    server.execute(f"CREATE SCHEMA {name}")
    yield f"{SERVER}?options=-csearch_path%3D{name}"
    server.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """Where no store is yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    return request.getfixturevalue("new_schema_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path) -> str:
    """Where an empty store is."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "store.db")
        return f"sqlite:///{tmp_path}/store.db"
    url = request.getfixturevalue("shared_schema_url")
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE " + ", ".join(metadata.tables))
    return url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened
