"""What every dialect promises, on a site of its own."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from core.decide import Intent
from core.outcome import Answer
from core.source import SourceKind
from crawler.dialects import recognise

if TYPE_CHECKING:
    from core.source import Poll
    from tests.integration.crawler.conftest import FakeIntake, MakeCrawler, PollOf, Site
    from tests.integration.crawler.dialects.conftest import Rehearsal

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
SYNCED = {"first_synced_at": datetime(2023, 6, 1, tzinfo=UTC)}


def poll(site: Site, rehearsal: Rehearsal, poll_of: PollOf, **fields: object) -> Poll:
    """Return a poll of a rehearsal's site that is no first sync."""
    return poll_of(site.url(rehearsal.start), kind=rehearsal.kind, **{"state": SYNCED, **fields})


async def test_rows_are_right(
    site: Site, rehearsal: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """Without any params, every row comes with its title, address, day and, where printed, its number."""
    intake.intent = Intent.STORE
    crawler = await make_crawler()
    await crawler.submit(poll(site, rehearsal, poll_of))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.detail, outcome.new) == (Answer.OK, "", 5)
    for doc, (entry, _) in zip(rehearsal.docs(), intake.accepted, strict=True):
        assert (entry.title, entry.url) == (doc.title, site.url(doc.path))
        assert entry.published is not None
        assert entry.published.at.astimezone(SHANGHAI) == datetime.combine(doc.day, time(), SHANGHAI)
        assert entry.document_numbers == ((doc.number,) if rehearsal.numbered else ())


