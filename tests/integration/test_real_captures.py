"""Real feeds and pages, served from loopback to the real program: nothing crashes, garbles, doubles or is lost."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from core.alert import AlertKind
from core.outcome import Answer
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.alert import Alert
    from core.item import Item
    from core.source import SourceState

pytestmark = [
    pytest.mark.integration,
    pytest.mark.captures,
    pytest.mark.timeout(280),
]
ROOT = Path(__file__).resolve().parents[2]
NOTHING = (Answer.EMPTY, Answer.PARSE, Answer.SOFT_404, Answer.SELECTOR_BROKEN)
"""What a file that gives no item may be; the last are rows with nothing in them."""
JSON_ITEMS = {"nnw_daringfireball_jsonfeed.json": 48, "news60s_20260820.json": 15}
"""Items of the JSON files, counted in them by hand."""
EVER = datetime(2000, 1, 1, tzinfo=UTC)
BLANK = {
    "illformed_fp_rss-incomplete-cdata.xml": 1,
    "rp_incomplete-fields-atom.xml": 1,
    "rp_missing-fields-atom.xml": 1,
    "zh_tech_techweb_2016.xml": 2,
}
"""Rows that the manifest counts and that hold neither a title nor a link: nothing can be told of them."""


@dataclass
class Site:
    """What the loopback site serves: path → (content type, bytes)."""

    base: str = ""
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """What one run left in the database."""

    items: tuple[Item, ...]
    alerts: tuple[Alert, ...]
    sources: Mapping[str, SourceState]

    def of(self, source: str) -> list[Item]:
        """Return the items that a source led to."""
        return [item for item in self.items if source == item.source_id or source in item.also_seen]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A site on loopback without validators and without robots.txt."""
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = served.files.get(self.path)
            self.send_response(200 if found else 404)
            if found:
                self.send_header("Content-Type", found[0])
            self.end_headers()
            self.wfile.write(found[1] if found else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    served.base = f"http://127.0.0.1:{server.server_address[1]}"
    yield served
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def manifest(captures_dir: Path) -> dict[str, dict[str, str]]:
    """The feeds' manifest by file name."""
    with (captures_dir / "feeds" / "manifest.csv").open(encoding="utf-8") as rows:
        return {row["file"]: row for row in csv.DictReader(rows)}


def feed_source(site: Site, path: str) -> dict[str, Any]:
    """Return the entry of a feed whose pages are on hosts that cannot be reached here."""
    return {
        "name": path, "name_en": path, "kind": "feed", "url": f"{site.base}{path}", "group": "captures",
        "voice": "press", "fetch_articles": False,
    }  # fmt: skip


def source_id(name: str) -> str:
    """Return a source id for a file name."""
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower()).strip("-")


