"""Fetches single pages outside of any poll, the way pages of polls are fetched."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.errors import FetchError
from crawler.byhand import services_by_hand
from crawler.runtime import ScrapyCrawler, run_on_reactor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from config.settings import CrawlSettings
    from crawler.runtime import Fetched

_ROUNDS = 2
"""How often addresses named by answers are followed: a robots.txt, and the sitemap that it names."""


def fetch_pages(urls: Sequence[str], settings: CrawlSettings) -> dict[str, Fetched | FetchError]:
    """Fetch pages one after another, obeying robots, pacing, limits and the address guard; store nothing.

    Runs the reactor, so it can be called once per process.

    Returns:
        Address asked for → the page, or why there is none.
    """
    return fetch_with_more(urls, settings, more=lambda _: ())


def fetch_with_more(
    urls: Sequence[str],
    settings: CrawlSettings,
    *,
    more: Callable[[Mapping[str, Fetched | FetchError]], Iterable[str]],
) -> dict[str, Fetched | FetchError]:
    """Fetch pages as `fetch_pages` does, and then those that they lead to.

    Args:
        urls: What is fetched first.
        settings: How to crawl.
        more: Called with all answers so far until it names no address that was not asked for; at most twice.

    Returns:
        Address asked for → the page, or why there is none.
    """
    answers: dict[str, Fetched | FetchError] = {}

    async def fetch_new(crawler: ScrapyCrawler, wanted: Iterable[str]) -> None:
        for url in [url for url in wanted if url not in answers]:
            try:
                answers[url] = await crawler.fetch(url)
            except FetchError as error:
                answers[url] = error

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
            await fetch_new(crawler, urls)
            for _ in range(_ROUNDS):
                await fetch_new(crawler, more(answers))
        finally:
            await crawler.stop(timedelta(0))
        return 0

    run_on_reactor(fetch_all)
    return answers
