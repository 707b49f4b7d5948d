"""What a new source's entry can say of itself by its address and its page: id, names, who speaks, language, zone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.language import detect_language
from core.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_COMMON = frozenset(
    {
        "www",
        "m",
        "wap",
        "com",
        "cn",
        "org",
        "net",
        "gov",
        "edu",
        "io",
        "co",
        "hk",
        "mo",
        "tw",
        "info",
        "int",
        "eu",
        "uk",
    }
)
"""Labels of hosts that name nobody."""
_GENERIC = frozenset(
    {
        "index",
        "list",
        "default",
        "home",
        "html",
        "htm",
        "col",
        "channel",
        "column",
        "node",
        "site",
        "web",
        "main",
        "zh",
        "en",
    }
)
_WORD = re.compile(r"[a-z][a-z0-9]*")
_AUTHORITY = re.compile(r"(?:^|\.)(?:gov|gob|gouv|mil|europa)(?:\.[a-z]{2,3})?$")
_LONGEST_ID = 48
_LONGEST_NAME = 60
_REGIONS = {"cn": ("cn", "Asia/Shanghai"), "hk": ("hk", "Asia/Hong_Kong"), "mo": ("mo", "Asia/Macau")}
"""Ends of hosts → jurisdiction and zone of the authorities there."""


def proposed_id(url: str, taken: Collection[str] = ()) -> str:
    """Return a free id made of host and path: `https://kjt.zj.gov.cn/col/tzgg/` becomes `kjt-zj-tzgg`."""
    labels = [label for label in host_of(url).split(".") if label not in _COMMON and not label.isdigit()]
    segments = [word for part in urlsplit(url).path.lower().split("/") for word in _words(part)]
    words = [word for label in labels for word in _words(label)]
    base = "-".join(dict.fromkeys([*words, *segments[-1:]]))[:_LONGEST_ID].strip("-") or "source"
    number, found = 2, base
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def _words(text: str) -> list[str]:
    stem = text.partition(".")[0].lower()
    return [word for word in _WORD.findall(stem) if len(word) > 1 and word.rstrip("0123456789") not in _GENERIC]


def proposed_zone(url: str, words: str) -> str:
    """Return the zone of times without an offset: that of the host's region, else by language China's or UTC."""
    region = _REGIONS.get(host_of(url).rpartition(".")[2])
    return region[1] if region else "UTC" if detect_language(words) == "en" else "Asia/Shanghai"


def proposed_entry(url: str, title: str, words: str) -> Mapping[str, str]:
    """Return what an entry needs beside its id, kind and address, as far as host and words tell.

    Args:
        url: Address of the list.
        title: Title of the page or feed; empty when it has none.
        words: Titles of its rows, by which the language is told.
    """
    host = host_of(url)
    is_authority = bool(_AUTHORITY.search(host))
    language = detect_language(words or title)
    region = _REGIONS.get(host.rpartition(".")[2])
    name = " ".join(title.split())[:_LONGEST_NAME] or host
    entry = {
        "name": name,
        "name_en": name if name.isascii() else f"{host}{urlsplit(url).path.rstrip('/')}"[:_LONGEST_NAME],
        "group": "mine",
        "voice": "authority" if is_authority else "press",
        "jurisdiction": region[0] if region and is_authority else "",
        "language": language if language in ("zh", "zh-Hant", "en") else "en",
    }
    zone = proposed_zone(url, words or title)
    entry["zone"] = zone if zone != "Asia/Shanghai" else ""
    return {key: value for key, value in entry.items() if value}
