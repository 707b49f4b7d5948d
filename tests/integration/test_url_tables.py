"""Other people's tables of addresses, and addresses met in the wild, against `canonical_url`.

The tables hold their makers' conventions. Where ours differ, `DIFFERENCES` says why; all else must agree.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from core.urls import canonical_url, host_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

pytestmark = [pytest.mark.captures, pytest.mark.integration]

DIFFERENCES = (
    ("decodes again and again; %2561 is a file named %61 and not a", r"%(?:25|%)"),
    ("decodes reserved characters, which RFC 3986 §6.2.2.2 keeps apart", r"%(?:2[0-9A-F]|3[A-F]|40)"),
    ("repairs a host that cannot be looked up; such an address is left as it is", r"^(?:https?:)?/*(?:%|[ \x00-\x1f])"),
    ("reads IPv4 addresses in hex, octal or one number; no news site has one", r"^https?://(?:\d+/|[\dx.]*0x)"),
    ("takes text without a scheme for an address", r"^www\."),
    ("encodes by IDNA 2008, the standard library by IDNA 2003", "ß"),
    ("keeps empty path segments; sites serve /a//b as /a/b", r"//\.\."),
    ("keeps stray bytes that are no UTF-8", r"\x91"),
)
"""(what the other convention does and why we do not, pattern of the addresses concerned)."""


def read_json(captures: Path, name: str) -> Any:  # the tables have shapes of their own
    """One table."""
    return json.loads((captures / "pairs" / name).read_text(encoding="utf-8"))


def real_addresses(captures: Path) -> list[str]:
    """Addresses of feeds, captures and lists."""
    with (captures / "pairs" / "url_real_samples.csv").open(encoding="utf-8", newline="") as file:
        return [row["url"] for row in csv.DictReader(file)]


def as_utf8(address: str) -> str:
    """Undo a table's spelling of UTF-8 bytes as Latin-1 characters."""
    try:
        return address.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return address


def unequal(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs whose addresses have different keys, unless a difference of convention explains it."""
    return [
        (one, other)
        for one, other in pairs
        if canonical_url(one) != canonical_url(other)
        and not any(re.search(pattern, one, re.IGNORECASE) for _, pattern in DIFFERENCES)
    ]


def test_tracking_parameters_agree(captures_dir: Path) -> None:
    """All 20 addresses of the tracking-parameter table equal their clean forms."""
    tests = read_json(captures_dir, "url_ddg_tracking_params_tests.json")["trackingParameters"]["tests"]
    assert len(tests) == 20
    assert [
        test["testURL"] for test in tests if canonical_url(test["testURL"]) != canonical_url(test["expectURL"])
    ] == []


def test_amp_viewers_agree(captures_dir: Path) -> None:
    """All AMP viewer addresses equal the articles inside them; one is excepted in the table alone."""
    tests = read_json(captures_dir, "url_ddg_amp_tests.json")["ampFormats"]["tests"]
    pairs = [(test["ampURL"], test["expectURL"]) for test in tests if test["expectURL"]]
    assert len(pairs) == 5
    assert [pair for pair in pairs if canonical_url(pair[0]) != canonical_url(pair[1])] == []


def test_canonical_forms_agree(captures_dir: Path) -> None:
    """The addresses of both tables of canonical forms agree but for the conventions named."""
    ddg = read_json(captures_dir, "url_ddg_canonicalization_tests.json")["urlTests"]["tests"]
    table = read_json(captures_dir, "url_urlcanon_semantic_precise.json")
    pairs = [(test["siteURL"], test["expectURL"]) for test in ddg]
    pairs += [(as_utf8(one), as_utf8(other)) for one, other in table.items() if other.lower().startswith("http")]
    assert len(pairs) == 172
    assert unequal(pairs) == []
    agreeing = sum(canonical_url(one) == canonical_url(other) for one, other in pairs)
    assert agreeing >= 121


def test_odd_addresses_are_folded_once(captures_dir: Path) -> None:
    """The table of odd addresses, made for this law, finds no exception to idempotence."""
    odd = read_json(captures_dir, "url_urlcanon_idempotence.json")
    assert [address for address in odd if canonical_url(canonical_url(address)) != canonical_url(address)] == []


def test_real_addresses_are_read_and_folded_once(captures_dir: Path) -> None:
    """Each of 2,630 real addresses has a host, and its key is a key."""
    addresses = real_addresses(captures_dir)
    assert len(addresses) == 2630
    assert all(host_of(address) for address in addresses)
    assert all(canonical_url(canonical_url(address)) == canonical_url(address) for address in addresses)


def test_real_addresses_merge_by_tracking_and_index_only(captures_dir: Path) -> None:
    """59 real articles have two addresses each, and in each pair one differs by tracking or an index page alone."""
    groups: dict[str, set[str]] = {}
    for address in real_addresses(captures_dir):
        groups.setdefault(canonical_url(address), set()).add(address)
    merged = [sorted(group) for group in groups.values() if len(group) > 1]
    assert len(merged) == 59
    noise = r"[?&](?:utm_\w+|oc)=[^&]*|/index\.php"
    assert [group for group in merged if len({re.sub(noise, "", address) for address in group}) > 1] == []
