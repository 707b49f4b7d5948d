"""The list of one poll as it comes in: which answers are still awaited, what was read, and whether to go on. Pure.

A list may take several answers: a column page that names the ids of an interface, the interface itself, several
sitemaps of one index, other addresses of the same list when the first one fails, and further pages.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.decide import Intent
from core.hashing import body_hash
from core.listing import Listing
from core.outcome import Answer, Validators
from core.urls import canonical_url
from crawler.addresses import host_of

if TYPE_CHECKING:
    from core.decide import IntakePlan
    from core.item import Entry
    from core.source import Poll
    from crawler.dialects.ask import Ask
    from crawler.reading import ReadList

MOST_FALLBACKS = 4
"""Other addresses that one poll may turn to: each may cost a whole time-out."""
MOST_NEEDS = 60
"""Answers that one page of a list may need, sitemaps of an index included; more is a page that leads to itself."""
_FINAL = frozenset({Answer.ROBOTS, Answer.ADDRESS, Answer.CRASHED})
"""Failures that another address must not get around: what forbids crawling, and faults of our own."""
_STALE = frozenset(
    {Answer.EMPTY, Answer.GONE, Answer.HTTP_ERROR, Answer.PARSE, Answer.SELECTOR_BROKEN, Answer.SOFT_404}
)
"""Answers that an interface may give to ids of yesterday; a refusal or a time-out is none, and not asked around."""
_ENDS = frozenset({Answer.EMPTY, Answer.GONE, Answer.SELECTOR_BROKEN, Answer.SOFT_404, Answer.NOT_MODIFIED})
"""Answers to a further page by which the list is over: empty groups, stubs, pages that are not there."""


@dataclass(slots=True, kw_only=True)
class Gathering:
    """What is known of the list of a poll under way. Its methods note answers; none of them waits for anything."""

    poll: Poll
    origin: str = ""
    """The source's address that is being asked: its own, or one of the others."""
    waiting: deque[Ask] = field(default_factory=deque)
    """What the page of the list still needs."""
    parts: list[Listing] = field(default_factory=list)
    """What was read of the page of the list that is being put together."""
    pages: list[Listing] = field(default_factory=list)
    """The whole pages, first to last."""
    following: Ask | None = None
    plan: IntakePlan | None = None
    """What was decided about the pages so far."""
    failure: tuple[Answer, str] | None = None
    """How the first address failed; None while none did."""
    remark: str = ""
    """What is to be said of where the list came from."""
    missing: str = ""
    """Which part of a page could not be had; empty when none is missing."""
    answers: int = 0
    """How many answers of the present address were read."""
    is_short: bool = False
    """Whether the way to the list was remembered, so that what leads to it was not asked for."""
    is_direct: bool = False
    """Whether the very first answer was the whole first page, so that its validators are those of the list."""
    tried: int = 0
    """Fallbacks that were turned to."""
    owed: int = 0
    """How many pages are read whatever they bring, since an earlier poll could not have the last of them."""
    cut: str = ""
    """Why a further page that was wanted could not be had; empty when it was, or none was."""
    asked: set[str] = field(default_factory=set)
    """Addresses that the present page of the list needed: none is asked for twice."""
    bodies: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    """Identities of the entries on the pages so far."""

    def __post_init__(self) -> None:
        self.origin = self.origin or self.poll.source.url

    def take(self, ask: Ask, read: ReadList) -> tuple[Answer, str] | None:
        """Note what the answer to one request said.

        Returns:
            How this page of the list failed; None when it did not, or is not done.
        """
        self.answers += 1
        self.asked.add(ask.url)
        needs = [need for need in read.needs if need.url not in self.asked][: MOST_NEEDS - self.answers]
        self.waiting.extend(needs)
        self.asked.update(need.url for need in needs)
        if read.listing is not None:
            self.remark = self.remark or read.detail
            self.parts.append(read.listing)
            self.following = read.following
        elif ask.shared and not read.needs and read.answer is not Answer.EMPTY:
            self.missing = self.missing or f"{ask.url}: {read.detail or read.answer.value}"
        if self.waiting or self.parts:
            return None
        if read.needs:
            return Answer.SELECTOR_BROKEN, "the page leads to itself"
        return read.answer, read.detail

    @property
    def is_unchanged(self) -> bool:
        """Whether the only page so far consists of the very answers of the last poll."""
        return len(self.pages) == 1 and self.pages[0].body_hash == self.poll.state.body_hash

    def forget_way(self, answer: Answer) -> bool:
        """Begin again without a remembered way, when one was taken and its failure may come of it."""
        if not self.is_short or answer not in _STALE:
            return False
        self.is_short = False
        self.answers = 0
        self.asked.clear()
        return True

    def next_fallback(self, answer: Answer, detail: str) -> str:
        """Return the next address to turn to after a failure of the first page; empty when there is none."""
        self.failure = self.failure or (answer, detail)
        left = self.poll.source.fallback_urls[self.tried : MOST_FALLBACKS]
        if not left or answer.is_success or answer in _FINAL:
            return ""
        self.tried += 1
        self.answers = 0
        self.asked.clear()
        self.origin = left[0]
        self.waiting.clear()
        self.parts.clear()
        return left[0]

    def close_page(self) -> bool:
        """Put the parts that were read together as the next page; False when it only repeats what was there."""
        page = self.parts[0] if len(self.parts) == 1 else _joined(self.parts)
        self.parts = []
        keys = {key for entry in page.entries for key in _identity(entry)}
        is_new = page.body_hash not in self.bodies and not keys <= self.met
        if is_new or not self.pages:
            is_first = self.answers == 1 and not self.pages and not self.tried
            self.is_direct = self.is_direct or (is_first and not self.is_short)
            self.pages.append(page)
            self.bodies.add(page.body_hash)
            self.met |= keys
            return True
        return False

    def whole(self) -> Listing:
        """Return all pages as one list, with the validators of the first.

        Where a source's list has further pages, the oldest entry comes first. What this poll has no time or room for is
        then the newest, and stands before everything known when the next poll looks: whatever breaks a poll off, there
        is never something unknown behind something known.
        """
        first = self.pages[0]
        entries = tuple(dict.fromkeys(entry for page in self.pages for entry in page.entries))
        incomplete = bool(self.cut or self.missing)
        return replace(
            first,
            entries=entries[::-1] if self._has_pages else entries,
            validators=first.validators if self.is_direct and not incomplete else Validators(),
            body_hash="" if incomplete else first.body_hash,
            skipped=sum(page.skipped for page in self.pages),
            degraded=first.degraded or self._another,
        )

    @property
    def _has_pages(self) -> bool:
        return self.poll.source.max_list_pages > 1 and not self.poll.is_first_sync

    @property
    def _another(self) -> str:
        """Say that another address was read because the first has a fault that will not pass by itself."""
        if not self.tried or self.failure is None or self.failure[0].is_transient:
            return ""
        answer, detail = self.failure
        return f"{self.poll.source.url} failed ({detail or answer.value}); {self.origin} was read instead"

    @property
    def detail(self) -> str:
        """Say in one sentence what was out of the ordinary; empty when nothing was."""
        said = [self.remark, self.cut, self.missing and f"a part could not be had: {self.missing}"]
        if self.tried and self.failure is not None:
            said.insert(0, f"{host_of(self.origin)} answered instead: {self.failure[1] or self.failure[0].value}")
        return "; ".join(filter(None, said))

    def first_failure(self, answer: Answer, detail: str) -> tuple[Answer, str]:
        """Return how the list failed when every address did: what the source's own said."""
        if not self.tried or self.failure is None or answer.is_success:
            return answer, detail
        others = "another address failed too" if self.tried == 1 else f"{self.tried} other addresses failed too"
        return self.failure[0], "; ".join(filter(None, (self.failure[1], others)))

    def wanted(self, intent: Intent) -> list[Entry]:
        """Return the entries about which this was decided, in the order of the whole list."""
        return [decision.entry for decision in self.plan.of(intent)] if self.plan is not None else []

    def next_page(self) -> Ask | None:
        """Return what to ask for when the last page does not reach what is known, or a page is owed.

        Never on a first sync, which takes the newest page as the present; not beyond `max_list_pages`. Also when this
        poll has its fill already: it takes the oldest, which may be on a page to come.
        """
        if self.following is None or self.plan is None or not self._has_pages:
            return None
        if len(self.pages) >= self.poll.source.max_list_pages:
            return None
        return self.following if len(self.pages) < self.owed or not self._reaches_known(self.plan) else None

    def _reaches_known(self, plan: IntakePlan) -> bool:
        """Whether the last page brought nothing new, or has something known behind what is new.

        Known entries before all new ones are pinned to the top.
        """
        new = {found.entry for found in plan.of(Intent.FETCH, Intent.STORE, Intent.DEFER) if found.known is None}
        fresh = [entry in new for entry in self.pages[-1].entries]
        return True not in fresh or False in fresh[fresh.index(True) :]

    def end_pages(self, answer: Answer, detail: str) -> None:
        """Note that a further page gave nothing to read."""
        if answer not in _ENDS:
            self.cut = f"page {len(self.pages) + 1} of the list: {detail or answer.value}"
        self.following = None


def _joined(parts: list[Listing]) -> Listing:
    """Return several answers that make one page as one; its hash is that of all of theirs."""
    together = "".join(part.body_hash for part in parts)
    return Listing(
        entries=tuple(dict.fromkeys(entry for part in parts for entry in part.entries)),
        body_hash=body_hash(together.encode()),
        ttl=next((part.ttl for part in parts if part.ttl), None),
        closed=next((part.closed for part in parts if part.closed), None),
        degraded=next((part.degraded for part in parts if part.degraded), ""),
        skipped=sum(part.skipped for part in parts),
    )


def _identity(entry: Entry) -> set[str]:
    keys = {f"guid:{entry.guid}"} if entry.guid else set()
    keys |= {f"url:{canonical_url(entry.url)}"} if entry.url else set()
    return keys or {f"title:{entry.title}"}
