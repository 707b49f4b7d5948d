"""The two extractors behind one shape."""

from __future__ import annotations

import logging

import pytest

from crawler.pages.engines import read_with_readability, read_with_trafilatura

STORY = "".join(
    f"<p>The commission published part {n} of its plan for quantum networks, and industry answered.</p>"
    for n in range(9)
)
PAGE = f"<html><body><div><a href='/a'>Home</a></div><article>{STORY}</article></body></html>"


@pytest.mark.parametrize("reader", [read_with_readability, read_with_trafilatura])
def test_reads_an_article(reader: object) -> None:
    """Both find the paragraphs of a plain article."""
    assert callable(reader)
    lines = reader(PAGE)
    assert len([line for line in lines if "quantum networks" in line]) >= 1
    assert "part 8" in " ".join(lines)


@pytest.mark.parametrize("reader", [read_with_readability, read_with_trafilatura])
@pytest.mark.parametrize("page", ["", " ", "<html></html>", "<body><p></p></body>"])
def test_finds_nothing_quietly(reader: object, page: str, caplog: pytest.LogCaptureFixture) -> None:
    """A page without an article gives no lines and no log."""
    assert callable(reader)
    with caplog.at_level(logging.DEBUG):
        assert reader(page) == []
    assert caplog.records == []


def test_failing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a page makes trafilatura raise is an article that it did not find."""

    def fail(*_args: object, **_options: object) -> None:
        raise IndexError

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    assert read_with_trafilatura(PAGE) == []
