"""Pages for operations, served for real on loopback: alive, ready, and figures that add up."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from core.alert import Alert, AlertId, AlertKind, AlertState, ChannelId, NewAlert
from core.item import DateOrigin, DatePrecision, Published, StoryId
from core.meters import NoMeters
from core.outcome import Answer, DeliveryReport, DeliveryVerdict, PollOutcome
from core.polling_budget import Spent
from core.source import SourceId
from core.stories import Story
from hongtou.heartbeat import heartbeat_path, write_heartbeat
from hongtou.offload import ThreadOffload
from hongtou.web.app import OperationsPages, build_web
from hongtou.web.gauges import Reading, configuration_faults, families, polling_budget
from hongtou.web.meters import PrometheusMeters
from hongtou.web.serving import WebServer
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from prometheus_client.core import Metric

    from core.classification import Classification
    from core.item import Item
    from core.source import Source, SourceState

_NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


class _Clock:
    def now(self) -> datetime:
        return _NOW


@pytest.fixture
def database(empty_file: Path) -> Iterator[SqlDatabase]:
    """Give a database with the newest schema."""
    with SqlDatabase(f"sqlite:///{empty_file}") as database:
        yield database


@pytest.fixture
def meters() -> PrometheusMeters:
    """Give counts that stand at nought."""
    return PrometheusMeters(version="1.2.3")


@pytest.fixture
def faults() -> list[str]:
    """Give what is wrong with the configuration: nothing yet."""
    return []


@pytest.fixture
async def server(
    database: SqlDatabase, meters: PrometheusMeters, faults: list[str], tmp_path: Path
) -> AsyncIterator[WebServer]:
    """Serve the pages on a free port."""
    offload = ThreadOffload()
    pages = OperationsPages(
        database=database,
        registry=meters.registry,
        heartbeat=heartbeat_path(tmp_path),
        watched=lambda: {SourceId("panews")},
        faults=lambda: faults,
        budget=lambda: 240.0,
        offload=offload,
        clock=_Clock(),
    )
    server = WebServer(build_web(pages), host="127.0.0.1", port=0)
    assert await server.start()
    yield server
    await server.stop()
    offload.close()


async def _get(server: WebServer, path: str) -> tuple[int, str]:
    def ask() -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    return await asyncio.to_thread(ask)


async def _figures(server: WebServer) -> dict[tuple[str, tuple[str, ...]], float]:
    _, text = await _get(server, "/metrics")
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_alive_by_the_heartbeat(server: WebServer, tmp_path: Path) -> None:
    """A fresh heartbeat is alive; none, or one that is a minute old, is not."""
    assert (await _get(server, "/healthz"))[0] == 503
    write_heartbeat(heartbeat_path(tmp_path), _NOW - timedelta(seconds=59))
    assert await _get(server, "/healthz") == (200, '{"status":"ok","checks":{"loop":"ok"}}')
    write_heartbeat(heartbeat_path(tmp_path), _NOW - timedelta(seconds=61))
    status, text = await _get(server, "/healthz")
    assert status == 503
    assert "61 s ago" in text


async def test_ready_needs_the_database(server: WebServer, database: SqlDatabase, tmp_path: Path) -> None:
    """With a database of another schema the loop is alive, and nothing is ready."""
    write_heartbeat(heartbeat_path(tmp_path), _NOW)
    assert (await _get(server, "/readyz"))[0] == 200
    database.downgrade(to="0005")
    status, text = await _get(server, "/readyz")
    assert status == 503
    assert "revision 0005" in json.loads(text)["checks"]["database"]
    assert (await _get(server, "/healthz"))[0] == 200
    assert ("hongtou_items", ()) not in await _figures(server)


async def test_ready_needs_files_without_faults(
    server: WebServer, database: SqlDatabase, faults: list[str], tmp_path: Path
) -> None:
    """A bad edit is told with its reason, also to Prometheus, database or not, until it is mended; alive it is."""
    write_heartbeat(heartbeat_path(tmp_path), _NOW)
    faults.append("hongtou.yaml:3: routes.now.chanels: unknown key")
    status, text = await _get(server, "/readyz")
    assert status == 503
    assert json.loads(text)["checks"] == {
        "loop": "ok",
        "database": "ok",
        "configuration": f"the one before stays in force: {faults[0]}",
    }
    assert (await _get(server, "/healthz"))[0] == 200
    database.downgrade(to="0005")
    assert (await _figures(server))["hongtou_configuration_faults", ()] == 1
    faults.clear()
    database.migrate()
    assert (await _get(server, "/readyz"))[0] == 200
    assert (await _figures(server))["hongtou_configuration_faults", ()] == 0


async def test_what_is_stored_is_told(
    server: WebServer,
    database: SqlDatabase,
    make_item: Callable[..., Item],
    make_classification: Callable[..., Classification],
    make_state: Callable[..., SourceState],
) -> None:
    """Items, alerts by state, the age of the oldest that waits, and watched sources are those of the database."""
    late: dict[str, Any] = {"failures": 3, "last_answer": Answer.BLOCKED, "next_due_at": _NOW - timedelta(minutes=5)}
    with database.unit_of_work() as uow:
        uow.items.add(make_item(1, classification=make_classification()))
        uow.items.add(make_item(2, classification=make_classification(relevant=False)))
        for relevant, days in ((True, 1), (True, 3), (False, 1)):
            seen = _NOW - timedelta(days=days)
            story = Story(
                id=StoryId(0), title="x", relevant=relevant, began_at=seen, first_seen_at=seen, last_seen_at=seen
            )
            uow.stories.begin(story)
        uow.sources.put(make_state(source_id=SourceId("panews"), **late))
        uow.sources.put(make_state(source_id=SourceId("not-watched"), **late))
        for hours, requests in ((2, 9), (1, 5), (0, 3)):
            hour = _NOW - timedelta(hours=hours)
            uow.sources.note_spent(Spent(hour=hour, requests=requests, planned=2.5, price=0.25))
        for key, state in (("a", AlertState.PENDING), ("b", AlertState.HELD)):
            made = NewAlert(
                dedup_key=key,
                kind=AlertKind.ITEM,
                channel=ChannelId("mail"),
                state=state,
                created_at=_NOW - timedelta(minutes=2),
            )
            uow.outbox.add(made)
        uow.commit()
    figures = await _figures(server)
    expected = {
        ("hongtou_items", ()): 2,
        ("hongtou_items_relevant", ()): 1,
        ("hongtou_stories", ()): 3,
        ("hongtou_stories_relevant", ()): 2,
        ("hongtou_stories_developing", ()): 1,
        ("hongtou_alerts", ("pending",)): 1,
        ("hongtou_alerts_held", ("digest",)): 1,
        ("hongtou_alerts_missing", ()): 0,
        ("hongtou_oldest_alert_seconds", ()): 120,
        ("hongtou_sources", ("blocked",)): 1,
        ("hongtou_sources_failing", ()): 1,
        ("hongtou_poll_overdue_seconds", ()): 300,
        ("hongtou_poll_requests_last_hour", ()): 8,
        ("hongtou_poll_planned_last_hour", ()): 5,
        ("hongtou_poll_budget_per_hour", ()): 240,
        ("hongtou_poll_request_price", ()): 0.25,
        ("hongtou_info", ("1.2.3",)): 1,
    }
    assert {name: figures.get(name) for name in expected} == expected
    assert figures["process_resident_memory_bytes", ()] > 1e6


async def test_what_happens_is_counted(
    server: WebServer,
    meters: PrometheusMeters,
    make_item: Callable[..., Item],
    make_classification: Callable[..., Classification],
    make_source: Callable[..., Source],
) -> None:
    """Polls, new items with their delay, and deliveries with theirs are counted as they come."""
    meters.polled(PollOutcome(source_id=SourceId("panews"), answer=Answer.OK, entries=20, new=2, elapsed_s=0.7))
    exact = Published(at=_NOW - timedelta(minutes=4), precision=DatePrecision.MINUTE, origin=DateOrigin.META)
    judged = make_classification()
    source, day = make_source(), Published(at=_NOW, precision=DatePrecision.DAY, origin=DateOrigin.LIST)
    for fields in (
        {"published": exact, "classification": judged},
        {"published": exact, "classification": judged, "baseline": True},
        {"published": day, "classification": None},
    ):
        meters.stored(make_item(**fields), source, at=_NOW)
        meters.told(make_item(**fields), source, at=_NOW + timedelta(minutes=1))
    alert = Alert(
        id=AlertId(1),
        dedup_key="a",
        kind=AlertKind.ITEM,
        channel=ChannelId("mail"),
        state=AlertState.CLAIMED,
        created_at=_NOW - timedelta(seconds=45),
    )
    meters.delivered(alert, DeliveryReport(verdict=DeliveryVerdict.TRANSIENT, elapsed_s=2), at=_NOW)
    meters.delivered(alert, DeliveryReport(verdict=DeliveryVerdict.ACCEPTED, elapsed_s=0.2), at=_NOW)
    figures = await _figures(server)
    expected = {
        ("hongtou_polls_total", ("ok",)): 1,
        ("hongtou_poll_entries_total", ("listed",)): 20,
        ("hongtou_poll_entries_total", ("new",)): 2,
        ("hongtou_items_stored_total", ("true",)): 2,
        ("hongtou_items_stored_total", ("unknown",)): 1,
        ("hongtou_publish_to_store_seconds_count", (source.voice.value,)): 1,
        ("hongtou_publish_to_store_seconds_sum", (source.voice.value,)): 240,
        ("hongtou_publish_to_accept_seconds_count", (source.voice.value,)): 1,
        ("hongtou_publish_to_accept_seconds_sum", (source.voice.value,)): 300,
        ("hongtou_deliveries_total", ("mail", "transient")): 1,
        ("hongtou_deliveries_total", ("mail", "accepted")): 1,
        ("hongtou_alert_to_accept_seconds_sum", ("item",)): 45,
    }
    assert {name: figures.get(name) for name in expected} == expected


async def test_nothing_else_is_served(server: WebServer) -> None:
    """There is no documentation page, and no other method."""
    assert [(await _get(server, path))[0] for path in ("/", "/docs", "/openapi.json")] == [404, 404, 404]


async def test_a_port_in_use_ends_nothing(database: SqlDatabase, meters: PrometheusMeters, tmp_path: Path) -> None:
    """Where the address cannot be listened on, the daemon goes on without the pages."""
    offload = ThreadOffload()
    pages = OperationsPages(
        database=database,
        registry=meters.registry,
        heartbeat=heartbeat_path(tmp_path),
        watched=frozenset,
        faults=tuple,
        budget=lambda: 240.0,
        offload=offload,
        clock=_Clock(),
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = WebServer(build_web(pages), host="127.0.0.1", port=taken.getsockname()[1])
        assert not await server.start()
        assert server.port == 0
        await server.stop()
    offload.close()


def test_commands_count_nothing(make_item: Callable[..., Item], make_source: Callable[..., Source]) -> None:
    """Where nobody asks, nothing is counted, and nothing is needed for it."""
    meters = NoMeters()
    meters.stored(make_item(), make_source(), at=_NOW)
    meters.told(make_item(), make_source(), at=_NOW)
    meters.polled(PollOutcome(source_id=SourceId("panews"), answer=Answer.OK))


def _all_figures(meters: PrometheusMeters) -> list[Metric]:
    return [*meters.registry.collect(), configuration_faults(()), polling_budget(240.0), *families(Reading())]


def test_documents_name_only_figures_that_there_are(meters: PrometheusMeters) -> None:
    """Rules, dashboard and operations.md name figures of this program, and operations.md all of them."""
    names = {metric.name for metric in _all_figures(meters)}
    docs = Path(__file__).parents[2] / "docs"
    told = {
        file: set(re.findall(r"hongtou_[a-z_]+", (docs / file).read_text(encoding="utf-8")))
        for file in ("operations.md", "monitoring/hongtou.rules.yml", "monitoring/grafana.json")
    }
    plain = {file: {re.sub(r"_(total|bucket|count|sum)$", "", name) for name in found} for file, found in told.items()}
    for file, found in plain.items():
        assert found <= names, file
    assert {name for name in names if name.startswith("hongtou_")} <= plain["operations.md"]
    panels = json.loads((docs / "monitoring/grafana.json").read_text(encoding="utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_documents_name_the_labels_that_there_are(meters: PrometheusMeters) -> None:
    """Operations.md names each figure that is told by labels with these, and the dashboard sums by no others."""
    docs = Path(__file__).parents[2] / "docs"
    told = (docs / "operations.md").read_text(encoding="utf-8")
    labels = {
        collector._name: collector._labelnames
        for collector in meters.registry._collector_to_names
        if isinstance(collector, MetricWrapperBase)
    }
    for name, names in labels.items():
        shown = re.search(rf"`{name}(?:_total)?(?:{{([a-z,]+)}})?`", told)
        assert shown is not None, name
        assert tuple(filter(None, (shown[1] or "").split(","))) == tuple(names), name
    for file in ("monitoring/hongtou.rules.yml", "monitoring/grafana.json"):
        text = (docs / file).read_text(encoding="utf-8")
        for summed, name in re.findall(
            r"by \(([a-z, ]+)\) \((?:rate|increase)\((hongtou_[a-z_]+?)(?:_total|_bucket)", text
        ):
            assert set(summed.split(", ")) - {"le"} <= set(labels[name]), (file, name)


async def test_the_oldest_of_many_that_wait_is_found(server: WebServer, database: SqlDatabase) -> None:
    """However many alerts wait, the age told is that of the one that has waited longest."""
    with database.unit_of_work() as uow:
        for n in range(1200):
            made = NewAlert(
                dedup_key=str(n),
                kind=AlertKind.ITEM,
                channel=ChannelId("mail"),
                state=AlertState.PENDING,
                created_at=_NOW - timedelta(seconds=1200 - n),
            )
            uow.outbox.add(made)
        uow.commit()
    assert (await _figures(server))["hongtou_oldest_alert_seconds", ()] == 1200
