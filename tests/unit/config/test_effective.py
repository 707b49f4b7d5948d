"""What is shown of a configuration."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from config.effective import effective_hash, mask, shown
from config.settings import Settings


@pytest.mark.parametrize(
    ("secret", "masked"),
    [
        ("mailtos://me:pw@host", "mailtos://***"),
        ("postgresql+psycopg://a:b@c/d", "postgresql+psycopg://***"),
        ("hunter2", "***"),
        ("hunter2 ://x", "***"),
        ("", "***"),
    ],
)
def test_a_secret_keeps_only_its_scheme(secret: str, masked: str) -> None:
    """The kind of an address may be known, nothing else of it."""
    assert mask(secret) == masked


def test_what_is_shown_can_be_read_back() -> None:
    """Durations, paths and lists are written as a file would; loading them gives the same settings."""
    settings = Settings.model_validate({"crawl": {"delay": "90s"}, "routes": {"a": {"continue": True}}})
    content = shown(settings, {})
    assert content["crawl"]["delay"] == "90s"
    assert content["routes"]["a"]["continue"] is True
    assert Settings.model_validate(json.loads(json.dumps(content))) == settings


def test_what_was_filled_in_is_shown_as_it_was_written() -> None:
    """A value from the environment is shown by its name; a secret only when nothing else stands beside it."""
    settings = Settings.model_validate(
        {"crawl": {"user_agent": "me", "proxy": "http://x"}, "channels": {"a": {"url": "b://c"}}, "database": "d://e"}
    )
    content = shown(settings, {
        ("crawl", "user_agent"): "${AGENT}",
        ("crawl", "proxy"): "(from proxy_file)",
        ("channels", "a", "url"): "${URL:-b://hunter2}",
        ("database",): "${DSN}",
    })  # fmt: skip
    assert content["crawl"]["user_agent"] == "${AGENT}"
    assert content["crawl"]["proxy"] == "(from proxy_file)"
    assert content["channels"]["a"]["url"] == "b://***"
    assert content["database"] == "${DSN}"


def test_the_hash_is_that_of_what_is_shown() -> None:
    """Same content, same hash; another value, another hash."""
    assert effective_hash(Settings(), {}, {}) == effective_hash(Settings(), {}, {})
    changed = Settings().model_copy(update={"first_sync": Settings().first_sync.model_copy(
        update={"max_age": timedelta(hours=1)})})  # fmt: skip
    assert effective_hash(changed, {}, {}) != effective_hash(Settings(), {}, {})
