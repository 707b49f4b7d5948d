"""Hands articles to the use case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from core.errors import StorageError
from crawler.services import Services, services_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from core.outcome import Acceptance
    from crawler.items import FoundArticle


class HandToIntake:
    """Gives every article to the intake and notes in its poll what became of it."""

    def __init__(self, services: Services) -> None:
        self._intake = services.intake
        self._polls = services.polls
        self._archive = services.archive
        self._offload = services.offload

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HandToIntake:
        """Build it with the services of the crawler's spider."""
        return cls(services_of(crawler))

    async def process_item(self, item: FoundArticle) -> FoundArticle:
        """Hand one article over.

        Raises:
            DropItem: Its poll is over, or it could not be stored; it will be found again.
        """
        run = item.run
        if run.over:
            raise DropItem("the poll is over", log_level="DEBUG")
        try:
            acceptance = await self._intake.accept(run.poll, item.entry, item.article)
        except StorageError as error:
            run.failed(f"not stored: {error}")
            await self._polls.settle(run)
            raise DropItem(f"not stored: {error}", log_level="DEBUG") from error
        run.accepted(item.article, acceptance)
        await self._keep(item, acceptance)
        await self._polls.settle(run)
        return item

    async def _keep(self, item: FoundArticle, acceptance: Acceptance) -> None:
        """Archive the page of a flagged item when it brought something new."""
        page = item.run.kept.pop(item.entry.url, None)
        if self._archive is None or page is None:
            return
        if acceptance.relevant and (acceptance.new or acceptance.revised):
            source_id = item.run.poll.source.id
            await self._offload.run(self._archive.keep, page, item_id=acceptance.item_id, source_id=source_id)
