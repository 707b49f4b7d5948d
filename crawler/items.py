"""What the spiders yield."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.item import Article, Entry
    from crawler.polls import PollRun


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArticle:
    """One article on its way to the intake."""

    run: PollRun
    entry: Entry
    article: Article
