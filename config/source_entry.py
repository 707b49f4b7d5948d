"""One source as a YAML entry: the Pydantic model that checks it, and its way to `core.source.Source`."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from config.fields import Duration, Identifier, Section, Zone
from config.problems import suggest
from config.source_checks import (
    check_encoding,
    check_jurisdiction,
    check_path,
    check_selector,
    check_template,
    check_title_pattern,
    check_url,
)
from core.source import (
    ArticleSelectors,
    JsonPaths,
    PollBounds,
    RowSelectors,
    Source,
    SourceId,
    SourceKind,
    Tls,
    Voice,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Selector = Annotated[str, AfterValidator(check_selector)]
JsonPath = Annotated[str, AfterValidator(check_path)]
Url = Annotated[str, AfterValidator(check_url)]
JurisdictionCode = Annotated[str, AfterValidator(check_jurisdiction)]


class RowsEntry(Section):
    """CSS selectors of an HTML list."""

    row: Selector
    """One row of the list."""
    title: Selector = "a"
    """The title in a row."""
    link: Selector = "a::attr(href)"
    """The address in a row."""
    date: Selector = ""
    """The date in a row."""
    summary: Selector = ""
    """The summary in a row."""


class PathsEntry(Section):
    """Paths into a JSON list."""

    rows: JsonPath
    """The rows, from the root."""
    title: JsonPath
    """The title in a row."""
    link: JsonPath = ""
    """The address in a row."""
    guid: JsonPath = ""
    """The id in a row."""
    date: JsonPath = ""
    """The date in a row."""
    summary: JsonPath = ""
    """The summary in a row."""
    text: JsonPath = ""
    """The whole text in a row."""
    link_template: Annotated[str, AfterValidator(check_template)] = ""
    """Address with `{field}` places, for lists without addresses."""
    title_pattern: Annotated[str, AfterValidator(check_title_pattern)] = ""
    """Regular expression whose first group is the title."""


class ArticleEntry(Section):
    """CSS selectors of an article page."""

    title: Selector = ""
    """The title."""
    body: Selector = ""
    """The text."""
    date: Selector = ""
    """The publish time."""
    author: Selector = ""
    """The author."""
    drop: Selector = ""
    """What to remove first."""


class PollEntry(Section):
    """The shortest and longest time between two polls."""

    min: Duration = timedelta(minutes=5)
    """Shortest."""
    max: Duration = timedelta(hours=6)
    """Longest."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not timedelta(0) < self.min <= self.max:
            raise ValueError("needs min more than zero, and max no shorter than min")
        return self


_WITHOUT_ROWS = frozenset({SourceKind.FEED, SourceKind.JSON, SourceKind.SITEMAP, SourceKind.GOVCN, SourceKind.GKMLPT})
"""Kinds whose lists are no HTML; the others find their rows by themselves where no selectors are given."""
PARAMS: Mapping[SourceKind, frozenset[str]] = MappingProxyType(
    {
        SourceKind.GOVCN: frozenset({"json"}),
        SourceKind.JPAAS: frozenset(
            {"webId", "tplSetId", "pageId", "tagId", "pageType", "parseType", "editType", "pageSize", "unit_url"}
        ),
        SourceKind.GKMLPT: frozenset({"sid", "category"}),
        SourceKind.JPAGE: frozenset({"columnid", "unitid", "webid", "perpage"}),
        SourceKind.UCAP: frozenset({"channelid", "interface", "template", "pageSize"}),
    }
)
"""Names that `params` may have, as each dialect reads them; kinds that are not here take none."""


