"""Sources that need a browser: skipped clearly without one, guarded with one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from scrapy import Request
from structlog.testing import capture_logs

from core.outcome import Answer
from core.source import Poll
from crawler import rendering
from crawler.failures import NoBrowserError, classify_failure
from crawler.middlewares.rendering import Rendering
from crawler.polls import PollRun
from crawler.rendering import GuardedRequests, addresses_of, browser_failure, warn_without_browser, why_no_browser

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from core.source import Source, SourceState


@pytest.fixture
def list_request(
    make_source: Callable[..., Source], make_state: Callable[..., SourceState], now: datetime
) -> Callable[..., Request]:
    """Maker of list requests; keywords are fields of the source."""

    def make(**fields: object) -> Request:
        poll = Poll(source=make_source(**fields), state=make_state(), started_at=now)
        return Request("https://h.example/list", meta={"run": PollRun(poll=poll, started=0.0)})

    return make


def test_a_list_is_skipped_without_a_browser(list_request: Callable[..., Request]) -> None:
    """The request is refused before anybody is contacted, with a reason that says what to install."""
    skip = Rendering(why_not=lambda: "needs a browser, and there is none")
    with pytest.raises(NoBrowserError, match="needs a browser") as refused:
        skip.process_request(list_request(render=True))
    answer, detail = classify_failure(refused.value, host="h.example")
    assert (answer, "needs a browser" in detail) == (Answer.BLOCKED, True)


def test_other_requests_pass(list_request: Callable[..., Request]) -> None:
    """Lists of other sources, pages, and requests of no poll are asked for as ever."""
    skip = Rendering(why_not=lambda: "needs a browser")
    page = list_request(render=True).replace(cb_kwargs={"entry": None})
    for request in (list_request(), page, Request("https://h.example/robots.txt")):
        skip.process_request(request)
        assert "playwright" not in request.meta


def test_a_list_is_marked_for_the_browser(
    list_request: Callable[..., Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a browser the request carries what scrapy-playwright looks for."""
    monkeypatch.setattr("crawler.middlewares.rendering.page_methods", lambda: ["wait"])
    request = list_request(render=True)
    Rendering(why_not=lambda: "").process_request(request)
    assert (request.meta["playwright"], request.meta["playwright_page_methods"]) == (True, ["wait"])


def test_one_line_at_start_names_what_is_skipped(
    make_source: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All sources that need a browser stand in one warning; nothing is said when none does, or there is one."""
    plain = make_source()
    wanting = [replace(make_source(id=name), render=True) for name in ("a", "b")]
    monkeypatch.setattr(rendering, "why_no_browser", lambda: "needs a browser")
    with capture_logs() as logs:
        assert warn_without_browser([plain, *wanting]) == tuple(wanting)
        assert warn_without_browser([plain]) == ()
    assert [(line["event"], line["sources"]) for line in logs] == [("sources skipped", ["a", "b"])]
    monkeypatch.setattr(rendering, "why_no_browser", lambda: "")
    assert warn_without_browser(wanting) == ()


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The missing extra and the missing browser are told apart; Playwright's own browser counts."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert "pip install" in why_no_browser()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: "found")
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    assert "install chromium" in why_no_browser()
    (tmp_path / ".cache/ms-playwright/chromium-1234").mkdir(parents=True)
    assert why_no_browser() == ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a page."""

    url: str
    resource_type: str = "xhr"


async def test_a_page_in_the_browser_stays_out_of_private_networks() -> None:
    """Requests to private addresses and names, and for pictures and styles, are aborted; others are not."""

    async def resolve(host: str) -> list[str]:
        if host == "gone.example":
            raise OSError
        return {"inner.example": ["10.0.0.1"]}.get(host, ["93.184.216.34"])

    guard = GuardedRequests(may_be_private=False, resolve=resolve)
    assert await guard(Asked("http://127.0.0.1/x"))
    assert await guard(Asked("file:///etc/passwd", "document"))
    assert await guard(Asked("https://inner.example/api"))
    assert await guard(Asked("https://h.example/a.png", "image"))
    assert not await guard(Asked("https://h.example/api"))
    assert not await guard(Asked("https://gone.example/api"))
    assert not await GuardedRequests(may_be_private=True)(Asked("http://127.0.0.1/x"))
    assert await GuardedRequests(may_be_private=False)(Asked("http://localhost/x"))
    assert "127.0.0.1" in await addresses_of("127.0.0.1")


class PlaywrightError(Exception):
    """Looks like Playwright's."""


PlaywrightError.__module__ = "playwright._impl._errors"


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("Page.goto: net::ERR_NAME_NOT_RESOLVED at https://h.example/\nCall log", Answer.DNS),
        ("Page.goto: net::ERR_CERT_AUTHORITY_INVALID", Answer.TLS),
        ("Page.goto: net::ERR_CONNECTION_REFUSED", Answer.REFUSED),
        ("Page.goto: Timeout 2000ms exceeded.", Answer.TIMEOUT),
        ("Page.goto: net::ERR_FAILED", Answer.ADDRESS),
        ("Executable doesn't exist", Answer.CRASHED),
    ],
)
def test_errors_of_the_browser_have_their_classes(message: str, answer: Answer) -> None:
    """What a browser met on the wire is told apart as for plain requests, in one line."""
    found, detail = classify_failure(PlaywrightError(message), host="h.example")
    assert found is answer
    assert detail.startswith("the browser could not show h.example: ")
    assert "\n" not in detail
    assert browser_failure(ValueError("Timeout"), "h") is None
