"""Redirects, private addresses and robots.txt: where a poll may lead, and where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.outcome import Answer

if TYPE_CHECKING:
    from tests.integration.crawler.conftest import FakeIntake, MakeBytes, MakeCrawler, PollOf, Site

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]"])
async def test_a_private_address_is_not_contacted(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, host: str
) -> None:
    """However its host is spelled, a loopback address is refused by name, and no connection is made."""
    crawler = await make_crawler(allow_private_addresses=False, obey_robots=True, retries=2)
    await crawler.submit(poll_of(site.url("/feed", host=host)))
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.ADDRESS
    assert "loopback" in outcome.detail
    assert site.asked == []


async def test_a_redirect_to_a_private_address_is_not_followed(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf
) -> None:
    """A host that may be private cannot lead to one that may not, by address or by name."""
    crawler = await make_crawler(private_hosts=("127.0.0.1",), allow_private_addresses=False)
    site.serve("/secret", b"secret")
    for target in (site.url("/secret", host="localhost"), "http://169.254.169.254/latest/meta-data/"):
        site.serve("/feed", status=302, headers={"Location": target})
        await crawler.submit(poll_of(site.url("/feed")))
        assert (await intake.next_outcome()).answer is Answer.ADDRESS
    assert set(site.paths()) == {"/feed"}


async def test_a_source_may_opt_out_for_its_own_host(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """A source that allows private addresses reaches its own host, by name too, and no other private one."""
    crawler = await make_crawler(allow_private_addresses=False)
    site.serve("/1", make_page("第一条"))
    site.serve("/feed", make_feed(site.url("/1", host="localhost"), site.url("/1")))
    await crawler.submit(poll_of(site.url("/feed", host="localhost"), allow_private_addresses=True))
    assert (await intake.next_outcome()).answer is Answer.OK
    assert sorted(intake.problems(), key=str) == [None, Answer.ADDRESS]


async def test_an_opt_out_is_no_ones_elses(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A host that one source may reach privately stays closed to another source, though its name now resolves."""
    crawler = await make_crawler(allow_private_addresses=False)
    site.serve("/feed", make_feed())
    await crawler.submit(poll_of(site.url("/feed", host="localhost"), allow_private_addresses=True))
    assert (await intake.next_outcome()).answer is Answer.EMPTY
    await crawler.submit(poll_of(site.url("/feed", host="localhost")))
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.ADDRESS
    assert "allow_private_addresses" in outcome.detail


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:25/feed", "ftp://127.0.0.1/feed", "file:///etc/passwd", "http:///feed", "news.example/feed"],
)
async def test_what_is_not_the_web_is_not_asked(
    intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, url: str
) -> None:
    """Ports of other protocols, other schemes and broken addresses are refused also where hosts may be private."""
    crawler = await make_crawler()
    await crawler.submit(poll_of(url))
    assert (await intake.next_outcome()).answer is Answer.ADDRESS


