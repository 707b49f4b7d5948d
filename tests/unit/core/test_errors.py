"""Errors carry what happened as attributes, and are fit to be shown."""

from __future__ import annotations

import pytest

from core import errors
from core.outcome import Answer


def test_a_config_error_holds_all_problems() -> None:
    """Each fault is one line with its place; a fault of the whole file has no key."""
    one = errors.ConfigProblem(where="hongtou.yaml:12", key="routes.desk", message="no such channel")
    other = errors.ConfigProblem(where="hongtou.yaml", key="", message="not YAML")
    error = errors.ConfigError([one, other])
    assert error.problems == (one, other)
    assert str(error) == "hongtou.yaml:12: routes.desk: no such channel\nhongtou.yaml: not YAML"


def test_a_fetch_error_names_address_answer_and_source() -> None:
    """A use case decides by the answer class, never by the text."""
    error = errors.FetchError("timed out", url="https://a.example/", answer=Answer.TIMEOUT, source_id="lianwen")
    assert (error.url, error.answer, error.source_id) == ("https://a.example/", Answer.TIMEOUT, "lianwen")


@pytest.mark.parametrize(
    "kind", [errors.DecodeError, errors.FeedParseError, errors.ListParseError, errors.ExtractionError]
)
def test_parse_errors_are_the_sources(kind: type[errors.ParseError]) -> None:
    """Every parse error is a source error with an address."""
    error = kind("no rows", url="https://a.example/", source_id="lianwen")
    assert isinstance(error, errors.SourceError)
    assert (error.url, error.source_id, str(error)) == ("https://a.example/", "lianwen", "no rows")


def test_a_delivery_error_names_its_channel() -> None:
    """The channel is told by name, so that its address stays secret."""
    assert errors.DeliveryError("refused", channel="desk").channel == "desk"


def test_every_error_is_a_hongtou_error() -> None:
    """One except clause at the border catches all expected failures and no bug."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert all(issubclass(kind, errors.HongtouError) for kind in kinds)
    assert not issubclass(errors.HongtouError, ValueError | RuntimeError)
