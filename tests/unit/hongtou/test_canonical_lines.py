"""Every poll and every attempt to deliver is one line of the log, with the fields that docs/operations.md tells."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from structlog.testing import capture_logs

from core.alert import ChannelId
from core.outcome import Answer, DeliveryReport, DeliveryVerdict, PollOutcome
from core.source import Poll
from hongtou.dispatch import Dispatcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.source import SourceState
    from hongtou.intake import StoringIntake
    from storage.database import SqlDatabase

DOCS = Path(__file__).parents[3] / "docs" / "operations.md"


def documented(event: str) -> list[str]:
    """Return the fields of an event, in the order in which they are told."""
    table = DOCS.read_text(encoding="utf-8").partition(f"| field of `{event}` |")[2].partition("\n\n")[0]
    return [name for row in table.splitlines()[2:] for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])]


def lines(logs: list[Any], event: str) -> list[dict[str, Any]]:
    """Return the lines of an event."""
    return [entry for entry in logs if entry["event"] == event]


def fields(entry: dict[str, Any]) -> set[str]:
    """Return the fields of a line, besides those that every line has."""
    return entry.keys() - {"event", "log_level"}


@pytest.fixture
def dispatcher(database: SqlDatabase, make_means: Any, notices: Any, cron: Any, offload: Any, clock: Any) -> Dispatcher:
    """A dispatcher with one channel."""
    parts: dict[str, Any] = {"notices": notices, "cron": cron, "offload": offload, "clock": clock}
    return Dispatcher(database=database, means=make_means(), jitter=lambda: 0.0, **parts)


@pytest.fixture
def intake(newsroom: Any) -> StoringIntake:
    """The intake of a newsroom."""
    return cast("StoringIntake", newsroom.intake)


@pytest.mark.parametrize(
    ("answers", "levels"),
    [
        ([Answer.OK], ["info"]),
        ([Answer.NOT_MODIFIED], ["info"]),
        ([Answer.BLOCKED], ["warning"]),
        ([Answer.TIMEOUT, Answer.TIMEOUT], ["info", "warning"]),
    ],
)
async def test_a_poll_is_one_line(
    intake: StoringIntake,
    make_source: Any,
    make_state: Callable[..., SourceState],
    database: SqlDatabase,
    clock: Any,
    answers: list[Answer],
    levels: list[str],
) -> None:
    """Whatever its answer: a first fault on the wire is no warning, and is told all the same."""
    source = make_source()
    with database.unit_of_work() as uow:
        uow.sources.register([source.id], now=clock.now())
        uow.commit()
    state = make_state(source_id=source.id)
    with capture_logs() as logs:
        for answer in answers:
            poll = Poll(source=source, state=state, started_at=clock.now(), deadline=timedelta(minutes=5))
            await intake.finish(poll, PollOutcome(source_id=source.id, answer=answer, entries=3, elapsed_s=0.12345))
            with database.reading() as uow:
                known = uow.sources.get(source.id)
            assert known is not None
            state = known
    found = lines(logs, "poll")
    assert [entry["log_level"] for entry in found] == levels
    for entry, answer in zip(found, answers, strict=True):
        assert fields(entry) == set(documented("poll"))
        assert (entry["source"], entry["answer"], entry["entries"]) == (source.id, answer.value, 3)
        assert entry["elapsed_s"] == 0.123
        assert entry["next_due_at"] > clock.now().isoformat()
    assert found[-1]["failures"] == (0 if answers[-1].is_success else len(answers))


async def test_an_attempt_to_deliver_is_one_line(
    dispatcher: Dispatcher, database: SqlDatabase, notifier: Any, clock: Any, make_item: Any, make_new_alert: Any
) -> None:
    """It says what the channel made of it, which try it was, and when the next one is, where there is one."""
    with database.unit_of_work() as uow:
        item_id = uow.items.add(make_item(1))
        alert_id = uow.outbox.add(make_new_alert(1, item_id=item_id))
        uow.commit()
    notifier.script = [DeliveryReport(verdict=DeliveryVerdict.TRANSIENT, detail="is down", elapsed_s=1.23456)]
    with capture_logs() as logs:
        await dispatcher.run_once()
        clock.advance(minutes=1)
        await dispatcher.run_once()
    first, second = lines(logs, "delivery")
    for entry in (first, second):
        assert fields(entry) == set(documented("delivery"))
        assert (entry["alert"], entry["item"], entry["channel"]) == (alert_id, item_id, ChannelId("desk"))
    told = ("log_level", "outcome", "verdict", "detail", "attempt", "elapsed_s")
    assert [first[name] for name in told] == ["warning", "retrying", "transient", "is down", 1, 1.235]
    assert first["next_attempt_at"] is not None
    assert [second[name] for name in told[:5]] == ["info", "sent", "accepted", None, 2]
    assert second["next_attempt_at"] is None


async def test_what_is_told_is_counted_from_its_publication(
    dispatcher: Dispatcher,
    make_means: Any,
    database: SqlDatabase,
    clock: Any,
    make_item: Any,
    make_new_alert: Any,
    make_source: Any,
) -> None:
    """Of an item that is told singly the meters hear when it was published, of the source that had it."""

    class Heard:
        """Meters that keep what they hear."""

        def __init__(self) -> None:
            self.told_of: list[tuple[Any, ...]] = []

        def delivered(self, *_: Any, **__: Any) -> None:
            """Leave it."""

        def told(self, item: Any, source: Any, *, at: Any) -> None:
            """Keep it."""
            self.told_of.append((item.id, source.id, at))

    heard: Any = Heard()
    item = make_item(1)
    means = make_means()
    lookups = replace(means.lookups, sources=lambda _: make_source(id=item.source_id))
    dispatcher.use(replace(means, lookups=lookups))
    dispatcher._meters = heard
    with database.unit_of_work() as uow:
        item_id = uow.items.add(item)
        uow.outbox.add(make_new_alert(1, item_id=item_id))
        uow.commit()
    await dispatcher.run_once()
    assert heard.told_of == [(item_id, item.source_id, clock.now())]
