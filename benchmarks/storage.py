"""How much the storage costs over bare SQL: the same rows through repositories, and through sqlite3 beside it.

    python benchmarks/storage.py [--rows 1000] [--rounds 5] [--postgresql ADDRESS]

Prints the median of the rounds, which alternate between the two, so that a busy machine slows both. PostgreSQL is timed
on a database of its own that must be empty; its tables are removed at the end.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core.alert import AlertKind, AlertState, ChannelId, NewAlert
from core.classification import Classification, Evidence, Zone
from core.item import DateOrigin, DatePrecision, Entry, Item, ItemId, Published
from core.source import SourceId
from storage.database import SqlDatabase
from storage.identity import entry_keys
from storage.item_rows import item_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = datetime(2023, 6, 15, tzinfo=UTC)
SOURCE = SourceId("gov-sh")
MINUTE = timedelta(minutes=1)
TEXT = "某市人民政府办公厅印发推动制造业高质量发展三年行动计划，提出建设区块链公共服务平台。\n" * 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the result."""

    step: str
    ours_ms: float
    bare_ms: float


def published() -> Published:
    """Return a publish time."""
    return Published(at=NOW, precision=DatePrecision.MINUTE, origin=DateOrigin.LIST)


def make_entry(n: int) -> Entry:
    """Return an entry with a guid and an address."""
    return Entry(source_id=SOURCE, url=f"https://www.example.cn/art/{n}.html", title=f"通知{n}", guid=f"g{n}")


def make_item(n: int) -> Item:
    """Return a classified item of 900 characters with three pieces of evidence."""
    evidence = Evidence(
        concept="tech.blockchain", kind="technology", zone=Zone.BODY, start=1, end=4, text="区块链", contribution=1.0
    )
    judged = Classification(
        relevant=True, score=0.9, topics=("blockchain",), jurisdiction="cn-sh", act="plan", evidence=(evidence,) * 3,
        documents=("三年行动计划",), document_numbers=(), reason="A plan about blockchain.", classifier="bench",
    )  # fmt: skip
    return Item(
        id=ItemId(0), source_id=SOURCE, url=f"https://www.example.cn/art/{n}.html",
        canonical_url=entry_keys(make_entry(n))[1].removeprefix("url:"), guid=f"g{n}", title=f"通知{n}", text=TEXT,
        summary="", language="zh", published=published(), first_seen_at=NOW, updated_at=NOW, content_hash=f"1:{n:040x}",
        entry_hash=f"1:{n:016x}", classification=judged,
    )  # fmt: skip


def make_alert(n: int) -> NewAlert:
    """Return an alert of its own."""
    return NewAlert(
        dedup_key=f"k{n}", kind=AlertKind.TEST, channel=ChannelId("desk"), state=AlertState.PENDING, created_at=NOW
    )


