"""Shares the stories of a message out over parts that a channel takes, whole ones only. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
_FIRST_GUESS = 8
"""Entries that the first page is tried with; a chat message of stories holds about so many."""
MAX_PARTS = 10
"""Parts of one message. A chat shows ten in a row as one wall; who needs more is better served by a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """What one part tells."""

    entries: tuple[T, ...]
    number: int
    """From 1."""
    count: int
    """Of all parts; while pages are still being tried, the largest there can be."""
    offset: int
    """How many entries stand on the pages before."""
    is_last: bool
    more: int = 0
    """How many entries no part tells; told by the last one."""
    is_bare: bool = False
    """Whether what stands around the entries, at head and foot, has to be left out for want of room."""

    @property
    def is_first(self) -> bool:
        """Whether it opens the message."""
        return self.number == 1


def paginate(
    entries: Sequence[T],
    *,
    fits: Callable[[Page[T]], bool],
    thinner: Callable[[T], T | None],
    most: int = MAX_PARTS,
) -> tuple[Page[T], ...]:
    """Return pages that hold the entries in order, each once, up to `most` pages; the last says how many are left.

    An entry for which a page of its own is too small is made thinner, and the rest left as it is. Each page holds as
    many as fit, so that a page that `fits` must still do so with fewer entries.

    Args:
        entries: Any number; none gives one page of head and foot.
        fits: Whether a page, as it is drawn, is within the channel's limit.
        thinner: A shorter form of an entry, or None where there is none.
        most: Pages, 1 or more.
    """
    rest = list(entries)
    pages: list[Page[T]] = []
    guess = _FIRST_GUESS
    while not pages or not pages[-1].is_last:
        offset = len(entries) - len(rest)
        page = _Filling(rest, number=len(pages) + 1, offset=offset, most=most, fits=fits, thinner=thinner).page(guess)
        rest = rest[len(page.entries) :]
        pages.append(page)
        guess = len(page.entries)
    return tuple(replace(page, count=len(pages)) for page in pages)


class _Filling(Generic[T]):
    """Finds what goes onto the next page."""

    def __init__(
        self,
        rest: list[T],
        *,
        number: int,
        offset: int,
        most: int,
        fits: Callable[[Page[T]], bool],
        thinner: Callable[[T], T | None],
    ) -> None:
        self._rest = rest
        self._fits = fits
        self._thinner = thinner
        self._number = number
        self._offset = offset
        self._most = most

    def page(self, guess: int) -> Page[T]:
        size = self._largest(guess)
        if size == len(self._rest) and self._fits(closing := self._page(size, is_last=True)):
            return closing
        if size:
            return self._page(size)
        return self._page_of_one() if self._rest else self._page(0, is_last=True, is_bare=True)

    def _largest(self, guess: int) -> int:
        """Return how many entries fit: from a guess on doubled until they do not, then halved in between."""
        low, high = 0, max(1, guess)
        while high <= len(self._rest) and self._fits(self._page(high)):
            low, high = high, high * 2
        high = min(high, len(self._rest) + 1)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._fits(self._page(middle)) else (low, middle)
        return low

    def _page_of_one(self) -> Page[T]:
        """Return a page of the first entry alone, thinner and without head and foot as far as that takes."""
        first: T | None = self._rest[0]
        while first is not None:
            self._rest[0] = first
            is_last = len(self._rest) == 1
            for is_bare in (False, True):
                page = self._page(1, is_last=is_last, is_bare=is_bare)
                if self._fits(page):
                    return page
            first = self._thinner(first)
        return self._page(0, is_last=True, is_bare=True)

    def _page(self, size: int, *, is_last: bool = False, is_bare: bool = False) -> Page[T]:
        """Return a page of the first entries, with the most room that its number may come to take."""
        is_last = is_last or self._number == self._most
        is_only = is_last and self._number == 1 and size == len(self._rest)
        return Page(
            entries=tuple(self._rest[:size]),
            number=self._number,
            count=1 if is_only else self._most,
            offset=self._offset,
            is_last=is_last,
            more=len(self._rest) - size if is_last else 0,
            is_bare=is_bare,
        )
