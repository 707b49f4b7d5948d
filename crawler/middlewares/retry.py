"""Asks once more after faults that may pass within seconds, and after no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import NotConfigured

from core.outcome import Answer
from crawler.addresses import host_of
from crawler.answers import Expected, classify_answer
from crawler.failures import RETRYABLE, classify_failure
from crawler.hints import plain_headers

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

STATUSES = frozenset({500, 502, 503, 504, 522, 524})
"""Of a server or gateway in passing trouble. 403, 412, 429 and 521 are not among them: they are refusals and
challenges, and asking again at once makes them last (source notes, rows 14, 15 and 45)."""


class TransientRetry:
    """Retries by answer class, not by exception type: a bad certificate comes as a broken connection, too.

    Scrapy's own middleware does the latter. A 503 that says when to come back, or is a challenge, is not asked again.
    """

    def __init__(self, crawler: Crawler, *, times: int) -> None:
        """Set up the middleware.

        Args:
            crawler: Whose spider and statistics the retries are noted with.
            times: Second tries of one request, at least 1.
        """
        self._crawler = crawler
        self._times = times

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TransientRetry:
        """Build it from RETRY_TIMES; zero switches it off."""
        times = crawler.settings.getint("RETRY_TIMES")
        if times < 1:
            raise NotConfigured
        return cls(crawler, times=times)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Ask again after a passing fault of the server."""
        if response.status not in STATUSES or _is_refusal(response):
            return response
        return self._again(request, f"status {response.status}") or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Ask again after a passing fault of the network."""
        answer, _ = classify_failure(exception, host=host_of(request.url))
        return self._again(request, answer.value) if answer in RETRYABLE else None

    def _again(self, request: Request, reason: str) -> Request | None:
        spider = self._crawler.spider
        if request.meta.get("dont_retry") or spider is None:
            return None
        return get_retry_request(
            request, spider=spider, reason=reason, max_retry_times=self._times, give_up_log_level="DEBUG"
        )


def _is_refusal(response: Response) -> bool:
    """Whether an error of the server is a challenge or a plea to slow down, which asking again would make last."""
    if "Retry-After" in response.headers:
        return True
    answer, _ = classify_answer(
        status=response.status,
        headers=plain_headers(response.headers.items()),
        body=response.body,
        url=response.url,
        expected=Expected.PAGE,
    )
    return answer in (Answer.BLOCKED, Answer.RATE_LIMITED)
