"""The list of a poll as it comes in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.decide import EntryDecision, IntakePlan, Intent, Known
from core.listing import Listing
from core.outcome import Answer, Validators
from core.source import SourceId
from crawler.dialects import Ask
from crawler.gathering import MOST_FALLBACKS, Gathering
from crawler.reading import ReadList

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from core.item import Entry
    from core.source import Poll, Source, SourceState

FIRST = Ask(url="https://lianwen.example/list")
NEXT = Ask(url="https://lianwen.example/list_1", number=2)


@pytest.fixture
def gather(
    make_source: Callable[..., Source],
    make_state: Callable[..., SourceState],
    make_poll: Callable[..., Poll],
    now: datetime,
) -> Callable[..., Gathering]:
    """Maker of gatherings of a source that may have five pages; keywords are fields of the source."""

    def make(**fields: object) -> Gathering:
        source = make_source(**{"max_list_pages": 5, **fields})
        return Gathering(poll=make_poll(source=source, state=make_state(first_synced_at=now - timedelta(days=1))))

    return make


@pytest.fixture
def listing(make_entry: Callable[..., Entry]) -> Callable[..., Listing]:
    """Maker of lists of entries by number."""

    def make(*numbers: int, **fields: Any) -> Listing:
        entries = tuple(make_entry(url=f"https://lianwen.example/{n}", title=f"第{n}条", guid=None) for n in numbers)
        defaults: dict[str, Any] = {"entries": entries, "body_hash": f"hash-{numbers}"}
        return Listing(**{**defaults, **fields})

    return make


def plan(gathering: Gathering, known: set[int], *, defer: bool = False) -> None:
    """Decide about all pages so far: what is not known is wanted."""

    def decide(entry: Entry) -> EntryDecision:
        if int(entry.url.rpartition("/")[2]) in known:
            stored = Known(item_id=1, entry_hash="", page_missing=False, page_attempts=1)  # type: ignore[arg-type]
            return EntryDecision(entry=entry, intent=Intent.KNOWN, known=stored)
        return EntryDecision(entry=entry, intent=Intent.DEFER if defer else Intent.FETCH)

    gathering.plan = IntakePlan(decisions=tuple(map(decide, gathering.whole().entries)))


@pytest.mark.parametrize(
    ("numbers", "known", "goes_on"),
    [
        ((9, 8, 7), set(), True),
        ((9, 8, 7), {9, 8, 7}, False),
        ((9, 8, 7), {7}, False),
        ((1, 9, 8), {1}, True),
        ((9, 1, 8), {1}, False),
    ],
)
def test_it_goes_on_until_something_known(
    gather: Callable[..., Gathering],
    listing: Callable[..., Listing],
    numbers: tuple[int, ...],
    known: set[int],
    *,
    goes_on: bool,
) -> None:
    """A known entry behind a new one ends the list; one before all new ones is only pinned to the top."""
    gathering = gather()
    gathering.take(FIRST, ReadList(answer=Answer.OK, listing=listing(*numbers), following=NEXT))
    assert gathering.close_page()
    plan(gathering, known)
    assert gathering.next_page() == (NEXT if goes_on else None)


def test_it_stops_at_its_bounds(gather: Callable[..., Gathering], listing: Callable[..., Listing]) -> None:
    """No page is asked for beyond the allowed ones or before anything was decided; a poll that has its fill goes on."""
    single, full, fresh = gather(max_list_pages=1), gather(), gather()
    for gathering in (single, full, fresh):
        gathering.take(FIRST, ReadList(answer=Answer.OK, listing=listing(3, 2, 1), following=NEXT))
        gathering.close_page()
    plan(single, set())
    plan(full, set(), defer=True)
    assert [gathering.next_page() for gathering in (single, full, fresh)] == [None, NEXT, None]


def test_a_page_that_only_repeats_is_none(gather: Callable[..., Gathering], listing: Callable[..., Listing]) -> None:
    """The same bytes, or the same entries in other bytes, are no further page."""
    gathering = gather()
    gathering.take(FIRST, ReadList(answer=Answer.OK, listing=listing(3, 2, 1)))
    assert gathering.close_page()
    gathering.take(NEXT, ReadList(answer=Answer.OK, listing=listing(2, 1, body_hash="other")))
    assert not gathering.close_page()
    gathering.take(NEXT, ReadList(answer=Answer.OK, listing=listing(5, 4, body_hash="hash-(3, 2, 1)")))
    assert not gathering.close_page()
    assert len(gathering.whole().entries) == 3


def test_the_oldest_comes_first_where_there_are_pages(
    gather: Callable[..., Gathering], listing: Callable[..., Listing]
) -> None:
    """What a poll has no time for is then the newest; a source of one page keeps its order."""
    paged, single = gather(), gather(max_list_pages=1)
    for gathering in (paged, single):
        gathering.take(FIRST, ReadList(answer=Answer.OK, listing=listing(4, 3)))
        gathering.close_page()
    paged.take(NEXT, ReadList(answer=Answer.OK, listing=listing(2, 1)))
    paged.close_page()
    assert [entry.title for entry in paged.whole().entries] == ["第1条", "第2条", "第3条", "第4条"]
    assert [entry.title for entry in single.whole().entries] == ["第4条", "第3条"]


def test_validators_are_those_of_a_list_that_came_at_once(
    gather: Callable[..., Gathering], listing: Callable[..., Listing]
) -> None:
    """Those of an interface behind a column page, or of a remembered way, are not for the next first request."""
    known = Validators(etag='"v"')
    direct, behind, short = gather(), gather(), gather()
    behind.take(FIRST, ReadList(answer=Answer.OK, needs=(NEXT,)))
    short.is_short = True
    for gathering in (direct, behind, short):
        gathering.take(FIRST, ReadList(answer=Answer.OK, listing=listing(1, validators=known)))
        gathering.close_page()
    assert [gathering.whole().validators for gathering in (direct, behind, short)] == [
        known,
        Validators(),
        Validators(),
    ]


def test_a_cut_or_missing_part_keeps_nothing_for_the_next_poll(
    gather: Callable[..., Gathering], listing: Callable[..., Listing]
) -> None:
    """A list that was not read to its end is read again."""
    cut, missing = gather(), gather()
    part = Ask(url="https://lianwen.example/1.xml", shared=True)
    missing.take(part, ReadList(answer=Answer.GONE, detail="gone"))
    for gathering in (cut, missing):
        gathering.take(FIRST, ReadList(answer=Answer.OK, listing=listing(1, validators=Validators(etag='"v"'))))
        gathering.close_page()
    cut.end_pages(Answer.TIMEOUT, "")
    for gathering in (cut, missing):
        assert (gathering.whole().body_hash, gathering.whole().validators) == ("", Validators())
    assert cut.detail == "page 2 of the list: timeout"
    assert missing.detail == "a part could not be had: https://lianwen.example/1.xml: gone"


@pytest.mark.parametrize("answer", [Answer.EMPTY, Answer.GONE, Answer.SELECTOR_BROKEN, Answer.SOFT_404])
def test_the_end_of_a_list_is_no_cut(
    gather: Callable[..., Gathering], listing: Callable[..., Listing], answer: Answer
) -> None:
    """Empty, missing and stub pages are how lists end."""
    gathering = gather()
    gathering.take(FIRST, ReadList(answer=Answer.OK, listing=listing(1)))
    gathering.close_page()
    gathering.end_pages(answer, "whatever")
    assert (gathering.detail, bool(gathering.whole().body_hash)) == ("", True)


def test_parts_make_one_page(gather: Callable[..., Gathering], listing: Callable[..., Listing]) -> None:
    """Several sitemaps are one list, which did not change when none of them did."""
    gathering = gather()
    parts = [Ask(url=f"https://lianwen.example/{n}.xml", shared=True) for n in (1, 2)]
    assert gathering.take(FIRST, ReadList(answer=Answer.OK, needs=tuple(parts))) is None
    assert list(gathering.waiting) == parts
    gathering.waiting.clear()
    for part, numbers in zip(parts, ((3, 2), (2, 1)), strict=True):
        gathering.take(part, ReadList(answer=Answer.OK, listing=listing(*numbers, skipped=1)))
    assert gathering.close_page()
    whole = gathering.whole()
    assert (len(whole.entries), whole.skipped) == (3, 2)
    assert whole.body_hash not in ("", "hash-(3, 2)")
    assert not gathering.is_unchanged


def test_fallbacks_are_tried_once_each_and_not_all(gather: Callable[..., Gathering]) -> None:
    """There is a bound, and what its site forbids or we got wrong is not had elsewhere."""
    others = tuple(f"https://hub{n}.example/feed" for n in range(9))
    gathering = gather(fallback_urls=others)
    tried = [gathering.next_fallback(Answer.TIMEOUT, f"failure {n}") for n in range(9)]
    assert tried == [*others[:MOST_FALLBACKS], *[""] * (9 - MOST_FALLBACKS)]
    assert gathering.first_failure(Answer.GONE, "the last") == (
        Answer.TIMEOUT,
        "failure 0; 4 other addresses failed too",
    )
    for answer in (Answer.ROBOTS, Answer.ADDRESS, Answer.CRASHED, Answer.NOT_MODIFIED):
        assert gather(fallback_urls=others).next_fallback(answer, "") == ""


def test_entries_without_an_address_are_told_apart(
    gather: Callable[..., Gathering], make_entry: Callable[..., Entry]
) -> None:
    """Flashes have titles only, or guids."""
    gathering = gather(id=SourceId("flash"))
    for title in ("甲", "乙"):
        entries = (make_entry(url="", guid=None, title=title),)
        gathering.take(FIRST, ReadList(answer=Answer.OK, listing=Listing(entries=entries, body_hash=title)))
        assert gathering.close_page()
