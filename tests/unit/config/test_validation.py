"""Validation that goes on past the first fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.layers import Resolved, Tree
from config.references import resolve
from config.settings import Settings
from config.source_entry import SourceEntry
from config.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable


def resolved(data: dict[str, object]) -> Resolved:
    """Return data as if it had come out of a file."""
    return resolve(Tree(data), environ={})


def test_right_data_gives_the_model_and_no_problem() -> None:
    """Nothing is told of what is right."""
    settings, problems = validate(resolved({"log": {"level": "debug"}}), Settings)
    assert settings is not None
    assert settings.log.level == "debug"
    assert problems == []


def test_what_is_right_beside_a_fault_is_kept() -> None:
    """The model is made without the faulty keys, so that the rest can be checked further."""
    data: dict[str, object] = {
        "crawl": {"retries": 9, "delay": "7s"},
        "channels": {"a": {}, "b": {"url": "json://x"}, "C": {"url": "json://x"}},
        "nonsense": 1,
    }
    settings, problems = validate(resolved(data), Settings)
    assert settings is not None
    assert settings.crawl.delay.total_seconds() == 7
    assert set(settings.channels) == {"b"}
    assert {problem.key for problem in problems} == {"crawl.retries", "channels.a.url", "channels.C", "nonsense"}


def test_a_fault_is_not_told_a_second_time_as_a_gap() -> None:
    """A required key that was taken out for its value is not told to be missing as well."""
    entry = {"name": "", "name_en": "x", "kind": "feed", "url": "https://x.example", "group": "g", "voice": "press"}
    made, problems = validate(resolved({**entry}), SourceEntry)
    assert made is None
    assert [(problem.key, problem.message) for problem in problems] == [("name", "must not be empty")]


def test_names_are_checked_although_values_have_faults(faults: Callable[..., list[str]]) -> None:
    """A bad value in one place does not hide a bad name in another."""
    assert faults("crawl: {retries: x}\nwatch:\n  only: [no-such-source]\n") == [
        "hongtou.yaml:1: crawl.retries: must be a whole number",
        "hongtou.yaml:3: watch.only[0]: there is no source 'no-such-source'",
    ]
