"""Results as values: how the web answered, what a poll brought, how a delivery went."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from core.closing import ClosedTimes


class Answer(StrEnum):
    """How a fetch ended. Each class has its own cure, so each is told apart from 'no news'."""

    OK = "ok"
    NOT_MODIFIED = "not-modified"
    EMPTY = "empty"
    """A well-formed list without a row."""
    SOFT_404 = "soft-404"
    """Status 200 with an app shell, an error page or the site's index in place of what was asked for."""
    BLOCKED = "blocked"
    """A challenge or a refusal aimed at crawlers; recognised, never circumvented."""
    RATE_LIMITED = "rate-limited"
    GONE = "gone"
    """404 or 410: the address is no longer there."""
    HTTP_ERROR = "http-error"
    """A status of 400 or more that no other class covers, 5xx included."""
    TLS = "tls"
    DNS = "dns"
    REFUSED = "refused"
    """The connection was refused, reset or closed before an answer."""
    TIMEOUT = "timeout"
    DECODE = "decode"
    """The bytes are no text in any charset the page may mean."""
    PARSE = "parse"
    """Text, but not of the promised format: HTML for a feed, OPML, broken JSON."""
    SELECTOR_BROKEN = "selector-broken"
    """A page with content on which the configured selectors or paths find no row."""
    ROBOTS = "robots"
    """robots.txt forbids the address."""
    TOO_LARGE = "too-large"
    ADDRESS = "address"
    """The host resolves to a private or special address, which is never contacted."""
    CRASHED = "crashed"
    """A fault of Hongtou itself while it worked on this source; the traceback is in the log."""

    @property
    def is_success(self) -> bool:
        """Whether the source did what it should; an empty list is a success of the network, not of the source."""
        return self in (Answer.OK, Answer.NOT_MODIFIED)

    @property
    def is_transient(self) -> bool:
        """Whether trying again later, unchanged, may well succeed."""
        return self in _TRANSIENT

    @property
    def may_be_had_later(self) -> bool:
        """Whether a page that answered so is asked for again: also one that showed the site's index in its place.

        Servers that are asked much in a short time send their index with status 200 (failure mode of the securities
        commission's site); the article is there a while later.
        """
        return self.is_transient or self is Answer.SOFT_404

    @property
    def is_network(self) -> bool:
        """Whether the fault may lie with our own network rather than with the source."""
        return self in (Answer.DNS, Answer.REFUSED, Answer.TIMEOUT)


_TRANSIENT = frozenset({Answer.RATE_LIMITED, Answer.HTTP_ERROR, Answer.DNS, Answer.REFUSED, Answer.TIMEOUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us for a conditional request (RFC 9110 §13); kept verbatim."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """How one poll of one source ended; the one line that the log, the table and the health page show."""

    source_id: str
    answer: Answer
    status: int | None = None
    """HTTP status of the list, None when no answer came."""
    detail: str = ""
    """One sentence for a person; empty on success."""
    entries: int = 0
    new: int = 0
    revised: int = 0
    relevant: int = 0
    alerts: int = 0
    pages: int = 0
    """Article pages asked for."""
    pages_missing: int = 0
    """Of them, those that could not be had, whose items were kept with the list's own text."""
    deferred: int = 0
    """New entries left for the next poll because this one had its fill; validators are not kept then."""
    degraded: str = ""
    """Why the list was read in another way than its source says; empty when it was not."""
    skipped: int = 0
    """Rows of the list that had neither a title nor a link and were left out."""
    first_sync: bool = False
    size_bytes: int = 0
    elapsed_s: float = 0.0
    validators: Validators | None = None
    """New validators to keep, or None to keep the old ones."""
    body_hash: str = ""
    retry_after: timedelta | None = None
    ttl: timedelta | None = None
    closed: ClosedTimes | None = None
    """When the feed asks to be left alone; None when it does not."""


class DeliveryVerdict(StrEnum):
    """What a channel said to one message."""

    ACCEPTED = "accepted"
    TRANSIENT = "transient"
    """Try again later: time-out, refused connection, 429, 5xx."""
    TOO_LONG = "too-long"
    """Render shorter; the same message would be refused again."""
    REJECTED = "rejected"
    """Trying again cannot help: bad address, bad token, forbidden."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """The channel's answer to one message."""

    verdict: DeliveryVerdict
    detail: str = ""
    """One sentence, without secrets."""
    retry_after: timedelta | None = None
    elapsed_s: float = 0.0
    attempted: bool = True
    """False when nothing was sent, because the channel's turn has not come: that is no attempt that failed."""
    in_doubt: bool = False
    """True when the connection or the patience ended before an answer: the channel may have taken it all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What became of one article handed to the intake."""

    item_id: int
    new: bool
    revised: bool
    relevant: bool
    alerts: int
    at: datetime
