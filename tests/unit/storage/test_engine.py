"""Database addresses and how they are told."""

from __future__ import annotations

import builtins
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from core.errors import StorageError
from storage.database import SqlDatabase
from storage.engine import build_engine, name_of, parse_address

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("address", "driver"),
    [
        ("sqlite:///data/hongtou.db", "sqlite+pysqlite"),
        ("sqlite:////var/lib/hongtou.db", "sqlite+pysqlite"),
        ("postgresql://u:p@db/hongtou", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@db/hongtou", "postgresql+psycopg"),
        ("postgresql+psycopg2://u:p@db/hongtou", "postgresql+psycopg"),
    ],
)
def test_an_address_gets_the_driver_that_is_shipped(address: str, driver: str) -> None:
    """Whatever driver the address names, the one that is installed with Hongtou is used."""
    assert parse_address(address).drivername == driver


@pytest.mark.parametrize(
    "address",
    ["", SECRET, "sqlite://", "sqlite:///:memory:", f"mysql://u:{SECRET}@db/x", f"postgres://u:{SECRET}@db/x"],
)
def test_other_addresses_are_refused_without_showing_them(address: str) -> None:
    """What is no usable address is refused in one sentence that says what to write, and never holds a password."""
    with pytest.raises(StorageError, match="sqlite:///PATH") as caught:
        SqlDatabase(address)
    assert SECRET not in str(caught.value)


def test_a_database_is_named_without_its_password() -> None:
    """The name shown to users has no password and no options, which may hold one."""
    name = name_of(parse_address(f"postgresql://u:{SECRET}@db:5433/hongtou?sslpassword={SECRET}"))
    assert name == "postgresql://u:***@db:5433/hongtou"
    assert name_of(parse_address("sqlite:///data/hongtou.db")) == "data/hongtou.db"


def test_a_server_that_is_not_there_is_a_storage_error() -> None:
    """A refused connection is told in words fit for a user, without the password."""
    with (
        SqlDatabase(f"postgresql://u:{SECRET}@127.0.0.1:9/hongtou") as database,
        pytest.raises(StorageError, match=r"postgresql://u:\*\*\*@127\.0\.0\.1:9/hongtou cannot be reached") as caught,
    ):
        database.check()
    assert SECRET not in str(caught.value)


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without psycopg the message says what to install."""
    real = builtins.__import__

    def without_psycopg(name: str, *arguments: object) -> object:
        if name == "psycopg":
            raise ModuleNotFoundError(name)
        return real(name, *arguments)  # type: ignore[arg-type]

    monkeypatch.delitem(sys.modules, "psycopg", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    with pytest.raises(StorageError, match=r"install hongtou\[postgres\]"):
        build_engine(parse_address("postgresql://db/hongtou"), lock_timeout=timedelta(seconds=1))


def test_own_server_options_are_kept() -> None:
    """An address that sets PostgreSQL options is used as it is."""
    address = "postgresql://db/hongtou?options=-c%20search_path%3Dhongtou"
    engine = build_engine(parse_address(address), lock_timeout=timedelta(seconds=1))
    assert engine.url.query["options"] == "-c search_path=hongtou"
    assert engine.dialect.create_connect_args(engine.url)[1]["options"] == "-c search_path=hongtou"
    engine.dispose()


@pytest.mark.parametrize(("query", "wanted"), [("", 60_000), ("?tcp_user_timeout=5000", None)])
def test_half_open_connections_are_given_up(query: str, wanted: int | None) -> None:
    """A server that vanished is noticed within a minute, unless the address says otherwise."""
    engine = build_engine(parse_address(f"postgresql://db/hongtou{query}"), lock_timeout=timedelta(seconds=1))
    given: dict[str, object] = {}

    def connect(_dialect: object, _record: object, _positional: object, named: dict[str, object]) -> None:
        given.update(named)
        raise ConnectionAbortedError

    event.listen(engine, "do_connect", connect)
    with pytest.raises(ConnectionAbortedError):
        engine.connect()
    assert given["tcp_user_timeout"] == (wanted or "5000")
    assert given["keepalives_idle"] == 30
    engine.dispose()


def test_a_folder_with_any_name_holds_a_database(tmp_path: Path) -> None:
    """Blanks, percent signs and Chinese characters in the path change nothing."""
    file = tmp_path / "政策 100%d" / "hongtou.db"
    with SqlDatabase(f"sqlite:///{file}") as database:
        database.migrate()
        database.check()
    assert file.exists()
