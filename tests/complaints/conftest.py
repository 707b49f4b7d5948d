"""A whole Hongtou in one process: real lists in, real words judged, real rows out; the clock and channels are ours.

What is simulated is the network alone: a poll is given the bytes that a server would have sent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from io import StringIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest
import yaml

from alerts.matcher import OrderedRouteMatcher
from classifier.folding import fold
from config.loader import load_settings
from core.alert import AlertKind
from core.decide import Intent
from core.incident import HealthRules
from core.network import NetworkWatch
from core.outcome import Answer, DeliveryReport, DeliveryVerdict, PollOutcome
from core.source import Poll, SourceId, SourceKind
from crawler.answers import Expected
from crawler.pages.from_entry import article_from_entry
from crawler.reading import Received, read_list
from hongtou.dispatch import Dispatcher
from hongtou.fitting import build_notifier, delivery_means, fit
from hongtou.health import HealthReviewer, Watched
from hongtou.intake import StoringIntake
from hongtou.linking import StoryLinker
from hongtou.notices import Notices
from hongtou.parts import build_copy_finder
from scheduler.cron import ApsCron
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.alert import AlertState, ChannelId
    from core.item import Item
    from core.message import ChannelForm, Part
    from core.source import Source

BASE: dict[str, Any] = {
    "channels": {"desk": {"url": "mailto://127.0.0.1:9?from=a@example.org&to=b@example.org"}},
    "routes": {"now": {"channels": ["desk"]}, "daily": {"enabled": False}},
    "alerts": {"storm_most": 0},
}
_EXPECTED = {SourceKind.FEED: Expected.FEED, SourceKind.JSON: Expected.JSON, SourceKind.LISTING: Expected.LISTING}


CITIES = (
    "上海", "深圳", "杭州", "广州", "成都", "武汉", "南京", "重庆", "苏州", "厦门", "青岛", "长沙",
    "西安", "合肥", "宁波",
)  # fmt: skip
THINGS = (
    ("区块链", "产业发展行动计划"), ("元宇宙", "创新应用实施方案"), ("生成式人工智能", "服务管理办法"),
    ("自动驾驶", "道路测试细则"), ("量子计算", "扶持政策"), ("数字人民币", "试点工作方案"), ("稳定币", "风险提示"),
)  # fmt: skip


class InPlace:
    """Runs work where it is called."""

    async def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call the function."""
        return function(*args, **kwargs)


class Channels:
    """Keeps what it is sent, in the forms of the configured channels; answers from a script, then accepts."""

    def __init__(self, forms: tuple[ChannelForm, ...]) -> None:
        self.known = forms
        self.sent: list[tuple[str, Part]] = []
        self.script: list[DeliveryReport] = []

    def forms(self) -> tuple[ChannelForm, ...]:
        """Return the forms."""
        return self.known

    async def send_part(self, channel: ChannelId, part: Part) -> DeliveryReport:
        """Answer from the script."""
        report = self.script.pop(0) if self.script else DeliveryReport(verdict=DeliveryVerdict.ACCEPTED)
        if report.verdict is DeliveryVerdict.ACCEPTED:
            self.sent.append((channel, part))
        return report


def rss(*items: dict[str, str], charset: str = "utf-8", declared: str = "") -> bytes:
    """Return a feed of items given by title, link, guid, date and description; it may name a charset that it is not."""
    tags = {"title": "title", "link": "link", "guid": "guid", "date": "pubDate", "text": "description"}
    rows = "".join(
        "<item>" + "".join(f"<{tags[name]}>{escape(value)}</{tags[name]}>" for name, value in item.items()) + "</item>"
        for item in items
    )
    feed = f'<?xml version="1.0" encoding="{declared or charset}"?>'
    return f"{feed}<rss version='2.0'><channel><title>t</title>{rows}</channel></rss>".encode(charset)


