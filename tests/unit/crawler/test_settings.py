"""What the user sets is what Scrapy gets."""

from __future__ import annotations

from datetime import timedelta

from pydantic import SecretStr
from scrapy.settings import Settings

from config.settings import CrawlSettings
from crawler.settings import scrapy_settings


def test_every_crawl_setting_reaches_scrapy() -> None:
    """Changing any crawl setting that concerns Scrapy changes Scrapy's settings."""
    changed = CrawlSettings(
        user_agent="Other/1.0",
        timeout=timedelta(seconds=7),
        delay=timedelta(seconds=9),
        concurrency=3,
        max_body=100_000,
        retries=1,
        obey_robots=False,
        allow_private_addresses=True,
        proxy=SecretStr("http://proxy.example:3128"),
    )
    before, after = scrapy_settings(CrawlSettings()), scrapy_settings(changed)
    differing = {name for name, value in after.items() if before[name] != value}
    assert differing == {
        "USER_AGENT",
        "DOWNLOAD_TIMEOUT",
        "DNS_TIMEOUT",
        "DOWNLOAD_DELAY",
        "AUTOTHROTTLE_START_DELAY",
        "CONCURRENT_REQUESTS",
        "DOWNLOAD_MAXSIZE",
        "RETRY_TIMES",
        "ROBOTSTXT_OBEY",
        "HONGTOU_ALLOW_PRIVATE",
        "HONGTOU_PROXY",
        "PLAYWRIGHT_ABORT_REQUEST",
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT",
    }
    # The deadline travels with each poll, and the number of pages is the intake's to decide.
    elsewhere = {"poll_deadline", "max_pages_per_poll"}
    assert len(CrawlSettings.model_fields) - len(elsewhere) == len(differing) - 4


def test_a_proxys_password_is_not_shown() -> None:
    """Scrapy logs its settings; the proxy's password is not in them as text."""
    settings = Settings(scrapy_settings(CrawlSettings(proxy=SecretStr("http://user:hunter2@proxy.example:3128"))))
    assert "hunter2" not in str(dict(settings))


def test_by_hand_is_polite_and_exports() -> None:
    """The module that `scrapy.cfg` names holds the same settings, and exports what it finds."""
    by_hand = Settings()
    by_hand.setmodule("crawler.settings")
    daemon = Settings(scrapy_settings(CrawlSettings()))
    assert by_hand.getbool("ROBOTSTXT_OBEY")
    assert by_hand.getfloat("DOWNLOAD_DELAY") == 2.0
    assert by_hand.getbool("HONGTOU_EXPORT")
    assert not daemon.getbool("HONGTOU_EXPORT")
    assert {name for name in dict(daemon) if daemon[name] != by_hand[name]} == {
        "HONGTOU_EXPORT",
        "HONGTOU_PRIVATE_HOSTS",
    }
