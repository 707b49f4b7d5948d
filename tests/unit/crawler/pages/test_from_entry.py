"""Articles without a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.item import BodyOrigin
from core.outcome import Answer
from crawler.pages.from_entry import article_from_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Entry
    from core.source import Source


def test_full_text_before_summary(make_entry: Callable[..., Entry], make_source: Callable[..., Source]) -> None:
    """The list's full text is the article's, cleaned; fields are carried over."""
    entry = make_entry(
        summary="摘要。", text="根据国发〔2015〕40号，推进区块链应用。\n\n 广告 \n第二段话也在这里。", author="某报"
    )
    article = article_from_entry(entry, source=make_source(), problem=None)
    assert article.text == "根据国发〔2015〕40号，推进区块链应用。\n第二段话也在这里。"
    assert (article.body_origin, article.page_problem, article.language) == (BodyOrigin.LIST, None, "zh")
    assert (article.url, article.title, article.published) == (entry.url, entry.title, entry.published)
    assert (article.author, article.document_numbers) == ("某报", ("国发〔2015〕40号",))


def test_summary(make_entry: Callable[..., Entry], make_source: Callable[..., Source]) -> None:
    """Without a full text the summary is the text, and the page's problem is kept."""
    entry = make_entry(title="Rules for stablecoins", summary="The bank published its rules.")
    article = article_from_entry(entry, source=make_source(), problem=Answer.BLOCKED)
    assert article.text == "The bank published its rules."
    assert (article.page_problem, article.language) == (Answer.BLOCKED, "en")


def test_title_alone(make_entry: Callable[..., Entry], make_source: Callable[..., Source]) -> None:
    """With neither there is only a title; one without letters is in the source's language."""
    article = article_from_entry(make_entry(title="2023-06"), source=make_source(language="zh"), problem=None)
    assert (article.text, article.body_origin, article.language) == ("", BodyOrigin.NONE, "zh")
