"""Fetches single pages outside of any poll, the way pages of polls are fetched."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.errors import FetchError
from crawler.byhand import services_by_hand
from crawler.runtime import ScrapyCrawler, run_on_reactor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.settings import CrawlSettings
    from crawler.runtime import Fetched


def fetch_pages(urls: Sequence[str], settings: CrawlSettings) -> dict[str, Fetched | FetchError]:
    """Fetch pages one after another, obeying robots, pacing, limits and the address guard; store nothing.

    Runs the reactor, so it can be called once per process.

    Returns:
        Address asked for → the page, or why there is none.
    """
    answers: dict[str, Fetched | FetchError] = {}

    async def fetch_all() -> int:
        services = services_by_hand()
        crawler = ScrapyCrawler(
            settings=settings,
            intake=services.intake,
            extractor=services.extractor,
            offload=services.offload,
            clock=services.clock,
        )
        await crawler.start()
        try:
            for url in urls:
                try:
                    answers[url] = await crawler.fetch(url)
                except FetchError as error:
                    answers[url] = error
        finally:
            await crawler.stop(timedelta(0))
        return 0

    run_on_reactor(fetch_all)
    return answers