async def test_a_second_poll_adds_nothing(
    site: Site, rehearsal: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """The same list once more has nothing new; with its bytes remembered it is not even decided about."""
    intake.intent = Intent.STORE
    crawler = await make_crawler()
    await crawler.submit(poll(site, rehearsal, poll_of))
    first = await intake.next_outcome()
    await crawler.submit(poll(site, rehearsal, poll_of, max_list_pages=5))
    second = await intake.next_outcome()
    assert (second.answer, second.new, second.entries) == (Answer.OK, 0, 5)
    state = {**SYNCED, "body_hash": first.body_hash}
    await crawler.submit(poll(site, rehearsal, poll_of, state=state))
    assert (await intake.next_outcome()).answer is Answer.NOT_MODIFIED
    assert len(intake.plans) == 2


async def test_pages_are_read_until_known_items(
    site: Site, paged: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """After a busy night all new documents are found, and no page behind the one that reaches what is known."""
    intake.intent = Intent.STORE
    crawler = await make_crawler()
    paged.newest = 30
    await crawler.submit(poll(site, paged, poll_of))
    await intake.next_outcome()
    paged.newest = 37
    before = len(site.asked)
    await crawler.submit(poll(site, paged, poll_of, max_list_pages=5))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.detail, outcome.new, outcome.deferred) == (Answer.OK, "", 7, 0)
    assert {entry.title for entry, _ in intake.accepted[5:]} == {
        doc.title for doc in [*paged.docs(1), *paged.docs(2)[:2]]
    }
    assert len(site.asked) - before == 2 + bool(paged.interface)
    assert outcome.body_hash


async def test_a_first_sync_takes_one_page(
    site: Site, paged: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """The first poll of a source asks for no further page, however many it may."""
    intake.intent = Intent.STORE
    crawler = await make_crawler()
    paged.newest = 30
    await crawler.submit(poll(site, paged, poll_of, state={}, max_list_pages=5))
    assert (await intake.next_outcome()).new == 5


@pytest.mark.parametrize("quirk", ["repeat", "stub", "empty"])
async def test_what_is_no_further_page_ends_the_list(
    site: Site, paged: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, quirk: str
) -> None:
    """A site that gives the first page for ever, a stub or nothing at all is read once, and well."""
    intake.intent = Intent.STORE
    crawler = await make_crawler()
    paged.newest, paged.quirks = 30, frozenset({quirk})
    await crawler.submit(poll(site, paged, poll_of, max_list_pages=5))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.detail, outcome.new, outcome.entries) == (Answer.OK, "", 5, 5)
    assert outcome.body_hash
    assert len(site.asked) == 2 + bool(paged.interface)


async def test_a_page_that_could_not_be_had_is_owed(
    site: Site, paged: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A second page that fails for now is told and costs nothing: the next poll has it, though the first is known."""
    intake.intent = Intent.STORE
    crawler = await make_crawler()
    paged.newest, paged.broken = 10, 1
    await crawler.submit(poll(site, paged, poll_of, max_list_pages=5))
    first = await intake.next_outcome()
    assert (first.answer, first.new, first.validators is None, first.body_hash) == (Answer.OK, 5, False, "")
    assert first.detail.startswith("page 2 of the list: ")
    await crawler.submit(poll(site, paged, poll_of, max_list_pages=5))
    second = await intake.next_outcome()
    assert (second.answer, second.detail, second.new, bool(second.body_hash)) == (Answer.OK, "", 5, True)
    before = len(site.asked)
    await crawler.submit(poll(site, paged, poll_of, max_list_pages=5))
    assert (await intake.next_outcome()).new == 0
    assert len(site.asked) - before == 1


async def test_ids_are_looked_up_once_a_day(
    site: Site, interfaced: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """The second poll goes straight to the interface; when it fails there, the column page is asked again."""
    intake.intent = Intent.STORE
    crawler = await make_crawler()
    for _ in range(2):
        await crawler.submit(poll(site, interfaced, poll_of))
        assert (await intake.next_outcome()).answer is Answer.OK
    asked = [path.partition("?")[0] for path in site.paths()]
    assert asked == [interfaced.start, interfaced.interface, interfaced.interface]
    interfaced.failing[interfaced.interface] = 404, ""
    await crawler.submit(poll(site, interfaced, poll_of))
    assert (await intake.next_outcome()).answer is Answer.GONE
    assert [path.partition("?")[0] for path in site.paths()][3:] == asked[1:2] + asked[:2]


async def test_a_challenge_is_not_asked_around(
    site: Site, interfaced: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """When the interface that was remembered refuses, nothing else is asked for in this poll."""
    intake.intent = Intent.STORE
    crawler = await make_crawler()
    await crawler.submit(poll(site, interfaced, poll_of))
    await intake.next_outcome()
    interfaced.failing[interfaced.interface] = 412, "<html></html>"
    await crawler.submit(poll(site, interfaced, poll_of))
    assert (await intake.next_outcome()).answer is Answer.BLOCKED
    assert len(site.paths()) == 3


async def test_a_dialect_is_recognised(
    site: Site, rehearsal: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """The page that a person would give is recognised, and what it says of ids makes looking for them needless."""
    intake.intent = Intent.STORE
    found = rehearsal.answer(rehearsal.start, {})
    assert found is not None
    body = found[1] if isinstance(found[1], bytes) else found[1].encode()
    host = "www.gov.cn" if rehearsal.kind is SourceKind.GOVCN else "www.city.example"
    recognised = recognise(f"http://{host}{rehearsal.start}", body)
    assert recognised is not None
    assert recognised.kind is rehearsal.kind
    params = {name: value.replace(f"http://{host}", "") for name, value in recognised.params.items()}
    crawler = await make_crawler()
    await crawler.submit(poll(site, rehearsal, poll_of, params=params))
    assert (await intake.next_outcome()).new == 5
    assert (rehearsal.start in site.paths()) is not bool(rehearsal.interface)


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (412, "<html></html>", Answer.BLOCKED),
        (404, "", Answer.GONE),
        (500, "", Answer.HTTP_ERROR),
        (429, "", Answer.RATE_LIMITED),
        (200, "", Answer.EMPTY),
        (200, "<html><head><title>页面不存在</title></head><body>404</body></html>", Answer.SOFT_404),
        (200, "<html><body><div id='app'></div><script src='/a.js'></script></body></html>", Answer.SOFT_404),
    ],
)
async def test_failures_are_told_apart(
    site: Site,
    rehearsal: Rehearsal,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    status: int,
    body: str,
    answer: Answer,
) -> None:
    """What stands in place of the column page, or of the interface behind it, is named by its own class."""
    crawler = await make_crawler()
    for path in filter(None, (rehearsal.start, rehearsal.interface)):
        rehearsal.failing = {path: (status, body)}
        await crawler.submit(poll(site, rehearsal, poll_of))
        outcome = await intake.next_outcome()
        assert (outcome.answer, bool(outcome.detail)) == (answer, True)


async def test_another_page_is_no_list(
    site: Site, rehearsal: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A page with content and without a list is a broken source, not one without news."""
    crawler = await make_crawler()
    text = "<p>本站正在升级改造，敬请谅解。如需查询政务公开信息，请前往市政府门户网站。</p>" * 30
    rehearsal.failing = {rehearsal.start: (200, f"<html><head><title>公告</title></head><body>{text}</body></html>")}
    await crawler.submit(poll(site, rehearsal, poll_of))
    outcome = await intake.next_outcome()
    expected = Answer.SOFT_404 if rehearsal.kind is SourceKind.SITEMAP else Answer.SELECTOR_BROKEN
    assert (outcome.answer, bool(outcome.detail)) == (expected, True)


async def test_an_interface_that_complains_is_quoted(
    site: Site, interfaced: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """JSON with an error in place of a list is told with the words of the error."""
    crawler = await make_crawler()
    interfaced.failing = {interfaced.interface: (200, '{"code": 500, "msg": "栏目不存在"}')}
    await crawler.submit(poll(site, interfaced, poll_of))
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.SELECTOR_BROKEN
    assert "栏目不存在" in outcome.detail


async def test_a_page_that_leads_to_itself_ends(
    site: Site, interfaced: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """An interface that answers with its own column page is asked once."""
    crawler = await make_crawler()
    found = interfaced.answer(interfaced.start, {})
    assert found is not None
    interfaced.failing = {interfaced.interface: (200, str(found[1]))}
    await crawler.submit(poll(site, interfaced, poll_of))
    outcome = await intake.next_outcome()
    assert outcome.answer in (Answer.SELECTOR_BROKEN, Answer.SOFT_404)
    assert len(site.asked) <= 3


async def test_a_list_that_counts_itself_is_not_asked_beyond_its_end(
    site: Site, paged: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A young column of one page costs no look for a second one where its total is known."""
    intake.intent = Intent.STORE
    crawler = await make_crawler()
    await crawler.submit(poll(site, paged, poll_of, max_list_pages=5))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.detail, outcome.new) == (Answer.OK, "", 5)
    assert len(site.asked) <= 2 + (not paged.counted) - (not paged.interface)


async def test_an_interface_is_told_where_its_column_stands(
    site: Site, interfaced: Rehearsal, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """Its requests name the column page as their origin, which some sites insist on, and say what they accept."""
    intake.intent = Intent.STORE
    crawler = await make_crawler()
    for _ in range(2):
        await crawler.submit(poll(site, interfaced, poll_of))
        await intake.next_outcome()
    headers = [asked.headers for asked in site.asked if asked.path.startswith(interfaced.interface)]
    assert [found["referer"] for found in headers] == [site.url(interfaced.start)] * 2
    assert all(found["accept"].startswith("application/json") for found in headers)
