"""Whole entries shared out over parts of bounded length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alerts.pagination import MAX_PARTS, Page, paginate

HEAD, FOOT = 10, 15


def length_of(page: Page[str]) -> int:
    """Measure a page of words with a head on the first and a foot on the last."""
    around = 0 if page.is_bare else HEAD * page.is_first + FOOT * page.is_last
    return around + sum(len(word) + 1 for word in page.entries) + len(str(page.count)) + 5 * (page.more > 0)


def shorter(word: str) -> str | None:
    """Return the half of a word, down to one letter."""
    return word[: len(word) // 2] if len(word) > 1 else None


def shared(words: list[str], limit: int, most: int = MAX_PARTS) -> tuple[Page[str], ...]:
    """Share words out over pages of a length."""
    return paginate(words, fits=lambda page: length_of(page) <= limit, thinner=shorter, most=most)


@given(words=st.lists(st.text("abc", min_size=1, max_size=60), max_size=80), limit=st.integers(12, 200))
def test_every_entry_is_told_or_counted_once(words: list[str], limit: int) -> None:
    """Entries keep their order, none is told twice, what is not told is counted, and no page is too long."""
    pages = shared(words, limit)
    told = [word for page in pages for word in page.entries]
    assert len(told) + pages[-1].more == len(words)
    assert all(whole.startswith(word) for whole, word in zip(words, told, strict=False))
    assert all(length_of(page) <= limit for page in pages)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert {page.count for page in pages} == {len(pages)}
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert len(pages) <= MAX_PARTS


@given(words=st.lists(st.text("abc", min_size=1, max_size=20), max_size=40))
def test_what_fits_into_one_part_is_one(words: list[str]) -> None:
    """Without a bound there is one page, with everything as it is."""
    (page,) = shared(words, 10_000)
    assert page.entries == tuple(words)
    assert not page.is_bare


def test_pages_are_filled() -> None:
    """A page holds as many entries as fit."""
    pages = shared(["x" * 9] * 8, 50)
    assert [len(page.entries) for page in pages] == [3, 4, 1]


def test_an_entry_too_long_for_a_page_is_made_thinner_and_others_are_not() -> None:
    """Only the one that does not fit loses words."""
    pages = shared(["short", "y" * 200, "other"], 40)
    assert [word for page in pages for word in page.entries] == ["short", "y" * 25, "other"]


def test_a_foot_without_room_gets_a_page_of_its_own() -> None:
    """Entries that leave no room for the foot are followed by it."""
    pages = shared(["x" * 27], 40)
    assert [(page.entries, page.is_last) for page in pages] == [(("x" * 27,), False), ((), True)]


def test_more_than_the_most_parts_are_counted() -> None:
    """The last page says how many no page tells."""
    pages = shared(["x" * 9] * 100, 50, most=3)
    assert len(pages) == 3
    assert pages[-1].more == 100 - sum(len(page.entries) for page in pages)
    assert pages[-1].more > 80


def test_offsets_count_what_stands_before() -> None:
    """Each page knows how many entries the pages before it hold."""
    pages = shared(["x" * 9] * 8, 50)
    assert [page.offset for page in pages] == [0, 3, 7]


def test_what_never_fits_is_counted() -> None:
    """A limit below any entry gives one bare page that counts."""
    (page,) = paginate(["abc"], fits=lambda page: not page.entries, thinner=shorter)
    assert (page.entries, page.more, page.is_bare) == ((), 1, True)
