"""A source as data: where to look, how to read it, how often; and what is remembered of its polls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from core.outcome import Answer, Validators

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.closing import ClosedTimes

SourceId = NewType("SourceId", str)


class SourceKind(StrEnum):
    """How a source's list is read; one spider each."""

    FEED = "feed"
    JSON = "json"
    LISTING = "listing"
    SITEMAP = "sitemap"
    """XML sitemap or sitemap index, Google News' extension included."""
    GOVCN = "govcn"
    """Columns of www.gov.cn: a static JSON file beside the page."""
    JPAAS = "jpaas"
    """大汉 jpaas publish server: an HTML fragment inside JSON, asked for by ids that the column page carries."""
    GKMLPT = "gkmlpt"
    """广东 政府信息公开目录平台: one JSON API for province, cities and departments."""
    JPAGE = "jpage"
    """大汉 jpage data proxy: XML with CDATA records behind a server-rendered first page."""
    TRS_RECORDS = "trs-records"
    """TRS column pages with `<recordset>` CDATA records."""
    TRS_DATED = "trs-dated"
    """TRS static lists with `tYYYYMMDD_ID` paths."""
    UCAP = "ucap"
    """UCAP list pages and their searchList JSON."""


class Voice(StrEnum):
    """Who speaks on a source: an authority about its own acts, or the press about others'."""

    AUTHORITY = "authority"
    PRESS = "press"


class Tls(StrEnum):
    """What an old server's TLS needs; certificates are verified with every one of them."""

    STRICT = "strict"
    WEAK_DH = "weak-dh"
    """`dh key too small`: Diffie-Hellman is left out."""
    LEGACY_RENEGOTIATION = "legacy-renegotiation"
    """`unsafe legacy renegotiation disabled`: such a server is connected to all the same."""
    OLD_CIPHERS = "old-ciphers"
    """Servers that offer only ciphers and versions that OpenSSL 3 leaves out by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSelectors:
    """CSS selectors of an HTML list; all but `row` are relative to a row.

    `link` and `date` may end in `::attr(name)`; `date` may be empty when the list prints none.
    """

    row: str
    title: str = "a"
    link: str = "a::attr(href)"
    date: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPaths:
    """Paths into a JSON list. A path is dotted keys and `[*]`, `[0]`: `data.rows[*].item`; `$` is the whole document.

    All but `rows` are relative to one row; several paths separated by ` | ` are tried in order.
    """

    rows: str
    title: str
    link: str = ""
    guid: str = ""
    date: str = ""
    summary: str = ""
    text: str = ""
    link_template: str = ""
    """Address with `{field}` places filled from the row, for lists that give an id and no address."""
    title_pattern: str = ""
    """Regular expression whose first group is the title, for flashes that hold `【title】body` in one field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSelectors:
    """CSS selectors of an article page, each tried before the generic extractor; empty means none."""

    title: str = ""
    body: str = ""
    date: str = ""
    author: str = ""
    drop: str = ""
    """Elements to remove before anything is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollBounds:
    """The shortest and longest time between two polls of a source."""

    min_interval: timedelta = timedelta(minutes=5)
    max_interval: timedelta = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that is watched."""

    id: SourceId
    name: str
    """Name in the source's own language, shown to users; never taken from a feed."""
    name_en: str
    kind: SourceKind
    url: str
    group: str
    """Catalogue group such as `cn-central`, `cn-shanghai`, `hk`, `crypto-zh`, `crypto-en`, `press`."""
    voice: Voice
    jurisdiction: str = ""
    """Lower-case code of the authority behind it (`cn`, `cn-sh`, `hk`); the press has none."""
    issuer: str = ""
    """Name of the authority that publishes here, in the source's own language; empty for the press."""
    language: str = "zh"
    """`zh`, `zh-Hant` or `en`; what the source usually writes."""
    zone: str = "Asia/Shanghai"
    """IANA zone of times that carry no offset."""
    encoding: str = ""
    """Charset that overrides the page's own declaration; empty to detect."""
    tier: int = 2
    enabled: bool = True
    rows: RowSelectors | None = None
    paths: JsonPaths | None = None
    article: ArticleSelectors = field(default_factory=ArticleSelectors)
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    """Form fields; when there are any the list is asked for by POST."""
    fetch_articles: bool = True
    """False for sources whose list already carries the whole text (flashes)."""
    bounds: PollBounds = field(default_factory=PollBounds)
    allow_private_addresses: bool = False
    params: Mapping[str, str] = field(default_factory=dict)
    """Ids that a dialect's requests need, by the names of its own API; those left out are discovered from the page."""
    fallback_urls: tuple[str, ...] = ()
    """Other addresses of the same list, tried in order when `url` fails for a passing reason (RSSHub instances)."""
    max_list_pages: int = 1
    """Pages of the list that one poll may ask for while each of them brings only what is new."""
    tls: Tls = Tls.STRICT
    render: bool = False
    """Whether the list needs a browser; without the `browser` extra such a source is skipped, and says so at start."""
    confidence: str = ""
    """`high`, `medium` or `low`: how sure the entry's facts are; empty when unsaid."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of one source between polls. All times are aware UTC."""

    source_id: SourceId
    next_due_at: datetime
    first_synced_at: datetime | None = None
    """When its first poll was stored; None until then."""
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    last_answer: Answer | None = None
    last_status: int | None = None
    last_detail: str = ""
    failures: int = 0
    """Polls in a row that did not succeed."""
    empties: int = 0
    """Polls in a row that gave an empty list."""
    polls: int = 0
    items: int = 0
    interval: timedelta | None = None
    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
    ttl: timedelta | None = None
    """Wait that the list asked for when it was last read; None when it asked for none."""
    closed: ClosedTimes | None = None
    """When the list asked to be left alone as it was last read; None when it did not."""
    claimed_until: datetime | None = None
    """End of the lease of the poll that is running now; None when none is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One order to look at one source, with what is remembered of it."""

    source: Source
    state: SourceState
    started_at: datetime
    deadline: timedelta = timedelta(minutes=5)

    @property
    def is_first_sync(self) -> bool:
        """Whether nothing of this source has been stored yet."""
        return self.state.first_synced_at is None
