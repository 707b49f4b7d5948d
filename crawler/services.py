"""What spiders, middlewares and pipelines are given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from core.ports import Clock, Extractor, Intake, Offload
    from crawler.polls import OpenPolls


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The ports that a crawl works through."""

    intake: Intake
    extractor: Extractor
    offload: Offload
    clock: Clock
    polls: OpenPolls


def services_of(crawler: Crawler) -> Services:
    """Return what a crawler's spider was given; components are built after their spider.

    Raises:
        TypeError: The spider is none of this project's.
    """
    services = getattr(crawler.spider, "services", None)
    if not isinstance(services, Services):
        raise TypeError(f"{crawler.spider!r} was given no services")
    return services
