"""The shape of the settings: where which key is allowed, and which keys are secrets."""

from __future__ import annotations

from typing import Any, get_origin

import pytest
from pydantic import SecretStr

from config.settings import CrawlSettings, Settings
from config.shape import allowed_keys, bare, is_model, is_secret, secret_patterns, type_at, walk


def test_keys_are_those_of_the_file() -> None:
    """A field with another name in files, `continue`, goes by that one."""
    keys = allowed_keys(type_at(Settings, ("routes", "any")))
    assert "continue" in keys
    assert "continue_" not in keys


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("crawl",), CrawlSettings),
        (("crawl", "proxy"), SecretStr),
        (("channels", "any", "url"), SecretStr),
        (("watch", "tiers", 0, 0), None),
        (("crawl", "nothing"), None),
        (("crawl", "timeout", "deeper"), None),
        ((), Settings),
    ],
)
def test_a_path_leads_to_a_type_or_nowhere(path: tuple[Any, ...], expected: object) -> None:
    """Sections, free keys and list items are gone through."""
    assert type_at(Settings, path) is expected


def test_lists_are_tuples() -> None:
    """The type of a list tells that its text may be separated by commas."""
    assert get_origin(type_at(Settings, ("watch", "groups"))) is tuple
    assert type_at(Settings, ("watch", "groups", 3)) is str


def test_a_choice_of_types_is_left_alone() -> None:
    """Only the `None` of an optional is taken away."""
    assert bare(int | None) is int
    assert bare(int | str) == int | str
    assert not is_model(int | str)


def test_the_secrets_are_known() -> None:
    """Whatever holds an address with a password is a secret; a new one must be added here on purpose."""
    own = {("database",), ("crawl", "proxy"), ("classify", "second_opinion", "key")}
    assert secret_patterns(Settings) == own | {("channels", "*", "url"), ("channels", "*", "secret")}
    assert is_secret(Settings, ("channels", "desk", "url"))
    assert not is_secret(Settings, ("crawl", "user_agent"))


def test_walking_visits_every_setting_once() -> None:
    """Sections and free keys are gone into; a mapping of free keys stands for its sections."""
    patterns = [pattern for pattern, _ in walk(Settings)]
    assert len(patterns) == len(set(patterns))
    assert ("routes", "*", "match", "topics") in patterns
    assert ("first_sync", "max_age") in patterns
