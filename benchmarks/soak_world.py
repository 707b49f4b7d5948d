"""The world of the soak: feeds that publish without end and fail by chance, and a receiver that fails at times."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from hongtou.rehearsal.receivers import WebhookAnswer, WebhookSink

if TYPE_CHECKING:
    from hongtou.rehearsal.receivers import WebhookCall

WINDOW = 80
"""Entries that a feed shows; many times what it publishes between two polls, so that a fault loses none."""
REPEAT = "possible repeat"
_PLACE_NAMES = (
    "上海 北京 深圳 广州 杭州 南京 苏州 成都 重庆 武汉 西安 长沙 郑州 青岛 济南 合肥 福州 厦门 宁波 "
    "无锡 天津 沈阳 大连 长春 哈尔滨 石家庄 太原 南昌 昆明 贵阳 南宁 海口 兰州 银川 西宁 乌鲁木齐 "
    "呼和浩特 珠海 东莞 佛山"
)
_FIELD_NAMES = (
    "区块链 人工智能 量子计算 低空经济 商业航天 人形机器人 脑机接口 合成生物 数字人民币 工业互联网 元宇宙 算力"
)
_PLACES, _FIELDS = _PLACE_NAMES.split(), _FIELD_NAMES.split()
_ACTS = ("产业发展行动计划", "专项资金管理办法", "若干支持措施", "试点工作实施方案", "标准体系建设指南")
_HANZI = range(0x4E00, 0x4E00 + 4000)
"""Texts are of characters by chance: with a small vocabulary they would be reports of one event to the linker."""
_FAULTS = ("unavailable", "closed", "hang", "garbled", "slow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much is published, and how often something goes wrong."""

    articles: int
    """In all; then the feeds stay as they are."""
    per_poll: int
    relevant_every: int
    faults: float
    """Share of requests for lists, and of deliveries, that go wrong."""


class SoakWorld:
    """Feeds on addresses of their own, and a receiver. Start and stop it."""

    def __init__(self, pace: Pace, *, feeds: int, seed: int) -> None:
        self.pace = pace
        self.receiver = FailingSink(pace.faults, seed)
        self._chance = random.Random(seed)  # noqa: S311 - chance, nothing secret
        self._lock = threading.Lock()
        self._shown: list[list[int]] = [[] for _ in range(feeds)]
        self._made: list[datetime] = []
        self.lists = 0
        self.faults = 0
        self.is_calm = False
        """Whether nothing goes wrong any more, and nothing more is published."""
        self._servers = [_Feed(self, number) for number in range(feeds)]

    @property
    def published(self) -> int:
        """How many articles there are by now."""
        with self._lock:
            return len(self._made)

    @property
    def urls(self) -> list[str]:
        """Addresses of the feeds."""
        return [f"{server.base}/feed.xml" for server in self._servers]

    def start(self) -> None:
        """Serve."""
        self.receiver.up()
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True).start()

    def stop(self) -> None:
        """Close everything."""
        self.receiver.down()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def draw_fault(self) -> str:
        """Return what goes wrong with one request for a list; empty for nothing."""
        with self._lock:
            self.lists += 1
            if self.is_calm or self._chance.random() >= self.pace.faults:
                return ""
            self.faults += 1
            return self._chance.choice(_FAULTS)

    def feed(self, number: int, base: str) -> str:
        """Publish some more in a feed, and return it as it is now."""
        with self._lock:
            shown = self._shown[number]
            room = 0 if self.is_calm else self.pace.articles - len(self._made)
            for _ in range(min(self.pace.per_poll, room)):
                shown.append(len(self._made))
                self._made.append(datetime.now(UTC))
            entries = [self._entry(article, base) for article in reversed(shown[-WINDOW:])]
        return f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
<title>浸泡 {number}</title><link>{base}/</link><description>x</description>{"".join(entries)}</channel></rss>"""

    def _entry(self, article: int, base: str) -> str:
        title, text = article_text(article, self.pace.relevant_every)
        return (
            f"<item><title>{escape(title)}</title><link>{base}/a/{article}</link><guid>{base}/a/{article}</guid>"
            f"<pubDate>{format_datetime(self._made[article])}</pubDate><description>{escape(text)}</description></item>"
        )


def article_text(number: int, relevant_every: int) -> tuple[str, str]:
    """Return headline and text of an article; every so many-th is a policy, all of them different."""
    chance = random.Random(number)  # noqa: S311
    story = "".join(f"{_words(chance, 11)}，{_words(chance, 9)}。" for _ in range(8))
    if number % relevant_every:
        return f"{_words(chance, 16)}（{number}）", story
    order = number // relevant_every
    field, place = _FIELDS[order % len(_FIELDS)], _PLACES[order // len(_FIELDS) % len(_PLACES)]
    act = _ACTS[order // (len(_PLACES) * len(_FIELDS)) % len(_ACTS)]
    topic = f"{_words(chance, 6)}{field}{act}"
    title = f"{place}市印发{_words(chance, 4)}《{topic}》"
    head = f"近日，{place}市人民政府办公厅印发《{topic}》（{place[0]}政办发〔2026〕{order + 1}号）。"
    year, firms, funds = chance.randint(2027, 2030), chance.randint(20, 900), chance.randint(2, 90)
    aims = f"文件提出，到{year}年培育{field}企业{firms}家，安排资金{funds}亿元，由{place}市发展改革委牵头落实。"
    return title, f"{head}{aims}{story}"


def _words(chance: random.Random, length: int) -> str:
    return "".join(chr(chance.choice(_HANZI)) for _ in range(length))


class FailingSink(WebhookSink):
    """A receiver in which a share of the calls goes wrong until it is calm; keeps what it took."""

    def __init__(self, share: float, seed: int) -> None:
        super().__init__()
        self._share = share
        self._chance = random.Random(seed)  # noqa: S311
        self.is_calm = False
        self.faults = 0
        self.taken: list[str] = []
        """Texts that were accepted, and those whose acceptance was cut off."""

    def answer_to(self, call: WebhookCall) -> WebhookAnswer:
        """Take a message, or not."""
        draw = 1.0 if self.is_calm else self._chance.random() / self._share
        self.faults += draw < 1
        if draw < 0.5:
            return WebhookAnswer(status=503, body=b"later")
        self.taken.append(str(call.json().get("text", "")))
        if draw < 0.75:
            return WebhookAnswer(reset=True)
        return WebhookAnswer(wait_s=2.0) if draw < 1 else WebhookAnswer()


class _Feed(ThreadingHTTPServer):
    """One feed on an address of its own, so that each counts as a host."""

    daemon_threads = True

    def __init__(self, world: SoakWorld, number: int) -> None:
        address = f"127.0.{1 + number // 250}.{1 + number % 250}"
        super().__init__((address, 0), _Handler)
        self.world, self.number = world, number
        self.base = f"http://{address}:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    """Answers one request a connection."""

    server: _Feed

    def do_GET(self) -> None:
        """Answer a GET."""
        if self.path != "/feed.xml":
            self._answer(404, b"")
            return
        fault = self.server.world.draw_fault()
        if fault in ("hang", "slow"):
            time.sleep(8 if fault == "hang" else 1)
        if fault in ("closed", "hang"):
            return
        if fault == "unavailable":
            self._answer(503, b"busy")
        elif fault == "garbled":
            self._answer(200, bytes(range(256)) * 20)
        else:
            self._answer(200, self.server.world.feed(self.server.number, self.server.base).encode())

    def _answer(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            return  # who asked gave up

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Write nothing."""
