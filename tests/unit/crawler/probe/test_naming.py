"""Ids, names and zones of proposed entries."""

from __future__ import annotations

import pytest

from crawler.probe.naming import proposed_entry, proposed_id, proposed_zone


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://kjt.zj.gov.cn/col/tzgg/index.html", "kjt-zj-tzgg"),
        ("https://www.ndrc.gov.cn/xxgk/zcfb/tz/", "ndrc-tz"),
        ("https://m.news.example.com/", "news-example"),
        ("http://192.168.0.1/", "source"),
        ("https://www.example.com/list.html", "example"),
    ],
)
def test_ids_come_from_host_and_path(url: str, expected: str) -> None:
    """An id is made of what names the site and its column."""
    assert proposed_id(url) == expected


def test_ids_are_free() -> None:
    """An id that is in use gets a number."""
    assert proposed_id("https://www.ndrc.gov.cn/tz/", {"ndrc-tz", "ndrc-tz-2"}) == "ndrc-tz-3"


def test_an_authority_is_known_by_its_host() -> None:
    """Hosts of governments speak for an authority, with its jurisdiction; others are the press."""
    entry = proposed_entry("https://www.example.gov.cn/tz/", "通知公告", "关于印发名单的通知")
    assert entry == {
        "name": "通知公告",
        "name_en": "www.example.gov.cn/tz",
        "group": "mine",
        "voice": "authority",
        "jurisdiction": "cn",
        "language": "zh",
    }
    press = proposed_entry("https://www.example.com/news", "", "Regulator opens consultation")
    assert press["name"] == "www.example.com"
    assert (press["voice"], press["language"], press["zone"]) == ("press", "en", "UTC")
    assert "jurisdiction" not in press


@pytest.mark.parametrize(
    ("url", "words", "zone"),
    [
        ("https://www.sfc.hk/", "Press releases", "Asia/Hong_Kong"),
        ("https://www.example.com/", "区块链快讯", "Asia/Shanghai"),
        ("https://www.example.com/", "Policy news", "UTC"),
    ],
)
def test_zones_come_from_host_and_language(url: str, words: str, zone: str) -> None:
    """The end of the host goes before the language."""
    assert proposed_zone(url, words) == zone
