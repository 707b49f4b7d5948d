"""What reading costs: rows/s of each kind of list, pages/s of each extractor, and memory against hostile answers.

    .venv/bin/python -m benchmarks.crawl [--rows 200] [--seconds 2] [--json]

Time is the CPU's, which other work on the machine does not stretch. Lists are generated; pages are the shipped layouts
of `tests/data/pages`. Memory is the peak of a process of its own: one that reads a page of ten megabytes, and one that
is served a gigabyte of zeros in a megabyte of gzip, over loopback, by the crawler as it is configured by default, which
has to refuse it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import CrawlSettings
from core.errors import FetchError, ParseError
from core.source import JsonPaths, RowSelectors, Source, SourceId, SourceKind, SourceState, Voice
from crawler.answers import Expected
from crawler.decode import decode
from crawler.fetching import fetch_pages
from crawler.pages.engines import read_with_readability, read_with_trafilatura
from crawler.pages.extractor import PageExtractor
from crawler.reading import Received, read_list

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
PAGES = Path(__file__).resolve().parents[1] / "tests" / "data" / "pages"
URL = "https://www.a.example/zwgk/index.html"
TEN_MEGABYTES = 10 * 1024 * 1024
GIGABYTE = 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """One line of the first two tables."""

    what: str
    per_second: float
    each_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """One line of the last table."""

    what: str
    outcome: str
    before_mb: float
    """Peak before the hostile answer, everything imported."""
    peak_mb: float
    seconds: float


class StandingClock:
    """Tells one moment."""

    def now(self) -> datetime:
        """Return it."""
        return NOW


def made_lists(rows: int) -> dict[str, tuple[Source, bytes]]:
    """Return a list of so many rows of each kind."""
    titles = [f"某市人民政府办公厅关于印发第{n}号产业三年行动计划的通知" for n in range(rows)]
    feed = "".join(
        f"<item><title>{title}</title><link>https://www.a.example/{n}.html</link><guid>{n}</guid>"
        f"<pubDate>Thu, 15 Jun 2023 09:{n % 60:02}:00 +0800</pubDate><description>{title}。</description></item>"
        for n, title in enumerate(titles)
    )
    listed = "".join(
        f'<li><a href="/zwgk/{n}.html">{title}</a><span>2023-06-{n % 28 + 1:02}</span></li>'
        for n, title in enumerate(titles)
    )
    page = (
        f"<html><body><div class='nav'>{'<a href=/x>导航</a>' * 30}</div><ul class='list'>{listed}</ul></body></html>"
    )
    items = [{"title": title, "url": f"/{n}.html", "time": "2023-06-15 09:30"} for n, title in enumerate(titles)]
    urls = "".join(
        f"<url><loc>https://www.a.example/{n}.html</loc><lastmod>2023-06-15T09:{n % 60:02}:00+08:00</lastmod></url>"
        for n in range(rows)
    )
    sitemap = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"
    paths = JsonPaths(rows="data[*]", title="title", link="url", date="time")
    return {
        "feed": (_source(SourceKind.FEED), f"<rss version='2.0'><channel>{feed}</channel></rss>".encode()),
        "json": (_source(SourceKind.JSON, paths=paths), json.dumps({"data": items}).encode()),
        "listing by detection": (_source(SourceKind.LISTING), page.encode()),
        "listing by selectors": (
            _source(SourceKind.LISTING, rows=RowSelectors(row="ul.list li", date="span")),
            page.encode(),
        ),
        "sitemap": (_source(SourceKind.SITEMAP), sitemap.encode()),
    }


def _source(kind: SourceKind, *, paths: JsonPaths | None = None, rows: RowSelectors | None = None) -> Source:
    return Source(
        id=SourceId(kind.value), name="a", name_en="a", kind=kind, url=URL, group="g", voice=Voice.AUTHORITY,
        paths=paths, rows=rows,
    )  # fmt: skip


def list_speeds(rows: int, seconds: float) -> list[Speed]:
    """Measure how fast each kind of list is read, classification of the answer included."""
    expected = {SourceKind.FEED: Expected.FEED, SourceKind.SITEMAP: Expected.FEED, SourceKind.JSON: Expected.JSON}
    speeds = []
    for name, (source, body) in made_lists(rows).items():
        state = SourceState(source_id=source.id, next_due_at=NOW)
        answer = Received(url=URL, status=200, headers={}, body=body)
        kind = expected.get(source.kind, Expected.LISTING)

        def read(
            source: Source = source, state: SourceState = state, answer: Received = answer, kind: Expected = kind
        ) -> int:
            found = read_list(source, state, answer, expected=kind, now=NOW).listing
            return len(found.entries) if found else 0

        found = read()
        if found != rows:
            sys.exit(f"{name}: {found} of {rows} rows were read")
        each = _each(read, seconds)
        speeds.append(Speed(what=name, per_second=rows / each, each_ms=1000 * each))
    return speeds


def page_speeds(seconds: float) -> list[Speed]:
    """Measure how fast each extractor reads the shipped pages."""
    bodies = [file.read_bytes() for file in sorted(PAGES.rglob("*.html"))]
    texts = [decode(body).text for body in bodies]
    extractor = PageExtractor(StandingClock())

    def ours() -> None:
        for body in bodies:
            try:
                extractor.extract(body, url=URL, content_type="", source=None, entry=None)
            except ParseError:
                continue

    def others(read: Callable[[str], Sequence[str]]) -> Callable[[], object]:
        return lambda: [read(text) for text in texts]

    readers: dict[str, Callable[[], object]] = {
        "Hongtou (bytes to article)": ours,
        "readability-lxml (text to lines)": others(read_with_readability),
        "trafilatura (text to lines)": others(read_with_trafilatura),
    }
    speeds = []
    for name, run in readers.items():
        each = _each(run, seconds) / len(bodies)
        speeds.append(Speed(what=name, per_second=1 / each, each_ms=1000 * each))
    return speeds


def _each(run: Callable[[], object], seconds: float) -> float:
    """Return the CPU seconds of the fastest run within some time: what a busy machine disturbs least."""
    run()
    until, fastest = time.process_time() + seconds, float("inf")
    while True:
        begun = time.process_time()
        run()
        ended = time.process_time()
        fastest = min(fastest, ended - begun)
        if ended > until:
            return fastest


def read_big_page() -> str:
    """Read a page of ten megabytes; return what came of it."""
    paragraph = "<p>某市人民政府办公厅印发推动制造业高质量发展三年行动计划，提出建设区块链公共服务平台。</p>".encode()
    body = b"<html><title>big</title><body><h1>big</h1>" + paragraph * (TEN_MEGABYTES // len(paragraph))
    article = PageExtractor(StandingClock()).extract(body, url=URL, content_type="", source=None, entry=None)
    return f"{len(body) / 1e6:.1f} MB read, {len(article.text)} characters kept"


def fetch_bomb() -> str:
    """Fetch a gigabyte of zeros in a megabyte of gzip; return how it was refused."""
    block = bytes(1024 * 1024)
    packed = gzip.compress(block, 9)
    bomb = packed * (GIGABYTE // len(block))  # members of one stream

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Serve the bomb."""
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(bomb)))
            self.end_headers()
            self.wfile.write(bomb)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    settings = CrawlSettings(allow_private_addresses=True, obey_robots=False, delay=timedelta(0), retries=0)
    answer = fetch_pages([url], settings)[url]
    server.shutdown()
    if isinstance(answer, FetchError):
        return f"{len(bomb) / 1e6:.1f} MB of gzip refused: {answer.answer}"
    sys.exit(f"the bomb was read: {len(answer.body)} bytes")


