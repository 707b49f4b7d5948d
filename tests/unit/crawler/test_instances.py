"""Identities of entries from another address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.listing import Listing
from crawler.instances import as_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Entry

OWN, OTHER = "https://rsshub.example/gov/zuixin", "http://hub.home.example:1200/gov/zuixin"


@pytest.mark.parametrize(
    ("guid", "url", "expected_guid", "expected_url"),
    [
        (
            "http://hub.home.example:1200/x/1",
            "https://www.gov.cn/1",
            "https://rsshub.example/x/1",
            "https://www.gov.cn/1",
        ),
        ("https://hub.home.example:1200", "https://www.gov.cn/1", "https://rsshub.example", "https://www.gov.cn/1"),
        ("urn:1", "http://hub.home.example:1200/x/1", "urn:1", "http://hub.home.example:1200/x/1"),
        (None, "http://hub.home.example:1200/x/1", None, "https://rsshub.example/x/1"),
        (None, "https://www.gov.cn/1", None, "https://www.gov.cn/1"),
        ("http://hub.home.example:12001/x", "", "http://hub.home.example:12001/x", ""),
    ],
)
def test_ids_name_the_sources_own_host(
    make_entry: Callable[..., Entry], guid: str | None, url: str, expected_guid: str | None, expected_url: str
) -> None:
    """An id on the instance's host moves; a link moves only where it is the id; other hosts stay."""
    listing = as_from(Listing(entries=(make_entry(guid=guid, url=url),)), OTHER, OWN)
    assert [(entry.guid, entry.url) for entry in listing.entries] == [(expected_guid, expected_url)]


def test_a_list_from_the_source_itself_stays(make_entry: Callable[..., Entry]) -> None:
    """Nothing is renamed on the same host."""
    listing = Listing(entries=(make_entry(guid=f"{OWN}/1"),))
    assert as_from(listing, f"{OWN}?page=2", OWN) is listing
