"""How long rules of robots.txt are believed, and how often they are asked for."""

from __future__ import annotations

import asyncio

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.failures import RobotsDeniedError
from crawler.middlewares import robots
from crawler.middlewares.robots import Robots

RULES = b"\xef\xbb\xbfUser-agent: *\nDisallow: /private\n"


class Host:
    """Answers requests for robots.txt."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.refused = 0
        self.open = asyncio.Event()
        self.open.set()
        self.error: Exception | None = None
        self.status = 200
        self.body = RULES

    async def download(self, request: Request) -> Response:
        """Answer after a turn of the loop, once the host is open."""
        self.asked.append(request)
        await asyncio.sleep(0)
        await self.open.wait()
        if self.error is not None:
            raise self.error
        return Response(request.url, status=self.status, body=self.body)

    def refuse(self) -> None:
        """Count a refusal."""
        self.refused += 1


@pytest.fixture
def host() -> Host:
    """A host with rules."""
    return Host()


@pytest.fixture
def middleware(host: Host) -> Robots:
    """The middleware that asks the host."""
    return Robots(download=host.download, user_agent="hongtou", forbidden=host.refuse)


async def test_many_requests_ask_once(host: Host, middleware: Robots) -> None:
    """Requests that come at once wait for one and the same robots.txt."""
    requests = [Request(f"https://site.example/{n}") for n in range(5)]
    await asyncio.gather(*(middleware.process_request(request) for request in requests))
    assert [request.url for request in host.asked] == ["https://site.example/robots.txt"]


async def test_schemes_and_ports_have_their_own_rules(host: Host, middleware: Robots) -> None:
    """Rules hold for one scheme, host and port (RFC 9309 §2.3)."""
    for site in ("https://site.example", "http://site.example", "https://site.example:8443"):
        await middleware.process_request(Request(f"{site}/1"))
    assert len(host.asked) == 3


async def test_a_refusal_is_counted_and_says_which(host: Host, middleware: Robots) -> None:
    """A forbidden address is refused by name, also when the file begins with a byte order mark."""
    with pytest.raises(RobotsDeniedError, match=r"robots\.txt of site\.example forbids https://site\.example/private"):
        await middleware.process_request(Request("https://site.example/private"))
    assert host.refused == 1


async def test_rules_are_asked_for_again(host: Host, middleware: Robots, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that are older than their time are asked for again, and those that could not be had sooner."""
    monkeypatch.setattr(robots, "RETRY_S", 0.0)
    host.error = OSError("network is down")
    request = Request("https://site.example/private")
    await middleware.process_request(request)
    host.error = None
    host.status = 503
    await middleware.process_request(request)
    host.status = 200
    with pytest.raises(RobotsDeniedError):
        await middleware.process_request(request)
    monkeypatch.setattr(robots, "KEEP_S", 0.0)
    host.body = b""
    middleware._rules.clear()
    await middleware.process_request(request)
    assert len(host.asked) == 4


async def test_the_last_rules_hold_while_a_host_is_away(
    host: Host, middleware: Robots, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules that cannot be renewed are still obeyed."""
    monkeypatch.setattr(robots, "KEEP_S", 0.0)
    for error in (None, OSError("network is down")):
        host.error = error
        with pytest.raises(RobotsDeniedError):
            await middleware.process_request(Request("https://site.example/private"))
    assert len(host.asked) == 2


async def test_a_cancelled_asker_leaves_the_others_an_answer(host: Host, middleware: Robots) -> None:
    """When the request that asks for the rules is broken off, those that wait for it go on."""
    host.open.clear()
    first = asyncio.ensure_future(middleware.process_request(Request("https://site.example/1")))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(middleware.process_request(Request("https://site.example/2")))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    host.open.set()
    await second
    assert first.cancelled()
    assert len(host.asked) == 1


async def test_the_memory_is_bounded(middleware: Robots, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules of many hosts do not pile up."""
    monkeypatch.setattr(robots, "MOST_HOSTS", 3)
    for n in range(10):
        await middleware.process_request(Request(f"https://site{n}.example/"))
    assert len(middleware._rules) == 3


async def test_an_exempt_host_stays_exempt(host: Host, middleware: Robots) -> None:
    """The request for the rules may go where the request that waits for it may, and nowhere else."""
    await middleware.process_request(Request("http://intra.example/", meta={"private_host": "intra.example"}))
    await middleware.process_request(Request("http://else.example/"))
    assert [request.meta.get("private_host") for request in host.asked] == ["intra.example", None]
    assert all(request.meta["dont_retry"] and request.meta["dont_obey_robotstxt"] for request in host.asked)
