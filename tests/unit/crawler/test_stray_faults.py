"""What Scrapy could only log ends the poll it happened in, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from twisted.python.failure import Failure

from core.outcome import Answer
from crawler.extensions.stray_faults import StrayFaults
from crawler.items import FoundArticle
from crawler.polls import OpenPolls, PollRun
from crawler.services import services_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Article, Entry
    from core.source import Poll


class Settled(OpenPolls):
    """Notes which polls were to be reported."""

    def __init__(self) -> None:
        self.settled: list[PollRun] = []

    def settle_soon(self, run: PollRun) -> None:
        """Note a poll."""
        self.settled.append(run)


@pytest.fixture
def polls() -> Settled:
    """Polls that are only noted."""
    return Settled()


@pytest.fixture
def run(make_poll: Callable[..., Poll]) -> PollRun:
    """A poll under way."""
    return PollRun(poll=make_poll(), started=0.0)


def answer_to(run: PollRun | None, **cb_kwargs: object) -> Response:
    """Return an answer to a request of a poll."""
    meta = {"run": run} if run is not None else {}
    request = Request("http://site.example/", meta=meta, cb_kwargs=cb_kwargs)
    return Response(request.url, request=request)


BUG = Failure(RuntimeError("a bug"))  # type: ignore[no-untyped-call]


def test_a_list_that_crashed_ends_its_poll(polls: Settled, run: PollRun) -> None:
    """The poll of a list callback that crashed is crashed, though entries were still awaited."""
    run.awaited = 5
    StrayFaults(polls).spider_error(BUG, answer_to(run))
    assert polls.settled == [run]
    assert (run.is_complete, run.outcome(now=1.0).answer) == (True, Answer.CRASHED)


def test_a_page_that_crashed_is_one_entry(polls: Settled, run: PollRun) -> None:
    """The other entries of a page callback that crashed are still awaited."""
    run.awaited = 2
    StrayFaults(polls).spider_error(BUG, answer_to(run, entry=object()))
    assert (run.awaited, run.fault) == (1, "RuntimeError: a bug")


def test_what_belongs_to_no_open_poll_is_nobodys(polls: Settled, run: PollRun) -> None:
    """Answers without a request, without a poll, or of a poll that is over are left alone."""
    extension = StrayFaults(polls)
    extension.spider_error(BUG, Response("http://site.example/"))
    extension.spider_error(BUG, answer_to(None))
    run.over = True
    extension.spider_error(BUG, answer_to(run))
    extension.item_error({"not": "ours"}, BUG)
    assert polls.settled == []


def test_an_article_whose_pipeline_crashed_is_one_entry(
    polls: Settled, run: PollRun, make_entry: Callable[..., Entry], make_article: Callable[..., Article]
) -> None:
    """An entry whose article broke a pipeline counts as failed, once its poll is not over."""
    run.awaited = 1
    item = FoundArticle(run=run, entry=make_entry(), article=make_article())
    StrayFaults(polls).item_error(item, BUG)
    run.over = True
    StrayFaults(polls).item_error(item, BUG)
    assert (polls.settled, run.awaited) == ([run], 0)


def test_a_foreign_spider_has_no_services() -> None:
    """Components of this project switch themselves off when they are used with another spider."""
    with pytest.raises(NotConfigured):
        services_of(Crawler(Spider))