def bare_database(path: Path, template: Path) -> sqlite3.Connection:
    """Return a bare connection, with the same tables and durability, to a file of its own."""
    connection = sqlite3.connect(path, isolation_level=None)
    with sqlite3.connect(template) as source:
        for (statement,) in source.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        ):
            connection.execute(statement)
    source.close()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def plain(value: object) -> object:
    """Return a value as sqlite3 takes it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def ours_add(database: SqlDatabase, items: list[Item]) -> None:
    """Add all items in one transaction."""
    with database.unit_of_work() as unit:
        for item in items:
            unit.items.add(item)
        unit.commit()


def bare_add(connection: sqlite3.Connection, items: list[Item]) -> None:
    """Do the same by hand."""
    connection.execute("BEGIN IMMEDIATE")
    for item in items:
        values = {column: plain(value) for column, value in item_values(item).items()}
        insert = f"INSERT INTO items ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608 - names of columns
        made = connection.execute(insert, tuple(values.values()))
        keys = [(f"guid:{item.source_id}:{item.guid}", made.lastrowid), (f"url:{item.canonical_url}", made.lastrowid)]
        connection.executemany("INSERT INTO item_keys (key, item_id) VALUES (?, ?) ON CONFLICT DO NOTHING", keys)
        connection.execute(
            "INSERT INTO item_sources (item_id, source_id, entry_hash, first_seen_at) VALUES (?, ?, ?, ?)",
            (made.lastrowid, item.source_id, item.entry_hash, plain(item.first_seen_at)),
        )
    connection.execute("COMMIT")


def ours_known(database: SqlDatabase, entries: list[Entry]) -> None:
    """Look all entries up."""
    with database.unit_of_work() as unit:
        assert len(unit.items.known(entries)) == len(entries)


def bare_known(connection: sqlite3.Connection, entries: list[Entry]) -> None:
    """Do the same by hand."""
    keys = [key for entry in entries for key in entry_keys(entry)]
    places = ", ".join("?" * len(keys))
    select = (
        "SELECT k.key, i.id, i.page_problem, i.page_attempts, s.entry_hash FROM item_keys k "  # noqa: S608 - question marks
        "JOIN items i ON i.id = k.item_id JOIN item_sources s ON s.item_id = i.id "
        f"WHERE k.key IN ({places})"
    )
    found = connection.execute(select, keys).fetchall()
    assert len(found) == len(keys)


def ours_outbox(database: SqlDatabase, alerts: list[NewAlert]) -> None:
    """Add, claim and send alerts, each step in one transaction."""
    with database.unit_of_work() as unit:
        for alert in alerts:
            unit.outbox.add(alert)
        unit.commit()
    with database.unit_of_work() as unit:
        claimed = unit.outbox.claim(now=NOW, limit=len(alerts), lease=MINUTE)
        unit.commit()
    with database.unit_of_work() as unit:
        for one in claimed:
            unit.outbox.mark_sent(one.id, at=NOW)
        unit.commit()


def bare_outbox(connection: sqlite3.Connection, alerts: list[NewAlert]) -> None:
    """Do the same by hand."""
    now = plain(NOW)
    connection.execute("BEGIN IMMEDIATE")
    for alert in alerts:
        connection.execute(
            "INSERT INTO outbox (dedup_key, kind, channel, state, created_at, reason, subject, body, attempts, "
            "last_error, possible_repeat) VALUES (?, ?, ?, ?, ?, '', '', '', 0, '', 0) ON CONFLICT DO NOTHING",
            (alert.dedup_key, alert.kind, alert.channel, alert.state, now),
        )
    connection.execute("COMMIT")
    connection.execute("BEGIN IMMEDIATE")
    rows = connection.execute("SELECT * FROM outbox WHERE state = 'pending' ORDER BY created_at, id").fetchall()
    connection.executemany(
        "UPDATE outbox SET state = 'claimed', claimed_until = ? WHERE id = ?", [(now, row[0]) for row in rows]
    )
    connection.execute("COMMIT")
    connection.execute("BEGIN IMMEDIATE")
    for row in rows:
        connection.execute("SELECT * FROM outbox WHERE id = ?", (row[0],)).fetchone()
        connection.execute("UPDATE outbox SET state = 'sent', sent_at = ?, attempts = 1 WHERE id = ?", (now, row[0]))
        connection.execute(
            "INSERT INTO deliveries (alert_id, attempt, at, outcome, error) VALUES (?, 1, ?, 'sent', '')", (row[0], now)
        )
    connection.execute("COMMIT")


def timed(work: Callable[[], None]) -> float:
    """Return how many milliseconds the work took."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def measure(database: SqlDatabase, bare: sqlite3.Connection, *, rows: int, rounds: int) -> Iterator[Figure]:
    """Yield the median cost of every step, on both."""
    times: dict[str, tuple[list[float], list[float]]] = {}
    for number in range(rounds):
        span = range(number * rows, (number + 1) * rows)
        items, entries = [make_item(n) for n in span], [make_entry(n) for n in span]
        alerts = [make_alert(n) for n in span]
        for step, ours, by_hand in (
            ("add items", lambda: ours_add(database, items), lambda: bare_add(bare, items)),  # noqa: B023 - run at once
            ("look entries up", lambda: ours_known(database, entries), lambda: bare_known(bare, entries)),  # noqa: B023 - run at once
            ("add, claim and send", lambda: ours_outbox(database, alerts), lambda: bare_outbox(bare, alerts)),  # noqa: B023 - run at once
        ):
            mine, theirs = times.setdefault(step, ([], []))
            mine.append(timed(ours))
            theirs.append(timed(by_hand))
    for step, (mine, theirs) in times.items():
        yield Figure(step=step, ours_ms=statistics.median(mine), bare_ms=statistics.median(theirs))


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgresql", default="", metavar="ADDRESS", help="an empty database to measure as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ours.db"
        addresses = {"SQLite": f"sqlite:///{file}"}
        if options.postgresql:
            addresses["PostgreSQL"] = options.postgresql
        print(f"{options.rows} rows, median of {options.rounds} rounds, against sqlite3 by hand")
        for name, address in addresses.items():
            with SqlDatabase(address) as database, SqlDatabase(addresses["SQLite"]) as template:
                template.migrate()
                database.migrate()
                bare = bare_database(Path(folder) / f"{name}-bare.db", file)
                for figure in measure(database, bare, rows=options.rows, rounds=options.rounds):
                    ratio = figure.ours_ms / figure.bare_ms
                    print(
                        f"{name:10} {figure.step:20} {figure.ours_ms:8.1f} ms  by hand {figure.bare_ms:7.1f} ms"
                        f"  x{ratio:4.1f}  {options.rows / figure.ours_ms * 1000:8.0f} rows/s"
                    )
                bare.close()
                if name == "PostgreSQL":
                    database.downgrade(to="base")


if __name__ == "__main__":
    main()