class Hongtou:
    """The program, on one database."""

    def __init__(self, folder: Path, clock: Any, make: dict[str, Any], shared: dict[str, Any]) -> None:
        self.folder, self.clock, self._make, self._shared = folder, clock, make, shared
        self.database = SqlDatabase(f"sqlite:///{folder / 'hongtou.db'}")
        self.sources: dict[str, Source] = {}
        self.channels = Channels(())
        self.network = NetworkWatch(hosts=9)
        self.finder: Any = None
        self.configure()

    def configure(self, **changes: Any) -> None:
        """Read a configuration, and begin anew with it and what is stored.

        Raises:
            ConfigError: It has faults; what ran goes on.
        """
        file = self.folder / "hongtou.yaml"
        file.write_text(yaml.safe_dump({**BASE, "data_dir": str(self.folder), **changes}), "utf-8")
        loaded = load_settings(file, environ={})
        self.means = delivery_means(loaded, build_notifier(loaded, terminal=StringIO()))
        self.rules = replace(
            self._shared["rules"],
            finder=self.finder or self._shared["rules"].finder,
            matcher=OrderedRouteMatcher(loaded.routes, fold=fold),
            routes=loaded.routes,
            sources=self.sources.get,
            catch_up=bool(loaded.settings.alerts.catch_up),
        )
        self.channels.known = self.means.sender.forms()
        self.restart()

    def link_by(self, finder: Any) -> None:
        """Put items into stories by another finder, for tests of many stories that differ little."""
        self.finder = finder
        self.rules = replace(self.rules, finder=finder)
        self.restart()

    feed = staticmethod(rss)

    def restart(self) -> None:
        """Begin anew with what is stored, as after a crash: what a dead process had claimed is free."""
        lookups = replace(self.means.lookups, sources=self.sources.get)
        pacing = replace(self.means.pacing, sources=self.sources.get)
        means = replace(self.means, sender=self.channels, lookups=lookups, pacing=pacing)
        notices = Notices(means.pacing.operators, self.clock)
        shared: dict[str, Any] = {"database": self.database, "offload": InPlace(), "clock": self.clock}
        self.intake = StoringIntake(
            **shared,
            rules=self.rules,
            copies=self._shared["copies"],
            linker=StoryLinker(self.rules.finder),
            network=self.network,
            jitter=lambda: 0.0,
        )
        self.dispatcher = Dispatcher(**shared, means=means, notices=notices, cron=ApsCron(), jitter=lambda: 0.0)
        self.reviewer = HealthReviewer(
            **shared,
            watched=Watched(sources={SourceId(name): source for name, source in self.sources.items()}),
            network=self.network,
            rules=HealthRules(),
            notices=notices,
        )
        with self.database.unit_of_work() as uow:
            uow.outbox.release_claims()
            uow.commit()

    def source(self, name: str, **fields: Any) -> None:
        """Begin to watch a source; its text comes with its list."""
        self.sources[name] = self._make["source"](id=name, **{"fetch_articles": False, **fields})
        with self.database.unit_of_work() as uow:
            uow.sources.register([SourceId(name)], now=self.clock.now())
            uow.commit()
        self.restart()

    async def poll(self, name: str, body: bytes = b"", *, status: int = 200, **headers: str) -> Answer:
        """Poll a source that answers so; store what is new, and how it ended."""
        source = self.sources[name]
        with self.database.reading() as uow:
            state = uow.sources.get(source.id)
        assert state is not None
        poll = Poll(source=source, state=state, started_at=self.clock.now())
        answer = Received(url=source.url, status=status, headers=headers, body=body)
        read = read_list(source, state, answer, expected=_EXPECTED[source.kind], now=self.clock.now())
        entries = read.listing.entries if read.listing else ()
        if read.listing is not None:
            plan = await self.intake.plan(poll, read.listing)
            for decision in (*plan.of(Intent.STORE), *plan.of(Intent.FETCH)):
                article = article_from_entry(decision.entry, source=source, problem=None)
                await self.intake.accept(poll, decision.entry, article)
        outcome = PollOutcome(
            source_id=name, answer=read.answer, detail=read.detail, entries=len(entries), first_sync=poll.is_first_sync,
            body_hash=read.listing.body_hash if read.listing else "",
        )  # fmt: skip
        await self.intake.finish(poll, outcome)
        return read.answer

    async def known(self, name: str, **fields: Any) -> None:
        """Watch a source whose first list, of old news, was read yesterday."""
        self.source(name, **fields)
        old = format_datetime(self.clock.now() - timedelta(days=9))
        first = {"title": "天气晴", "link": f"https://{name}.example/0", "guid": f"{name}0", "date": old}
        await self.poll(name, rss(first))
        self.clock.advance(days=1)

    async def deliver(self) -> list[str]:
        """Close what is due, send what is pending; return the subjects that went out."""
        before = len(self.channels.sent)
        await self.dispatcher.close_due_digests()
        await self.dispatcher.drain()
        return [part.subject for _, part in self.channels.sent[before:]]

    async def review(self) -> None:
        """Look at the health of sources."""
        await self.reviewer.review()

    def news(self, n: int, *, title: str = "", text: str = "", **fields: str) -> dict[str, str]:
        """Return a relevant item of a feed, of now."""
        city, (thing, paper) = CITIES[n % len(CITIES)], THINGS[n % len(THINGS)]
        rest = "".join(chr(0x4E00 + (n * 1097 + k * k * 31) % 20_000) for k in range(160))
        said = f"{city}市发布《{city}市{thing}{paper}》，资金{n * 7 + 3}亿元。{rest}。{thing}是其重点。"
        return {
            "title": title or f"{city}：{thing}{paper}出台，涉资{n * 7 + 3}亿元",
            "link": f"https://outlet.example/{n}",
            "guid": f"guid-{n}",
            "date": format_datetime(self.clock.now()),
            "text": text or said,
            **fields,
        }

    def items(self) -> list[Item]:
        """Return all stored items, oldest first."""
        with self.database.reading() as uow:
            return list(reversed(uow.items.recent(since=self.clock.now() - timedelta(days=999), limit=99_999)))

    def states(self, kind: AlertKind = AlertKind.ITEM) -> list[AlertState]:
        """Return the states of the alerts of a kind, oldest first."""
        with self.database.reading() as uow:
            return [alert.state for alert in reversed(uow.outbox.list(limit=99_999)) if alert.kind is kind]

    def missing(self) -> int:
        """How many alerts the account does not find."""
        with self.database.reading() as uow:
            return uow.outbox.totals().missing

    @property
    def told(self) -> str:
        """All that went out, subjects and texts."""
        return "\n".join(f"{part.subject}\n{part.text or part.body}" for _, part in self.channels.sent)


@pytest.fixture(scope="session")
def shared() -> dict[str, Any]:
    """Parts that cost time to make and keep nothing."""
    loaded = load_settings(None, environ={})
    rules = fit(loaded, build_notifier(loaded, terminal=StringIO())).rules
    return {"copies": build_copy_finder(loaded), "rules": rules}


@pytest.fixture
def hongtou(empty_file: Path, clock: Any, make_source: Any, shared: dict[str, Any]) -> Iterator[Hongtou]:
    """The program on an empty database, with one mail channel and one route that tells at once."""
    program = Hongtou(empty_file.parent, clock, {"source": make_source}, shared)
    yield program
    program.database.close()
