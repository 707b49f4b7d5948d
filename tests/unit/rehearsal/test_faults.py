"""Faults that a test switches on at a site of the rehearsal."""

from __future__ import annotations

from http.client import RemoteDisconnected
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from hongtou.rehearsal.faults import SiteFault
from hongtou.rehearsal.timeline import SITES

if TYPE_CHECKING:
    from collections.abc import Callable

    from hongtou.rehearsal.web import RehearsalWeb

    Fetch = Callable[..., tuple[int, dict[str, str], bytes]]

STATUSES = {
    SiteFault.UNAVAILABLE: 503,
    SiteFault.CHALLENGE: 412,
    SiteFault.CHALLENGE_521: 521,
    SiteFault.CLOUDFLARE: 403,
    SiteFault.GONE: 404,
    SiteFault.GONE_FOR_GOOD: 410,
    SiteFault.RATE_LIMITED: 429,
}


def url_of(web: RehearsalWeb, site: str) -> str:
    """Address of a site's list."""
    return next(source.url for source in web.sources() if source.id == f"demo-{site}")


@pytest.mark.parametrize(("fault", "status"), STATUSES.items())
def test_a_fault_has_its_status(web: RehearsalWeb, fetch: Fetch, fault: SiteFault, status: int) -> None:
    """The list answers with it until the site is healed; robots.txt and the other sites are as they were."""
    web.fail("lianwen", fault)
    assert fetch(url_of(web, "lianwen"))[0] == status
    assert fetch(urljoin(url_of(web, "lianwen"), "/robots.txt"))[0] == 200
    assert fetch(url_of(web, "shanghai"))[0] == 200
    web.heal()
    assert fetch(url_of(web, "lianwen"))[0] == 200


@pytest.mark.parametrize("site", SITES)
def test_empty_and_rebuilt_lists_differ_from_the_true_one(web: RehearsalWeb, fetch: Fetch, site: str) -> None:
    """Both come with status 200 and another body, while pages stay as they are."""
    url = url_of(web, site)
    true = fetch(url)
    bodies = {true[2]}
    for fault in (SiteFault.EMPTY, SiteFault.REBUILT):
        web.fail(site, fault)
        status, headers, body = fetch(url)
        assert (status, headers["content-type"]) == (200, true[1]["content-type"])
        bodies.add(body)
    assert len(bodies) == 3


def test_a_site_that_hangs_lets_go_when_it_is_healed(web: RehearsalWeb, fetch: Fetch) -> None:
    """No answer comes before, and the connection is closed after."""
    web.fail("lianwen", SiteFault.HANG)
    url, ended = url_of(web, "lianwen"), []

    def ask() -> None:
        with pytest.raises(RemoteDisconnected):
            fetch(url)
        ended.append(True)

    asker = Thread(target=ask)
    asker.start()
    asker.join(0.2)
    assert ended == []
    web.heal()
    asker.join(5)
    assert ended == [True]


def test_robots_may_forbid_everything_and_pages_be_the_index(web: RehearsalWeb, fetch: Fetch) -> None:
    """The list itself is there with both."""
    url = url_of(web, "shanghai")
    web.fail("shanghai", SiteFault.ROBOTS)
    assert b"Disallow: /\n" in fetch(urljoin(url, "/robots.txt"))[2]
    web.fail("shanghai", SiteFault.INDEX_FOR_ARTICLE)
    assert fetch(url)[0] == 200
    assert "网站首页" in fetch(urljoin(url, "t20230615_1430001.html"))[2].decode()


def test_no_site_of_that_name(web: RehearsalWeb) -> None:
    """A misspelt site is a mistake of the test."""
    with pytest.raises(KeyError):
        web.fail("nowhere", SiteFault.GONE)