def run_once(folder: Path, sources: Mapping[str, Any]) -> Stored:
    """Poll every source once with the real program, and read what it stored."""
    (folder / "sources.d").mkdir(exist_ok=True)
    (folder / "sources.d" / "captures.yaml").write_text(yaml.safe_dump({"sources": dict(sources)}), encoding="utf-8")
    config = {
        "data_dir": str(folder / "data"),
        "watch": {"groups": ["captures"]},
        "crawl": {"allow_private_addresses": True, "delay": "0s", "retries": 0, "max_pages_per_poll": 500},
        "first_sync": {"max_age": "4000w"},
        "alerts": {"max_item_age": "4000w"},
        "routes": {"daily": {"enabled": False}},
        "log": {"format": "json"},
    }
    (folder / "hongtou.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")}
    run = subprocess.run(
        [sys.executable, "-m", "hongtou", "run", "--once", "--all"],
        cwd=folder, env={**clean, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode in (0, 4), run.stderr[-3000:]
    assert "Traceback" not in run.stderr
    with SqlDatabase(f"sqlite:///{folder / 'data' / 'hongtou.db'}") as database, database.unit_of_work() as uow:
        return Stored(
            items=tuple(reversed(uow.items.recent(since=EVER, limit=100_000))),
            alerts=tuple(reversed(uow.outbox.list(limit=100_000))),
            sources={str(state.source_id): state for state in uow.sources.all()},
        )


@pytest.fixture(scope="module")
def polled_twice(
    captures_dir: Path, site: Site, manifest: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Stored, Stored]:
    """Every real feed, polled twice."""
    folder = tmp_path_factory.mktemp("feeds")
    sources = {}
    for name in manifest:
        body = (captures_dir / "feeds" / name).read_bytes()
        path = f"/feeds/{name}"
        site.files[path] = ("application/json" if name.endswith(".json") else "text/xml", body)
        sources[source_id(name)] = feed_source(site, path)
    sources[source_id("news60s_20260820.json")] |= {
        "kind": "json",
        "paths": {"rows": "data.news[*]", "title": "$", "summary": "$"},
    }
    return run_once(folder, sources), run_once(folder, sources)


def test_every_feed_gives_what_its_manifest_says(
    polled_twice: tuple[Stored, Stored], manifest: Mapping[str, Mapping[str, str]]
) -> None:
    """Each feed's items are stored, or its answer is a typed class that says why there are none."""
    first, _ = polled_twice
    wrong = {}
    for name, row in manifest.items():
        answer = first.sources[source_id(name)].last_answer
        found = len(first.of(source_id(name)))
        wanted = int(row["items_feedparser"] or JSON_ITEMS[name]) - BLANK.get(name, 0)
        allowed = (Answer.OK, Answer.NOT_MODIFIED) if wanted else NOTHING
        if found != wanted or answer not in allowed:
            wrong[name] = (wanted, found, answer)
    assert wrong == {}


def test_a_second_poll_adds_nothing(polled_twice: tuple[Stored, Stored]) -> None:
    """The same feeds once more make no item, no revision and no alert."""
    first, second = polled_twice
    assert len(second.items) == len(first.items)
    assert all(item.revision == 1 for item in second.items)
    assert [alert.id for alert in second.alerts] == [alert.id for alert in first.alerts]


def test_no_feed_is_garbled(polled_twice: tuple[Stored, Stored], manifest: Mapping[str, Mapping[str, str]]) -> None:
    """No replacement character anywhere, and Chinese feeds are Chinese, GB2312 and Big5 included."""
    first, _ = polled_twice
    assert [item.title for item in first.items if "�" in item.title + item.text] == []
    for name, row in manifest.items():
        items = first.of(source_id(name))
        if row["lang"].startswith("zh") and items:
            letters = "".join(item.title + item.text[:200] for item in items)
            chinese = sum("一" <= letter <= "鿿" for letter in letters)
            assert chinese > len(letters) / 10, name


@pytest.fixture(scope="module")
def truth(captures_dir: Path) -> list[dict[str, str]]:
    """The ground truth of real pages."""
    lines = (captures_dir / "pages" / "ground_truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def grown(
    captures_dir: Path, site: Site, truth: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Stored, Stored]:
    """A feed and an HTML list that grew between two polls: the list by every real page with a ground truth."""
    folder = tmp_path_factory.mktemp("grown")
    words = "A page that was there at the first look, and whose words are no news"
    rows = [f'<li><a href="/pages/none{number}.html">{words}, number {number}</a></li>' for number in range(9)]
    listing = feed_source(site, "/pages/") | {"kind": "listing", "fetch_articles": True, "rows": {"row": "li"}}
    sources = {"pages": listing, "cointelegraph": feed_source(site, "/cointelegraph")}

    def run(feed: str) -> Stored:
        body = (captures_dir / "feeds" / feed).read_bytes()
        site.files["/cointelegraph"] = ("application/rss+xml", body)
        site.files["/pages/"] = ("text/html; charset=utf-8", f"<ul>{''.join(rows)}</ul>".encode())
        return run_once(folder, sources)

    first = run("crypto_cointelegraph_20260711_0731.xml")
    for entry in truth:
        name = entry["file"]
        site.files[f"/pages/{name}"] = ("text/html", (captures_dir / "pages" / name).read_bytes())
        rows.append(f'<li><a href="/pages/{name}">{escape(entry["title"] or name)}</a></li>')
    return first, run("crypto_cointelegraph_20260711.xml")


def test_two_polls_of_a_real_feed_alert_only_the_difference(grown: tuple[Stored, Stored]) -> None:
    """The later poll of a feed alerts what is new in it and nothing that the earlier one held."""
    first, second = grown
    earlier, later = first.of("cointelegraph"), second.of("cointelegraph")
    assert len(earlier) == 30
    known = {item.id for item in earlier}
    fresh = {item.id: item for item in later if item.id not in known}
    assert 0 < len(fresh) < 30
    relevant_stories = {
        item.story_id for item in fresh.values() if item.classification and item.classification.relevant
    }
    told = {alert.item_id for alert in second.alerts if alert.kind is AlertKind.ITEM}
    pages = {item.id for item in second.of("pages")}
    alerted = told - {alert.item_id for alert in first.alerts} - pages
    assert alerted <= set(fresh)
    assert {item.story_id for item in fresh.values() if item.id in alerted} == relevant_stories - {
        item.story_id for item in earlier
    }
    # What the first poll found comes as one digest.
    assert {alert.kind for alert in second.alerts} <= {AlertKind.ITEM, AlertKind.DIGEST}


def test_real_pages_are_read_through_the_crawler(grown: tuple[Stored, Stored], truth: list[dict[str, str]]) -> None:
    """Through list, fetch, extraction and storage, real pages keep title (95 %), date (90 %) and text (F1 0.90)."""
    by_file = {item.url.rsplit("/", 1)[-1]: item for item in grown[1].of("pages") if not item.baseline}
    assert set(by_file) == {entry["file"] for entry in truth}
    assert [name for name, item in by_file.items() if "�" in item.title] == []
    titles = [(entry["title"], by_file[entry["file"]].title) for entry in truth if entry["title"]]
    assert sum(squeezed(want) == squeezed(got) for want, got in titles) >= 0.95 * len(titles)
    dated = [entry for entry in truth if entry["date"]]
    same_day = sum(is_same_day(entry["date"], by_file[entry["file"]].published.at) for entry in dated)
    assert same_day >= 0.90 * len(dated)
    bodies = [token_f1(entry["body"], by_file[entry["file"]].text) for entry in truth if entry["body"]]
    assert sum(bodies) / len(bodies) >= 0.90


def squeezed(words: str) -> str:
    """Return words without white space."""
    return "".join(words.split())


def is_same_day(wanted: str, got: datetime) -> bool:
    """Whether a moment falls on a wanted day in its own zone, Shanghai's when it names none."""
    digits = [int(part) for part in "".join(letter if letter.isdigit() else " " for letter in wanted[:10]).split()[:3]]
    for offset in (timedelta(hours=8), timedelta(0), timedelta(hours=-4), timedelta(hours=-8)):
        local = got.astimezone(UTC) + offset
        if [local.year, local.month, local.day] == digits:
            return True
    return False


def tokens(text: str) -> Counter[str]:
    """Return Latin words and single Chinese characters with their counts."""
    found: list[str] = []
    word = ""
    for letter in text.lower():
        if letter.isascii() and letter.isalnum():
            word += letter
            continue
        if word:
            found.append(word)
            word = ""
        if letter.isalnum():
            found.append(letter)
    return Counter([*found, word] if word else found)


def token_f1(wanted: str, got: str) -> float:
    """Return the harmonic mean of token precision and recall."""
    want, have = tokens(wanted), tokens(got)
    shared = sum((want & have).values())
    return 2 * shared / (sum(want.values()) + sum(have.values()) or 1)
