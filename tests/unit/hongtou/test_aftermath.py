"""After a reload the log tells what it would have changed, and nobody waits for that."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
import structlog

from config.loader import load_settings
from core.backtest import Archived, Tally, Verdict
from core.item import ItemId
from hongtou import aftermath
from hongtou.aftermath import Aftermath, log_report
from hongtou.offload import ThreadOffload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hongtou.live import Effective
    from storage.database import SqlDatabase


class Parts:
    """What is in force, as far as the aftermath asks."""

    def __init__(self, **reload: str) -> None:
        variables = {f"HONGTOU_RELOAD__{name.upper()}": value for name, value in reload.items()}
        self.loaded = load_settings(None, environ=variables)


@pytest.fixture
def threads() -> Iterator[ThreadOffload]:
    """Real threads."""
    offload = ThreadOffload(threads=2)
    yield offload
    offload.close()


def fake_run(monkeypatch: pytest.MonkeyPatch, run: Callable[..., Tally]) -> list[dict[str, Any]]:
    """Put something in the place of the processes; return how they were asked for."""
    asked: list[dict[str, Any]] = []

    def judge(spans: Any, make: Any, **options: Any) -> Tally:
        asked.append({"items": sum(span.items for span in spans), "make": make, **options})
        return run(options["cancelled"])

    monkeypatch.setattr(aftermath, "run_backtest", judge)
    return asked


async def finished(made: Aftermath) -> None:
    """Wait for what was begun."""
    assert made._task is not None
    await asyncio.wait_for(made._task, 10)


async def test_the_last_days_are_judged_gently(
    database: SqlDatabase, threads: ThreadOffload, clock: Any, make_item: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many days and items as configured, in one process, at low priority; the figures are one line of the log."""
    with database.unit_of_work() as uow:
        uow.items.add(make_item(1))
        uow.items.add(make_item(2, first_seen_at=clock.now() - timedelta(days=8)))
        uow.commit()
    asked = fake_run(monkeypatch, lambda _: Tally(items=1, top_score=0.3))
    made = Aftermath(database=database, offload=threads, clock=clock)
    with structlog.testing.capture_logs() as logs:
        made.begin(cast("Effective", Parts()))
        await finished(made)
    (call,) = asked
    assert (call["items"], call["processes"], call["gentle"]) == (1, 1, True)
    assert [(log["event"], log["log_level"]) for log in logs] == [
        ("backtest after the reload", "info"),
        ("backtest after the reload", "warning"),
    ]
    assert "The highest score is 0.30" in logs[1]["reason"]


async def test_an_empty_archive_needs_no_process(database: SqlDatabase, threads: ThreadOffload, clock: Any) -> None:
    """Nothing is started, and the warning says why there is nothing to tell."""
    made = Aftermath(database=database, offload=threads, clock=clock)
    with structlog.testing.capture_logs() as logs:
        made.begin(cast("Effective", Parts()))
        await finished(made)
    assert "No stored item is that young" in logs[1]["reason"]


async def test_the_newest_reload_counts(
    database: SqlDatabase, threads: ThreadOffload, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a reload before it had begun is left off, and says so; so is everything on a stop."""
    begun = threading.Event()

    def until_cancelled(cancelled: Callable[[], bool]) -> Tally:
        begun.set()
        while not cancelled():
            pass
        return Tally(items=7)

    fake_run(monkeypatch, until_cancelled)
    made = Aftermath(database=database, offload=threads, clock=clock)
    with structlog.testing.capture_logs() as logs:
        made.begin(cast("Effective", Parts()))
        first = made._task
        await asyncio.to_thread(begun.wait, 5)
        made.begin(cast("Effective", Parts()))
        assert first is not None
        await asyncio.wait_for(first, 10)
        assert not cast("asyncio.Task[None]", made._task).done()
        made.cancel()
        await finished(made)
    assert [log["event"] for log in logs] == ["backtest after the reload left off"] * 2
    assert logs[0]["items"] == 7


async def test_it_can_be_switched_off(database: SqlDatabase, threads: ThreadOffload, clock: Any) -> None:
    """With `reload.backtest: 0s` nothing begins, and cancelling nothing is fine."""
    made = Aftermath(database=database, offload=threads, clock=clock)
    made.begin(cast("Effective", Parts(backtest="0s")))
    assert made._task is None
    made.cancel()


async def test_a_failure_is_logged_and_ends_there(
    database: SqlDatabase, threads: ThreadOffload, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that died is no harm to the daemon; while stopping it is not even news."""
    made = Aftermath(database=database, offload=threads, clock=clock)

    def die(_: Callable[[], bool]) -> Tally:
        raise OSError("the process was killed")

    fake_run(monkeypatch, die)
    with structlog.testing.capture_logs() as logs:
        made.begin(cast("Effective", Parts()))
        await finished(made)
    assert [log["event"] for log in logs] == ["backtest after the reload failed"]

    def die_on_stop(_: Callable[[], bool]) -> Tally:
        made.cancel()
        raise OSError("the process was killed")

    fake_run(monkeypatch, die_on_stop)
    with structlog.testing.capture_logs() as logs:
        made.begin(cast("Effective", Parts()))
        await finished(made)
    assert logs == []


def test_the_line_tells_counts_alerts_and_examples(make_item: Any, make_classification: Any, make_route: Any) -> None:
    """With titles and scores, so that a glance shows whether the edit did what was meant."""
    item = make_item(1)
    archived = Archived(
        id=ItemId(1), source_id=item.source_id, url="", title="某市计划", text="", summary="", language="zh",
        published=item.published, issuer="", document_numbers=(), first_seen_at=item.first_seen_at, baseline=False,
        story_id=None, stored=Verdict(relevant=False, score=0.42, topics=(), act="none"),
    )  # fmt: skip
    tally = Tally()
    tally.note(archived, make_classification(score=0.61), group="", keys=["all/desk/story-1"])
    with structlog.testing.capture_logs() as logs:
        log_report(tally.report([make_route()], threshold=0.5))
    (line,) = logs
    assert (line["items"], line["flagged_before"], line["flagged_now"], line["flagged"]) == (1, 0, 1, 1)
    assert line["alerts"] == ["all/desk: 1 would be sent, 1 of them new, 0 not again"]
    assert line["examples"] == ["newly flagged: 某市计划 (0.42 → 0.61)"]
