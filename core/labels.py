"""What a user says of stored items, and which items to ask about so that an answer teaches most. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from core.item import Item, ItemId


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A user's answer about one article, with the words it was given on, so that it outlives the stored item."""

    relevant: bool
    topics: tuple[str, ...]
    """Of `core.classification.TOPICS`; empty when not relevant, or when the user named none."""
    labelled_at: datetime
    """Aware UTC."""
    title: str
    text: str
    language: str
    source_id: str
    """Empty when an imported label names none."""
    url: str
    published_at: datetime | None
    """Aware; None when an imported label names none."""
    item_id: ItemId | None = None
    """The stored item; also when it was pruned since. None for an article that was never stored here."""
    jurisdiction: str = ""
    """Whose authority acts; empty when it was not said."""
    act: str = ""
    """Of `core.classification.ACTS`; empty when it was not said."""
    hard: bool = False
    """A borderline case, by the user."""

    @property
    def key(self) -> str:
        """What tells the article from others: a second label with the same key replaces the first."""
        return label_key(url=self.url, title=self.title, text=self.text)


def label_key(*, url: str, title: str, text: str) -> str:
    """Return the identity of a labelled article: 40 hex digits.

    Address and title together, since a page of flashes has one address for many; without an address title and text.
    """
    address = canonical_url(url) if url else ""
    words = f"{address}\n{' '.join(title.split())}" + ("" if address else f"\n{text}")
    return hashlib.sha256(words.encode(errors="surrogatepass")).hexdigest()[:40]


def label_of(item: Item, *, relevant: bool, topics: Sequence[str], at: datetime) -> Label:
    """Return a user's answer about a stored item.

    Args:
        item: In the revision that the user saw.
        relevant: The answer.
        topics: What it is about; left out when it is not relevant.
        at: The present, aware UTC.
    """
    return Label(
        relevant=relevant,
        topics=tuple(dict.fromkeys(topics)) if relevant else (),
        labelled_at=at,
        title=item.title,
        text=item.text or item.summary,
        language=item.language,
        source_id=item.source_id,
        url=item.url,
        published_at=item.published.at,
        item_id=item.id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which stored items a user wants to be asked about. What is not set asks for everything."""

    since: datetime | None = None
    """First seen since a moment, aware UTC."""
    sources: tuple[str, ...] = ()
    flagged: bool | None = None
    """Only what was flagged, or only what was not."""
    query: str = ""
    """Words that must all be in title or text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored, judged item without a label."""

    item_id: ItemId
    score: float
    relevant: bool
    source_id: str


SHARES = (("near", 0.4), ("flagged", 0.2), ("close", 0.2), ("random", 0.2))
"""What a portion of questions is made of.

Near the threshold an answer moves it most (uncertainty sampling: Lewis & Gale 1994); flagged items show false alarms,
close ones below show what is missed, and a random share keeps the sample honest about all the rest.
"""


def choose(
    candidates: Iterable[Candidate], *, limit: int, threshold: float, random: Callable[[], float]
) -> tuple[Candidate, ...]:
    """Choose what to ask about, mixed so that the user cannot tell from the order why an item is asked about.

    Args:
        candidates: Items without a label.
        limit: How many to choose at most.
        threshold: Score from which an item is flagged.
        random: Uniform in [0, 1).

    Returns:
        Each candidate at most once. A share that lacks candidates is filled from the items nearest to the threshold.
    """
    shuffled = sorted(candidates, key=lambda _: random())
    near = sorted(shuffled, key=lambda candidate: abs(candidate.score - threshold))
    pools = {
        "near": near,
        "flagged": [candidate for candidate in shuffled if candidate.relevant],
        "close": [candidate for candidate in near if not candidate.relevant],
        "random": shuffled,
    }
    chosen: dict[ItemId, Candidate] = {}
    for name, share in SHARES:
        _take(chosen, pools[name], round(limit * share))
    _take(chosen, near, limit - len(chosen))
    return tuple(sorted([*chosen.values()][:limit], key=lambda _: random()))


def _take(chosen: dict[ItemId, Candidate], pool: Iterable[Candidate], count: int) -> None:
    """Add the first so many of a pool that are not chosen yet."""
    for candidate in pool:
        if count <= 0:
            return
        if candidate.item_id not in chosen:
            chosen[candidate.item_id] = candidate
            count -= 1
