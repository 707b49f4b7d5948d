"""What spiders, middlewares and pipelines are given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from core.ports import Clock, Extractor, Intake, Offload
    from crawler.archive import WarcArchive
    from crawler.polls import OpenPolls


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The ports that a crawl works through."""

    intake: Intake
    extractor: Extractor
    offload: Offload
    clock: Clock
    polls: OpenPolls
    archive: WarcArchive | None = None
    """Where pages of flagged items are kept; None keeps none."""


def services_of(crawler: Crawler) -> Services:
    """Return what a crawler's spider was given; components are built after their spider.

    Raises:
        NotConfigured: The spider is none of this project's, as in `scrapy shell` and `scrapy fetch`.
    """
    services = getattr(crawler.spider, "services", None)
    if not isinstance(services, Services):
        raise NotConfigured
    return services
