"""When a host is left alone."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.failures import EasedOffError
from crawler.middlewares import easing
from crawler.middlewares.easing import REST_S, EasingOff


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def time() -> Time:
    """A clock."""
    return Time()


@pytest.fixture
def middleware(time: Time) -> EasingOff:
    """The middleware on that clock."""
    return EasingOff(time=time)


def page(host: str = "h.example") -> Request:
    """Return a request for a page."""
    return Request(f"https://{host}/1", cb_kwargs={"entry": None})


def answer(middleware: EasingOff, *statuses: int, headers: dict[str, str] | None = None) -> None:
    """Let pages be answered, one after another."""
    for status in statuses:
        response = Response("https://h.example/1", status=status, headers=headers or {})
        assert middleware.process_response(page(), response) is response


@pytest.mark.parametrize("status", [403, 412, 521])
def test_three_refusals_in_a_row_put_pages_off(middleware: EasingOff, time: Time, status: int) -> None:
    """The third refused page leaves the host alone for ten minutes; its lists and other hosts go on."""
    answer(middleware, status, status)
    middleware.process_request(page())
    answer(middleware, status)
    with pytest.raises(EasedOffError, match=r"h\.example refused"):
        middleware.process_request(page())
    middleware.process_request(Request("https://h.example/list"))
    middleware.process_request(page("other.example"))
    time.now += REST_S + 1
    middleware.process_request(page())


def test_an_answer_between_begins_anew(middleware: EasingOff) -> None:
    """Single pages that nobody may see do not add up."""
    answer(middleware, 403, 403, 200, 403, 403, 404)
    middleware.process_request(page())


def test_a_plea_needs_no_second(middleware: EasingOff) -> None:
    """429, or a 503 that names a time, is heard at once; another 503 is a fault like any other."""
    answer(middleware, 503)
    middleware.process_request(page())
    answer(middleware, 503, headers={"Retry-After": "60"})
    with pytest.raises(EasedOffError):
        middleware.process_request(page())
    answer(middleware, 200, 429)
    with pytest.raises(EasedOffError):
        middleware.process_request(page())


def test_answers_to_lists_do_not_count(middleware: EasingOff) -> None:
    """A refused list says nothing about pages."""
    for _ in range(5):
        middleware.process_response(Request("https://h.example/l"), Response("https://h.example/l", status=403))
    middleware.process_request(page())


def test_the_memory_is_bounded(middleware: EasingOff, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the most hosts the oldest is forgotten."""
    monkeypatch.setattr(easing, "MOST_HOSTS", 1)
    answer(middleware, 429)
    middleware.process_response(page("other.example"), Response("https://other.example/1", status=429))
    middleware.process_request(page())
    with pytest.raises(EasedOffError):
        middleware.process_request(page("other.example"))
