"""Every known way to fail is in docs/failure-modes.md, with tests that are there; the catalogue learned from them."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.sources import load_catalogue
from core.source import SourceKind
from crawler.byhand import SystemClock
from crawler.pages.extractor import PageExtractor

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
KNOWN = 69
ROWS = {int(row[1]): row for row in ROW.finditer((ROOT / "docs" / "failure-modes.md").read_text(encoding="utf-8"))}
CATALOGUE = load_catalogue()


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests of a file; none of a file that is not there."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds) and node.name.startswith("test_"))


def watched_at(host: str) -> list[str]:
    """Return addresses that are watched on a host or its parts."""
    hosts = {source.url: urlsplit(source.url).hostname or "" for source in CATALOGUE.values() if source.enabled}
    return [url for url, found in hosts.items() if found == host or found.endswith(f".{host}")]


def test_every_mode_has_its_row() -> None:
    """The rows are numbered from 1 to 69."""
    assert list(ROWS) == list(range(1, KNOWN + 1))


@pytest.mark.parametrize("number", range(1, KNOWN + 1))
def test_a_row_names_tests_that_exist(number: int) -> None:
    """The last cell of a row names tests by file and name, or says in a sentence why there is none."""
    proof = ROWS[number][4]
    named = re.findall(r"`([^`:]+)::(test_\w+)`", proof)
    assert named or (proof.startswith("none: ") and len(proof) > 30)
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


@pytest.mark.parametrize(
    ("host", "part"),
    [
        ("miit.gov.cn", "search-front-server"),
        ("gov.cn", "ZUIXINZHENGCE.json"),
        ("cac.gov.cn", "JsonList"),
        ("csrc.gov.cn", "searchList"),
        ("people.com.cn", "/GB/"),
        ("pbc.gov.cn", "/tiaofasi/"),
        ("odaily.news", "rss.odaily.news"),
        ("panewslab.com", "rss"),
        ("dlnews.com", "/arc/outboundfeeds/rss/"),
        ("kjt.ah.gov.cn", ""),
    ],
)
def test_what_failed_before_is_watched_another_way(host: str, part: str) -> None:
    """Where a page or feed was seen to fail, the catalogue watches the way that lasted."""
    assert any(part in url for url in watched_at(host))


def test_ways_that_failed_are_not_watched() -> None:
    """Second addresses, Referers and places that no longer answer are as the notes on failures want them."""
    by_host = {urlsplit(source.url).hostname: source for source in CATALOGUE.values()}
    assert by_host["www.miit.gov.cn"].headers["Referer"]
    assert by_host["www.pbc.gov.cn"].headers["Referer"]
    assert by_host["api.blockbeats.cn"].fallback_urls
    assert not by_host["api.foresightnews.pro"].enabled
    feeds = [source.url for source in CATALOGUE.values() if source.enabled and source.kind is SourceKind.FEED]
    assert not [
        url for url in feeds if re.search(r"blockbeats|dlnews\.com/feed|foresightnews\.pro/rss|post\.com/rss", url)
    ]
    assert "https://www.ndrc.gov.cn/xxgk/zcfb/" not in {source.url for source in CATALOGUE.values()}


@pytest.mark.parametrize(
    "host",
    [
        "epub.cnipa.gov.cn",
        "zxgk.court.gov.cn",
        "wenshu.court.gov.cn",
        "nmpa.gov.cn",
        "customs.gov.cn",
        "ccdi.gov.cn",
        "mps.gov.cn",
        "hubei.gov.cn",
    ],
)
def test_sites_behind_a_lasting_challenge_are_not_watched(host: str) -> None:
    """What answers crawlers with a challenge is left alone; an entry for it is off and says why."""
    assert watched_at(host) == []


def test_no_shipped_source_depends_on_a_feed_bridge() -> None:
    """No shipped address, first or second, is one of a public RSSHub or RSS-Bridge."""
    addresses = [url for source in CATALOGUE.values() for url in (source.url, *source.fallback_urls)]
    assert [url for url in addresses if re.search(r"rsshub|rss-?bridge", url, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    "stamp",
    ["2026-11-20 09:30:002026-11-20 09:30:00", "2026-11-20 09:30:00,2026-11-21 10:00:00", "2026-11-20 09:302026-11-20"],
)
def test_two_stamps_joined_are_one_time(stamp: str) -> None:
    """Of two stamps without anything between them the first is read, by a page's metadata as well."""
    page = f'<html><head><title>关于印发行动计划的通知</title><meta name="PubDate" content="{stamp}"></head><body>'
    page += (
        "<h1>关于印发行动计划的通知</h1>" + "<p>为贯彻落实有关部署，加快培育发展新动能，现就有关事项通知如下。</p>" * 12
    )
    article = PageExtractor(SystemClock()).extract(
        page.encode(),
        url="https://www.example.gov.cn/1.html",
        content_type="text/html; charset=utf-8",
        source=None,
        entry=None,
    )
    assert article.published is not None
    assert article.published.at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
