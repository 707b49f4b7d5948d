"""One look at each source: what is asked for, and how what came is judged."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.decide import Intent
from core.item import Attachment, BodyOrigin
from core.listing import Listing
from core.outcome import Answer, PollOutcome
from core.source import SourceId
from hongtou.checking import CheckIntake, Found, check_of, check_sources, is_akin

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from core.source import Poll, Source


class ScriptedCrawler:
    """Answers polls a little later, from a script by source id; says ok and gives one row by default."""

    def __init__(self, intake: CheckIntake, make_entry: Any, make_article: Any) -> None:
        self._intake, self._make_entry, self._make_article = intake, make_entry, make_article
        self.answers: dict[str, Answer] = {}
        self.polls: list[Poll] = []
        self.most = self.under_way = 0
        self.running = False
        self._tasks: deque[asyncio.Task[None]] = deque()

    async def start(self) -> None:
        """Begin."""
        self.running = True

    async def submit(self, poll: Poll) -> None:
        """Take a poll."""
        assert self.running
        self.polls.append(poll)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self._tasks.append(asyncio.create_task(self._answer(poll)))

    async def _answer(self, poll: Poll) -> None:
        await asyncio.sleep(0)
        answer = self.answers.get(poll.source.id, Answer.OK)
        if answer is Answer.OK:
            plan = await self._intake.plan(poll, Listing(entries=(self._make_entry(1), self._make_entry(2))))
            for decision in plan.of(Intent.FETCH, Intent.STORE):
                await self._intake.accept(poll, decision.entry, self._make_article(1))
        self.under_way -= 1
        await self._intake.finish(poll, PollOutcome(source_id=poll.source.id, answer=answer, detail=f"it was {answer}"))

    async def stop(self, timeout: timedelta) -> None:  # noqa: ASYNC109
        """End."""
        assert timeout == timedelta()
        self.running = False


@pytest.fixture
def intake(clock: Any) -> CheckIntake:
    """An intake that stores nothing."""
    return CheckIntake(clock)


@pytest.fixture
def crawler(intake: CheckIntake, make_entry: Any, make_article: Any) -> ScriptedCrawler:
    """A crawler with a script."""
    return ScriptedCrawler(intake, make_entry, make_article)


async def test_every_source_is_polled_once_as_if_for_the_first_time(
    crawler: ScriptedCrawler, intake: CheckIntake, clock: Any, make_source: Callable[..., Source]
) -> None:
    """Checks come back in the order asked for, few polls are under way at once, and the crawler is stopped."""
    sources = [make_source(id=f"s{number}") for number in range(40)]
    crawler.answers = {"s7": Answer.GONE}
    checks = await check_sources(crawler, intake, sources, clock=clock, deadline=timedelta(minutes=1))
    assert [check.source_id for check in checks] == [source.id for source in sources]
    assert [check.source_id for check in checks if check.found is not Found.OK] == ["s7"]
    assert checks[7].missing == ("it was gone",)
    assert all(poll.is_first_sync and poll.deadline == timedelta(minutes=1) for poll in crawler.polls)
    assert 1 < crawler.most <= 16
    assert not crawler.running


async def test_no_source_is_no_poll(crawler: ScriptedCrawler, intake: CheckIntake, clock: Any) -> None:
    """Nothing to check is checked at once."""
    assert await check_sources(crawler, intake, [], clock=clock, deadline=timedelta(minutes=1)) == ()


async def test_the_first_three_articles_are_asked_for(
    intake: CheckIntake, make_poll: Callable[..., Poll], make_entry: Any, make_source: Any
) -> None:
    """Rows without a link are passed over; a source whose list carries everything has its rows taken as they are."""
    entries = (make_entry(0, url=""), *(make_entry(number) for number in range(1, 9)))
    plan = await intake.plan(make_poll(), Listing(entries=entries))
    assert [decision.entry for decision in plan.of(Intent.FETCH)] == list(entries[1:4])
    flash = make_poll(source=make_source(fetch_articles=False))
    plan = await intake.plan(flash, Listing(entries=entries))
    assert len(plan.of(Intent.STORE)) == 3
    assert plan.of(Intent.FETCH) == ()


@pytest.fixture
def judge(make_source: Any, make_entry: Any, make_article: Any) -> Callable[..., Any]:
    """Judge one look: by default a good one; keywords change the article, `entry`, `source` and `outcome` the rest."""

    def look(*, entry: Any = None, source: Any = None, outcome: Any = None, read: int = 1, **article: Any) -> Any:
        entry = {**(entry or {})}
        listed = make_entry(1, **entry)
        poll = PollOutcome(source_id="lianwen", **{"answer": Answer.OK, **(outcome or {})})
        pairs = [(listed, make_article(1, **article))] * read
        return check_of(make_source(**(source or {})), poll, Listing(entries=(listed,)), pairs)

    return look


def test_a_good_look_misses_nothing(judge: Callable[..., Any]) -> None:
    """Rows, dates and the article are told."""
    found = judge()
    assert (found.found, found.rows, found.dated, found.missing) == (Found.OK, 1, 1, ())
    assert found.article.startswith("title, 2023-06-15, ")
    assert found.newest.isoformat() == "2023-06-15T01:30:00+00:00"


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"page_problem": Answer.BLOCKED}, "its first articles: blocked"),
        ({"text": ""}, "its first articles have no text"),
        ({"published": None}, "its first articles have no date"),
        ({"title": "网站首页"}, "its first articles are others: “网站首页”"),
        ({"body_origin": BodyOrigin.LIST}, "its first articles' pages have no text"),
        ({"read": 0}, "no row has a link"),
        ({"outcome": {"answer": Answer.BLOCKED, "detail": "a login"}}, "a login"),
        ({"outcome": {"answer": Answer.TIMEOUT}}, "the answer was timeout"),
    ],
)
def test_what_is_missing_is_said(judge: Callable[..., Any], changes: dict[str, Any], missing: str) -> None:
    """Whatever could not be had fails the check with its own sentence."""
    found = judge(**changes)
    assert (found.found, found.missing) == (Found.FAILED, (missing,))


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "", "attachments": (Attachment(url="https://a.example/1.pdf", name="附件"),)},
        {"source": {"fetch_articles": False}, "body_origin": BodyOrigin.LIST},
        {"source": {"fetch_articles": False}, "page_problem": Answer.GONE},
        {"title": ""},
    ],
)
def test_what_is_as_it_should_be_is_not_missed(judge: Callable[..., Any], changes: dict[str, Any]) -> None:
    """A notice that is a file, and flashes without pages, are whole."""
    assert judge(**changes).found is Found.OK


def test_a_source_read_otherwise_is_degraded(judge: Callable[..., Any]) -> None:
    """A list read without its selectors, and a page with less than the list, count as read, and are said."""
    assert judge(outcome={"degraded": "otherwise"}).found is Found.DEGRADED
    found = judge(entry={"text": "全文"}, body_origin=BodyOrigin.LIST)
    assert (found.found, found.missing) == (Found.DEGRADED, ())
    assert "less text" in found.degraded


def test_the_best_of_the_first_articles_counts(make_source: Any, make_entry: Any, make_article: Any) -> None:
    """One page that was deleted since says nothing about its source."""
    pairs = [(make_entry(1), make_article(1, page_problem=Answer.GONE)), (make_entry(2), make_article(2))]
    outcome = PollOutcome(source_id="lianwen", answer=Answer.OK)
    listing = Listing(entries=tuple(entry for entry, _ in pairs))
    assert check_of(make_source(), outcome, listing, pairs).found is Found.OK
    assert check_of(make_source(), outcome, listing, pairs[:1]).found is Found.FAILED


def test_a_look_without_a_list_has_no_rows(make_source: Any) -> None:
    """What never came is counted as nothing."""
    found = check_of(make_source(), PollOutcome(source_id="a", answer=Answer.DNS), None, [])
    assert (found.source_id, found.rows, found.newest, found.article) == (SourceId("lianwen"), 0, None, "")


@pytest.mark.parametrize(
    ("listed", "read", "expected"),
    [
        ("关于印发《上海市推动制造业高质量发展三年行动计划》的…", "上海市推动制造业高质量发展三年行动计划", True),
        ("Shanghai plans Web3 push", "SHANGHAI PLANS WEB3 PUSH - Ledger Post", True),
        ("上海市人民政府办公厅关于印发行动计划的通知", "网站首页", False),
        ("央行召开会议", "证监会发布处罚决定", False),
        ("", "网站首页", True),
        ("a", "b", True),
    ],
)
def test_titles_of_one_article_are_akin(listed: str, read: str, expected: bool) -> None:
    """Cut and complemented titles are the same article's, two articles of a site are not, nothing proves nothing."""
    assert is_akin(listed, read) is expected
