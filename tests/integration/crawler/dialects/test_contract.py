"""What every dialect promises, on a site of its own."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from core.decide import Intent
from core.outcome import Answer

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