async def test_a_redirect_is_followed_and_noted(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A list that moved to another host is read there, and the outcome says where."""
    crawler = await make_crawler()
    site.serve("/feed", status=301, headers={"Location": site.url("/new", host="localhost")})
    site.serve("/new", make_feed(""))
    await crawler.submit(poll_of(site.url("/feed"), fetch_articles=False))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.detail) == (Answer.OK, "redirected to localhost")


async def test_a_redirect_loop_ends(site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf) -> None:
    """Redirects are followed five times and no further."""
    crawler = await make_crawler()
    site.serve("/feed", status=302, headers={"Location": "/feed"})
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.HTTP_ERROR
    assert "circles" in outcome.detail
    assert len(site.paths()) == 6


async def test_robots_forbids(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A forbidden list is not asked for; a forbidden page keeps its entry; robots.txt is asked for once."""
    crawler = await make_crawler(obey_robots=True)
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /private/\n")
    site.serve("/feed", make_feed(site.url("/private/1")))
    await crawler.submit(poll_of(site.url("/private/feed")))
    outcome = await intake.next_outcome()
    assert outcome.answer is Answer.ROBOTS
    assert "/private/feed" in outcome.detail
    await crawler.submit(poll_of(site.url("/feed")))
    assert (await intake.next_outcome()).answer is Answer.OK
    assert intake.problems() == [Answer.ROBOTS]
    assert [asked.path for asked in site.asked] == ["/robots.txt", "/feed"]


async def test_robots_rules_for_us_by_name(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """Rules for `hongtou` come before those for everybody, and the user agent says the same name."""
    crawler = await make_crawler(obey_robots=True)
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /\n\nUser-agent: Hongtou\nDisallow: /search\n")
    site.serve("/feed", make_feed())
    await crawler.submit(poll_of(site.url("/feed")))
    assert (await intake.next_outcome()).answer is Answer.EMPTY
    assert "Hongtou" in site.asked[0].headers["user-agent"]


@pytest.mark.parametrize("status", [404, 403, 521])
async def test_a_missing_robots_txt_forbids_nothing(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes, status: int
) -> None:
    """A host that has no robots.txt, or refuses it as it refuses every page, is polled."""
    crawler = await make_crawler(obey_robots=True)
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /\n", status=status)
    site.serve("/feed", make_feed())
    await crawler.submit(poll_of(site.url("/feed")))
    assert (await intake.next_outcome()).answer is Answer.EMPTY


@pytest.mark.parametrize(
    "link", ["http://[half/3", "http:///3", "javascript:void(0)", "mailto:desk@news.example", "//"]
)
async def test_a_link_that_leads_nowhere_keeps_its_entry(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes, link: str
) -> None:
    """An entry whose link is no web address is handed over with the list's text, and its poll ends."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(link))
    await crawler.submit(poll_of(site.url("/feed")))
    outcome = await intake.next_outcome()
    assert (outcome.answer, outcome.new) == (Answer.OK, 1)
    assert crawler.busy == 0


async def test_a_bad_address_does_not_end_the_crawler(
    site: Site, intake: FakeIntake, make_crawler: MakeCrawler, poll_of: PollOf, make_feed: MakeBytes
) -> None:
    """A source whose address cannot even be asked for is one source's fault."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed())
    for url in ("http://[half/feed", "feed without scheme", site.url("/feed")):
        await crawler.submit(poll_of(url))
    assert [(await intake.next_outcome()).answer for _ in range(3)] == [Answer.ADDRESS, Answer.ADDRESS, Answer.EMPTY]


async def test_a_sources_headers_are_for_its_own_host(
    site: Site,
    intake: FakeIntake,
    make_crawler: MakeCrawler,
    poll_of: PollOf,
    make_feed: MakeBytes,
    make_page: MakeBytes,
) -> None:
    """A key in a source's headers goes to its own host, and neither to other hosts' pages nor along with a redirect."""
    crawler = await make_crawler()
    site.serve("/feed", make_feed(site.url("/1"), site.url("/2", host="localhost"), site.url("/moved")))
    site.serve("/moved", status=302, headers={"Location": site.url("/3", host="localhost")})
    for n in range(1, 4):
        site.serve(f"/{n}", make_page(f"第{n}条"))
    await crawler.submit(poll_of(site.url("/feed"), headers={"X-Api-Key": "secret", "Accept": "text/x-mine"}))
    assert (await intake.next_outcome()).new == 3
    keys = {asked.path: asked.headers.get("x-api-key") for asked in site.asked}
    assert keys == {"/feed": "secret", "/1": "secret", "/2": None, "/moved": "secret", "/3": None}
    accepts = {asked.path: asked.headers["accept"] for asked in site.asked}
    assert accepts["/feed"] == "text/x-mine"
    assert "text/html" in accepts["/2"]
    assert "text/html" in accepts["/3"]
