"""Commands in an empty folder, and a database with something in it."""

from __future__ import annotations

from shutil import copyfile
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

import config.lexicon
from core.alert import AlertState
from hongtou.cli.app import app
from hongtou.clock import SystemClock
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typer.testing import Result

    Commands = Callable[..., Result]


@pytest.fixture(scope="session")
def shipped_entries() -> Any:
    """What the shipped lexicon's files hold, with their gaps."""
    return config.lexicon._read((), config.lexicon.SHIPPED)


@pytest.fixture(autouse=True)
def _shipped_lexicon_read_once(monkeypatch: pytest.MonkeyPatch, shipped_entries: Any) -> None:
    """Read the shipped files once for all commands that have no lexicon of their own to add: nobody changes them."""
    read = config.lexicon._read
    untouched = ((), config.lexicon.SHIPPED)
    monkeypatch.setattr(
        config.lexicon,
        "_read",
        lambda extra, shipped: shipped_entries if (tuple(extra), shipped) == untouched else read(extra, shipped),
    )


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Run a command in an empty folder, without our variables in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("HONGTOU_CONFIG", "HONGTOU_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments: CliRunner().invoke(app, arguments)


@pytest.fixture
def stored(
    tmp_path: Path, migrated_file: Path, make_item: Any, make_new_alert: Any, make_classification: Any, now: Any
) -> Iterator[SqlDatabase]:
    """A database beside the commands with one relevant item, one other, and three alerts: sent, dead, pending."""
    (tmp_path / "data").mkdir()
    copyfile(migrated_file, tmp_path / "data" / "hongtou.db")
    database = SqlDatabase(f"sqlite:///{tmp_path / 'data' / 'hongtou.db'}")

    fresh = {"first_seen_at": SystemClock().now(), "updated_at": now}
    with database.unit_of_work() as uow:
        item_id = uow.items.add(make_item(1, classification=make_classification(), **fresh))
        uow.items.add(make_item(2, classification=make_classification(relevant=False, score=0.1), **fresh))
        ids = [uow.outbox.add(make_new_alert(n, item_id=item_id)) for n in (1, 2, 3)]
        uow.commit()
    with database.unit_of_work() as uow:
        assert ids[0] is not None
        assert ids[1] is not None
        uow.outbox.mark_sent(ids[0], at=now)
        uow.outbox.mark_dead(ids[1], error="no such mailbox")
        assert uow.outbox.counts()[AlertState.PENDING] == 1
        uow.commit()
    yield database
    database.close()