class SourceEntry(Section):
    """One source."""

    name: Annotated[str, Field(min_length=1)]
    """Name in the source's own language."""
    name_en: Annotated[str, Field(min_length=1)]
    """English name."""
    kind: SourceKind
    """How its list is read."""
    url: Url
    """Address of the list."""
    group: Identifier
    """Catalogue group."""
    voice: Literal["authority", "press"]
    """Whether an authority speaks about its own acts, or the press about others'."""
    jurisdiction: JurisdictionCode = ""
    """Lower-case code of the authority behind it, `cn`, `cn-sh`, `hk`."""
    issuer: str = ""
    """Name of the authority."""
    language: Literal["zh", "zh-Hant", "en"] = "zh"
    """What it usually writes."""
    zone: Zone = "Asia/Shanghai"
    """Zone of times without an offset."""
    encoding: Annotated[str, AfterValidator(check_encoding)] = ""
    """Charset that overrides the page's own."""
    tier: Annotated[int, Field(ge=1, le=5)] = 2
    """1 essential, 2 useful, 3 and more marginal or fragile."""
    enabled: bool = True
    """False keeps it in the catalogue, unwatched."""
    rows: RowsEntry | None = None
    """Selectors of a `listing`."""
    paths: PathsEntry | None = None
    """Paths of a `json` list."""
    article: ArticleEntry = ArticleEntry()
    """Selectors of its article pages."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Request headers besides the usual."""
    form: dict[str, str] = Field(default_factory=dict)
    """Form fields; the list is then asked for by POST."""
    fetch_articles: bool = True
    """False when the list carries the whole text."""
    poll: PollEntry = PollEntry()
    """Bounds of the time between polls."""
    allow_private_addresses: bool = False
    """Whether its host may be on a private or loopback address."""
    params: dict[str, str] = Field(default_factory=dict)
    """Ids that a CMS dialect's requests need; those left out are read from the page."""
    fallback_urls: tuple[Url, ...] = ()
    """Other addresses of the same list, tried in order when `url` fails."""
    max_list_pages: Annotated[int, Field(ge=1, le=50)] = 1
    """Pages of the list that one poll may ask for."""
    tls: Tls = Tls.STRICT
    """What an old server's TLS needs; certificates are always verified."""
    render: bool = False
    """Whether the list needs a browser."""
    confidence: Literal["", "high", "medium", "low"] = ""
    """How sure the entry's facts are."""
    note: str = ""
    """For people: why it is disabled, what to watch out for."""

    @model_validator(mode="after")
    def _fits_kind(self) -> Self:
        if self.rows is not None and self.kind in _WITHOUT_ROWS:
            raise ValueError(f"a source of kind `{self.kind}` takes no `rows`")
        if (self.kind is SourceKind.JSON) is (self.paths is None):
            raise ValueError(f"a source of kind `{self.kind}` {'needs' if self.paths is None else 'takes no'} `paths`")
        self._check_params()
        if self.paths and not (self.paths.link or self.paths.link_template) and self.fetch_articles:
            raise ValueError("needs `paths.link` or `paths.link_template`, or `fetch_articles: false`")
        return self

    def _check_params(self) -> None:
        known = PARAMS.get(self.kind, frozenset())
        for name in sorted(self.params.keys() - known):
            hint = suggest(name, known) or (f"; known: {', '.join(sorted(known))}" if known else "")
            raise ValueError(f"a source of kind `{self.kind}` takes no `params.{name}`{hint}")

    def source(self, source_id: str) -> Source:
        """Return the entry as the value that the rest of the program knows."""
        return Source(
            id=SourceId(source_id),
            kind=self.kind,
            voice=Voice(self.voice),
            rows=RowSelectors(**self.rows.model_dump()) if self.rows else None,
            paths=JsonPaths(**self.paths.model_dump()) if self.paths else None,
            article=ArticleSelectors(**self.article.model_dump()),
            bounds=PollBounds(min_interval=self.poll.min, max_interval=self.poll.max),
            name=self.name,
            name_en=self.name_en,
            url=self.url,
            group=self.group,
            jurisdiction=self.jurisdiction,
            issuer=self.issuer,
            language=self.language,
            zone=self.zone,
            encoding=self.encoding,
            tier=self.tier,
            enabled=self.enabled,
            headers=self.headers,
            form=self.form,
            fetch_articles=self.fetch_articles,
            allow_private_addresses=self.allow_private_addresses,
            params=self.params,
            fallback_urls=self.fallback_urls,
            max_list_pages=self.max_list_pages,
            tls=self.tls,
            render=self.render,
            confidence=self.confidence,
            note=self.note,
        )