HOSTILE = {"a page of ten megabytes": read_big_page, "a decompression bomb": fetch_bomb}


def memory(what: str) -> Memory:
    """Measure one hostile answer in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.crawl", "--child", what]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).resolve().parents[1])
    return Memory(**json.loads(done.stdout.splitlines()[-1]))


def measured(what: str) -> Memory:
    """Meet one hostile answer in this process."""
    before, begun = _peak_mb(), time.process_time()
    outcome = HOSTILE[what]()
    seconds = time.process_time() - begun
    return Memory(what=what, outcome=outcome, before_mb=before, peak_mb=_peak_mb(), seconds=seconds)


def _peak_mb() -> float:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", choices=[*HOSTILE], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(asdict(measured(options.child))))
        return
    lists, pages = list_speeds(options.rows, options.seconds), page_speeds(options.seconds)
    hostile = [memory(what) for what in HOSTILE]
    if options.json:
        speeds = {"lists": [asdict(row) for row in lists], "pages": [asdict(row) for row in pages]}
        print(json.dumps({**speeds, "memory": [asdict(met) for met in hostile]}, indent=2))
        return
    for title, unit, table in (("list", "rows/s", lists), ("extractor", "pages/s", pages)):
        print(f"\n{title:<34}{unit:>10}{'ms each':>10}")
        for row in table:
            print(f"{row.what:<34}{row.per_second:>10,.0f}{row.each_ms:>10.2f}")
    print(f"\n{'hostile answer':<26}{'before MB':>10}{'peak MB':>9}{'CPU s':>9}  outcome")
    for met in hostile:
        print(f"{met.what:<26}{met.before_mb:>10.0f}{met.peak_mb:>9.0f}{met.seconds:>9.2f}  {met.outcome}")


if __name__ == "__main__":
    main()
