"""The law of further pages: whatever breaks polls off, everything new is found in the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from core.decide import IntakeLimits, Intent, Known, decide_entries
from core.item import Entry, ItemId
from core.listing import Listing
from core.outcome import Answer
from core.source import Poll, Source, SourceId, SourceKind, SourceState, Voice
from crawler.dialects import Ask
from crawler.gathering import Gathering
from crawler.reading import ReadList

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
SIZE, PAGES = 5, 12
SOURCE = Source(
    id=SourceId("city"),
    name="某市",
    name_en="A City",
    kind=SourceKind.TRS_DATED,
    url="https://city.example/",
    group="cn-local",
    voice=Voice.AUTHORITY,
    max_list_pages=PAGES,
)
STATE = SourceState(source_id=SOURCE.id, next_due_at=NOW, first_synced_at=NOW - timedelta(days=1))
STORED = Known(item_id=ItemId(1), entry_hash="", page_missing=False, page_attempts=1)


def read_page(newest: int, number: int) -> ReadList:
    """Return one page of a list that counts down from its newest document."""
    first = newest - SIZE * (number - 1)
    entries = tuple(
        Entry(source_id=SOURCE.id, url=f"https://city.example/{n}", title=f"第{n}号")
        for n in range(first, max(first - SIZE, 0), -1)
    )
    following = Ask(url=f"https://city.example/{number + 1}", number=number + 1) if first > SIZE else None
    return ReadList(answer=Answer.OK, listing=Listing(entries=entries, body_hash=f"{entries}"), following=following)


def poll(newest: int, known: set[int], *, limit: int, stored: int | None) -> int:
    """Poll once: read pages while it goes on, and store what is wanted until the poll breaks off; return pages read."""
    gathering = Gathering(poll=Poll(source=SOURCE, state=STATE, started_at=NOW))
    ask: Ask | None = Ask(url=SOURCE.url)
    while ask is not None:
        gathering.take(ask, read_page(newest, ask.number))
        gathering.close_page()
        entries = gathering.whole().entries
        seen = {index: STORED for index, entry in enumerate(entries) if number_of(entry) in known}
        limits = IntakeLimits(max_pages=limit)
        gathering.plan = decide_entries(entries, seen, first_sync=False, fetch_articles=True, limits=limits, now=NOW)
        ask = gathering.next_page()
    known.update(number_of(entry) for entry in gathering.wanted(Intent.FETCH)[:stored])
    return len(gathering.pages)


def number_of(entry: Entry) -> int:
    """Return the number of a document."""
    return int(entry.url.rpartition("/")[2])


@given(
    arrivals=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=4),
    limit=st.integers(1, 15),
)
def test_nothing_new_is_left_behind_something_known(arrivals: Sequence[tuple[int, int]], limit: int) -> None:
    """Polls with little room, broken off anywhere while documents arrive, miss none that the pages still show."""
    newest = 30
    known = set(range(newest - SIZE + 1, newest + 1))
    for arrived, stored in arrivals:
        newest += arrived
        poll(newest, known, limit=limit, stored=stored)
    for _ in range(newest):
        poll(newest, known, limit=limit, stored=None)
    assert known == set(range(30 - SIZE + 1, newest + 1))
    assert poll(newest, known, limit=limit, stored=None) == 1
