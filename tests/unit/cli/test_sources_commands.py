"""`hongtou sources list|show|health` on a database with sources that are well, silent, degraded and refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core.incident import Fault, Incident, IncidentId
from core.outcome import Answer
from core.source import SourceId, SourceState
from hongtou.clock import SystemClock
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = timedelta(days=1)
WELL, SILENT, REFUSED, FRESH = map(SourceId, ("well", "silent", "refused", "fresh"))
ENTRY = """  {id}: {{name: {id}, name_en: {id}, kind: {kind}, url: "https://{id}.example/list", group: {group},
    voice: press, tier: {tier}, {more}}}
"""
ROWS = "rows: {row: li, date: span}"


@pytest.fixture(autouse=True)
def sources(tmp_path: Path) -> Iterator[None]:
    """Four sources beside the commands, and what is remembered of them."""
    folder = tmp_path / "sources.d"
    folder.mkdir()
    text = "sources:\n" + "".join(
        ENTRY.format(id=name, kind=kind, group=group, tier=tier, more=more)
        for name, kind, group, tier, more in (
            (WELL, "feed", "north", 1, "language: zh"),
            (SILENT, "feed", "north", 2, "language: zh"),
            (REFUSED, "listing", "south", 1, ROWS),
            (FRESH, "listing", "south", 3, ROWS),
        )
    )
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    config = "watch: {only: [well, silent, refused, fresh]}\n"
    (tmp_path / "hongtou.yaml").write_text(config, encoding="utf-8")
    (tmp_path / "data").mkdir()
    with SqlDatabase(f"sqlite:///{tmp_path / 'data' / 'hongtou.db'}") as database:
        database.migrate()
        _remember(database)
        yield


def _remember(database: SqlDatabase) -> None:
    now = SystemClock().now()
    answered = {"next_due_at": now, "last_polled_at": now, "last_success_at": now, "last_answer": Answer.OK}
    with database.unit_of_work() as uow:
        uow.sources.put(SourceState(source_id=WELL, **answered))  # type: ignore[arg-type]
        uow.sources.put(SourceState(source_id=SILENT, **answered))  # type: ignore[arg-type]
        uow.sources.put(SourceState(source_id=REFUSED, next_due_at=now, last_answer=Answer.BLOCKED))
        uow.health.note_news(WELL, [now - DAY * back for back in range(40)])
        uow.health.note_news(SILENT, [now - DAY * back for back in range(60, 100)])
        incident = Incident(
            id=IncidentId(0),
            source_id=REFUSED,
            fault=Fault.BLOCKED,
            started_at=now - DAY,
            last_seen_at=now,
            detail="瑞数",
        )
        uow.health.put_incident(incident)
        uow.commit()


def ids(commands: Any, *options: str) -> list[str]:
    """Ids that `sources list` shows with some options."""
    return [row["id"] for row in json.loads(commands("sources", "list", "--json", *options).output)]


def test_health_tells_the_worst_first(commands: Any) -> None:
    """States, their reasons and the expected gaps, as a table with a sum and as JSON."""
    rows = json.loads(commands("sources", "health", "--json").output)
    assert [(row["id"], row["state"]) for row in rows] == [
        ("refused", "blocked"),
        ("silent", "quiet"),
        ("fresh", "new"),
        ("well", "ok"),
    ]
    assert rows[0]["why"] == "瑞数"
    assert rows[0]["since"] is not None
    assert rows[1]["expected_gap_s"] > DAY.total_seconds()
    assert rows[2]["expected_gap_s"] is None
    for row in rows:
        assert row["interval_s"] > 0
        assert row["next_poll_at"]
        assert "by then" in row["interval_why"] or "its shortest gap" in row["interval_why"]
    shown = commands("sources", "health").output
    assert "1 blocked, 1 quiet, 1 new, 1 ok" in shown
    assert "瑞数" in shown
    assert "by then" in " ".join(shown.split()) or "gap" in shown


def test_sources_that_are_not_watched_are_off(commands: Any) -> None:
    """They are shown on demand."""
    rows = json.loads(commands("sources", "health", "--all", "--json").output)
    states = {row["id"]: row["state"] for row in rows}
    assert (states["cointelegraph"], states["well"]) == ("off", "ok")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), {"well", "silent", "refused", "fresh"}),
        (("--group", "north"), {"well", "silent"}),
        (("--kind", "listing"), {"refused", "fresh"}),
        (("--state", "quiet", "--state", "blocked"), {"silent", "refused"}),
        (("--tier", "1"), {"well", "refused"}),
        (("--tier", "1", "--group", "north"), {"well"}),
        (("--group", "nowhere"), set()),
    ],
)
def test_the_list_can_be_narrowed(commands: Any, options: tuple[str, ...], expected: set[str]) -> None:
    """By group, kind, state and tier, each of them several times, all together."""
    assert set(ids(commands, *options)) == expected


def test_an_unknown_state_is_a_misuse(commands: Any) -> None:
    """Words that are no state are told, with those that are."""
    told = commands("sources", "list", "--state", "poorly")
    assert told.exit_code == 2
    assert "degraded" in told.stderr


def test_one_source_is_shown_with_its_incidents(commands: Any) -> None:
    """Entry, health, incidents and state come as one JSON object."""
    shown = json.loads(commands("sources", "show", "refused").output)
    assert shown["health"]["state"] == "blocked"
    assert [incident["fault"] for incident in shown["incidents"]] == ["blocked"]
    assert shown["state"]["last_answer"] == "blocked"
    assert shown["source"]["group"] == "south"
