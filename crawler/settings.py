"""Scrapy's settings: what is the same everywhere as constants, what a user can set from `CrawlSettings`.

`scrapy.cfg` names this module, so `scrapy crawl` runs with the defaults of `CrawlSettings`; the daemon passes
`scrapy_settings(...)`. What a setting does is in Scrapy's documentation; why it has its value is here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.settings import CrawlSettings
from crawler.rendering import GuardedRequests, find_browser

if TYPE_CHECKING:
    from collections.abc import Collection

BOT_NAME = "hongtou"
SPIDER_MODULES = ["crawler.spiders"]

# Names and servers
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
DOWNLOAD_HANDLERS = {
    "http": "crawler.handlers.PollBoundHandler",
    "https": "crawler.handlers.PollBoundHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True  # a lapsed domain may be someone else's

# Politeness
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0.0  # the delay is a promise, not a mean
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_MAX_DELAY = 30.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
ROBOTSTXT_USER_AGENT = "hongtou"  # product token, RFC 9309 §2.2.1
COOKIES_ENABLED = False
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False  # challenge pages refresh themselves for ever

# Order of requests and items
SCHEDULER_PRIORITY_QUEUE = "crawler.queues.OneAHostQueue"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # list order
CONCURRENT_ITEMS = 1  # articles of one answer are stored in list order

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.deadline.Deadline": 90,
    "crawler.middlewares.rendering.Rendering": 95,  # a source that is skipped contacts nobody
    "crawler.middlewares.source_headers.SourceHeaders": 390,
    "crawler.middlewares.retry.TransientRetry": 550,
    "crawler.middlewares.address_guard.AddressGuard": 560,  # sees failed look-ups before they are retried
    "crawler.middlewares.easing.EasingOff": 565,  # sees what redirects lead to
    "crawler.middlewares.robots.Robots": 570,  # asks no robots.txt of a host that may not be contacted
    "crawler.middlewares.proxy.ConfiguredProxy": 740,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
HTTPERROR_ALLOW_ALL = True  # every status has an answer class

ITEM_PIPELINES = {"crawler.pipelines.intake.HandToIntake": 100, "crawler.pipelines.export.PlainItems": 900}
EXTENSIONS = {
    "crawler.extensions.stray_faults.StrayFaults": 10,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
STATS_DUMP = False
LOG_LEVEL = "WARNING"
FEED_EXPORT_ENCODING = "utf-8"
HONGTOU_EXPORT = True

# Browser of sources with `render`, read by scrapy-playwright
PLAYWRIGHT_LAUNCH_OPTIONS = {"executable_path": find_browser()} if find_browser() else {}
PLAYWRIGHT_MAX_PAGES_PER_CONTEXT = 1


def scrapy_settings(crawl: CrawlSettings, *, private_hosts: Collection[str] = ()) -> dict[str, object]:
    """Return the settings of a crawler that hands everything to an intake.

    Args:
        crawl: What the user has set.
        private_hosts: Hosts that may be contacted on a private address.
    """
    fixed = {name: value for name, value in globals().items() if name.isupper()}
    return fixed | chosen(crawl) | {"HONGTOU_EXPORT": False, "HONGTOU_PRIVATE_HOSTS": sorted(private_hosts)}


def chosen(crawl: CrawlSettings) -> dict[str, object]:
    """Return what a user can set of an engine."""
    timeout = crawl.timeout.total_seconds()
    return {
        "USER_AGENT": crawl.user_agent,
        "DOWNLOAD_TIMEOUT": timeout,
        "DNS_TIMEOUT": min(timeout, 15.0),
        "DOWNLOAD_DELAY": crawl.delay.total_seconds(),
        "AUTOTHROTTLE_START_DELAY": crawl.delay.total_seconds(),
        "CONCURRENT_REQUESTS": crawl.concurrency,
        "DOWNLOAD_MAXSIZE": crawl.max_body,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": crawl.retries,
        "ROBOTSTXT_OBEY": crawl.obey_robots,
        "HONGTOU_ALLOW_PRIVATE": crawl.allow_private_addresses,
        "HONGTOU_PROXY": crawl.proxy,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": timeout * 1000,
        "PLAYWRIGHT_ABORT_REQUEST": GuardedRequests(may_be_private=crawl.allow_private_addresses),
    }


globals().update(chosen(CrawlSettings()))
