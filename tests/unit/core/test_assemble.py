"""Items from lists and pages, and their revisions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.assemble import article_of_entry, believable, entry_of, is_edit, new_item, revision_of
from core.item import BodyOrigin, DateOrigin, DocumentFacts, StoryId, Validity
from core.source import SourceId

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from core.item import Article, Entry, Item, Published
    from core.source import Source


def test_the_page_goes_before_the_list_and_the_source_fills_in(
    make_source: Callable[..., Source],
    make_entry: Callable[..., Entry],
    make_article: Callable[..., Article],
    now: datetime,
) -> None:
    """Title, time and author are the page's where it has them, else the list's; language and issuer the source's."""
    source = make_source(issuer="链闻编辑部")
    entry = make_entry(author="列表作者", guid="g")
    item = new_item(source, entry, make_article(title="", language="", author=""), now=now)
    assert (item.title, item.language, item.author) == (entry.title, source.language, "列表作者")
    assert (item.issuer, item.guid) == ("链闻编辑部", "g")
    page = make_article(title="页面标题", author="页面作者", issuer="市政府", language="en")
    item = new_item(source, entry, page, now=now)
    assert (item.title, item.language, item.author, item.issuer) == ("页面标题", "en", "页面作者", "市政府")
    assert item.first_seen_at == item.updated_at == now


def test_what_a_list_says_of_a_document_fills_in(
    make_source: Callable[..., Source],
    make_entry: Callable[..., Entry],
    make_article: Callable[..., Article],
    now: datetime,
) -> None:
    """Organ, numbers and facts of a list count where the page has none, and the organ goes before the source's."""
    listed = DocumentFacts(validity=Validity.ABOLISHED)
    entry = make_entry(issuer="市科委", document_numbers=("沪科规〔2023〕1号",), facts=listed)
    item = new_item(make_source(issuer="市政府"), entry, make_article(), now=now)
    assert (item.issuer, item.document_numbers, item.facts) == ("市科委", ("沪科规〔2023〕1号",), listed)
    page = make_article(issuer="市经信委", document_numbers=("沪经信规〔2023〕2号",), facts=DocumentFacts())
    item = new_item(make_source(), entry, page, now=now)
    assert (item.issuer, item.document_numbers, item.facts) == ("市经信委", ("沪经信规〔2023〕2号",), DocumentFacts())


@pytest.mark.parametrize(
    ("text", "summary", "origin"), [("全文", "摘要", "list"), ("", "摘要", "list"), ("", "", "none")]
)
def test_an_entry_alone_is_an_article(make_entry: Callable[..., Entry], text: str, summary: str, origin: str) -> None:
    """Its text is the entry's own, or its summary, or there is none."""
    article = article_of_entry(make_entry(text=text, summary=summary))
    assert (article.text, article.body_origin) == (text or summary, BodyOrigin(origin))


@pytest.mark.parametrize(
    ("fresh", "stored", "edit"),
    [
        ({"text": "b"}, {"text": "a"}, True),
        ({"title": "b"}, {"title": "a"}, True),
        ({}, {}, False),
        ({"text": "规模达15亿元。"}, {"text": "规模达1.5亿元。"}, True),
        ({"title": "甲：乙", "text": "丙，丁"}, {"title": "甲:乙", "text": "浏览次数：9\n丙，\n丁"}, False),
        ({"text": "b", "body_origin": BodyOrigin.LIST}, {}, False),
        ({"text": "b", "body_origin": BodyOrigin.LIST}, {"body_origin": BodyOrigin.LIST}, True),
        (
            {"text": "b", "body_origin": BodyOrigin.LIST, "source_id": SourceId("other")},
            {"body_origin": BodyOrigin.LIST},
            False,
        ),
        ({"text": "b", "source_id": SourceId("other")}, {"body_origin": BodyOrigin.LIST}, True),
    ],
    ids=["text", "title", "same", "amount", "setting", "list-for-page", "list-for-list", "others-list", "others-page"],
)
def test_what_is_an_edit(
    make_item: Callable[..., Item], fresh: dict[str, Any], stored: dict[str, Any], edit: bool
) -> None:
    """New words are an edit unless they are a list's in place of a page's, or another source's list."""
    assert is_edit(make_item(1, **fresh), make_item(1, **stored)) is edit


def test_an_item_tells_what_its_list_said(
    make_item: Callable[..., Item], make_published: Callable[..., Published]
) -> None:
    """Title, summary and date are clues for reading its page again; a text counts when it was the list's."""
    item = make_item(guid="g", summary="摘要", author="作者")
    entry = entry_of(item)
    assert (entry.url, entry.title, entry.guid, entry.summary) == (item.url, item.title, "g", "摘要")
    assert (entry.text, entry.published, entry.author) == ("", item.published, "作者")
    undated = make_published(origin=DateOrigin.FIRST_SEEN)
    listed = entry_of(make_item(text="全文", body_origin=BodyOrigin.LIST, published=undated))
    assert (listed.text, listed.published) == ("全文", None)


def test_a_revision_stays_what_it_is(
    make_item: Callable[..., Item], make_published: Callable[..., Published], now: datetime
) -> None:
    """Id, source, story and baseline stay; words are new; a lost date is kept."""
    stored = make_item(7, story_id=StoryId(3), baseline=True, guid="g", revision=4)
    undated = make_published(at=now, origin=DateOrigin.FIRST_SEEN)
    fresh = make_item(1, title="新标题", published=undated, source_id=SourceId("other"))
    later = now + timedelta(hours=1)
    revised = revision_of(stored, fresh, now=later, attempts=2)
    assert (revised.id, revised.story_id, revised.baseline, revised.guid, revised.revision) == (7, 3, True, "g", 5)
    assert (revised.source_id, revised.first_seen_at, revised.updated_at) == (stored.source_id, now, later)
    assert (revised.title, revised.published, revised.page_attempts) == ("新标题", stored.published, 2)


def test_a_time_is_believed_up_to_a_day_ahead(make_published: Callable[..., Published], now: datetime) -> None:
    """A claimed time a zone ahead stands; one further ahead, or none, becomes the time of the first look."""
    ahead = make_published(at=now + timedelta(hours=23))
    assert believable(ahead, now) == ahead
    too_far = believable(make_published(at=now + timedelta(hours=25), raw="tomorrow"), now)
    assert (too_far.at, too_far.origin, too_far.raw) == (now, DateOrigin.FIRST_SEEN, "tomorrow")
    assert believable(None, now).origin is DateOrigin.FIRST_SEEN
