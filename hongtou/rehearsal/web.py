"""The rehearsal's loopback web: seven small sites, each on a port of its own, that play the timeline step by step.

It contacts nothing and needs no network. Threads serve; every public method may be called from any thread.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Self

from hongtou.rehearsal.faults import ROBOTS_PATH, Reply, SiteFault, faulty_reply
from hongtou.rehearsal.sites.council import CouncilSite
from hongtou.rehearsal.sites.harbour import HarbourSite
from hongtou.rehearsal.sites.kechuang import KechuangSite
from hongtou.rehearsal.sites.kuaixun import KuaixunSite
from hongtou.rehearsal.sites.ledgerpost import LedgerpostSite
from hongtou.rehearsal.sites.lianwen import LianwenSite
from hongtou.rehearsal.sites.shanghai import ShanghaiSite
from hongtou.rehearsal.sites.site import Stage
from hongtou.rehearsal.timeline import FAULTS, STEPS, pieces, pieces_at

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import Message
    from types import TracebackType

    from core.source import Source
    from hongtou.rehearsal.sites.site import Page, Site
    from hongtou.rehearsal.timeline import Expectation, Piece

_SITES: tuple[Site, ...] = (
    CouncilSite(),
    ShanghaiSite(),
    KechuangSite(),
    LianwenSite(),
    LedgerpostSite(),
    KuaixunSite(),
    HarbourSite(),
)
_HANG_S = 60.0
"""Longest time that a hanging site holds a connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedRequest:
    """One request that the rehearsal web was asked."""

    site: str
    path: str
    status: int
    """0 when the connection was closed without an answer."""
    conditional: bool
    """Whether it carried If-None-Match or If-Modified-Since."""
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedItem:
    """What a good monitor makes of one piece: the oracle of the end-to-end test."""

    key: str
    source_id: str
    url: str
    """Address of its page, without tracking parameters."""
    title: str
    """In its last wording."""
    step: int
    """From which step on it can be seen."""
    baseline: bool
    """Whether it is there at the first poll and too old to be told."""
    revised: bool
    """Whether its publisher edits it during the rehearsal."""
    page: str
    """`ok`, `gone` or `robots`; items whose page cannot be had are kept with the feed's text."""
    expect: Expectation | None
    """None for noise: stored, but not relevant."""

    @property
    def relevant(self) -> bool:
        """Whether it must be flagged."""
        return self.expect is not None


class RehearsalWeb:
    """The seven sites. Use as a context manager, or `start` and `stop`.

    Args:
        now: The moment from which all dates are counted; aware. Young pieces say they are minutes old then.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._lock = Lock()
        self._step = 0
        self._requests: list[ServedRequest] = []
        self._hosts: dict[str, _Host] = {}
        self._faults: dict[str, SiteFault] = {}
        self._healed = Event()

    def start(self) -> None:
        """Open the ports and begin to serve step 0."""
        for site in _SITES:
            self._hosts[site.key] = _Host(self, site)
        for host in self._hosts.values():
            Thread(target=host.serve_forever, name=f"rehearsal-{host.site.key}", args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Close the ports; doing so twice does nothing."""
        hosts = list(self._hosts.values())
        self._hosts.clear()
        self._healed.set()
        for host in hosts:
            host.shutdown()
            host.server_close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    @property
    def steps(self) -> int:
        """How many steps there are; the last one is `steps - 1`."""
        return STEPS

    @property
    def step(self) -> int:
        """The step that is being played."""
        with self._lock:
            return self._step

    def advance(self, to: int | None = None) -> int:
        """Move on to a later step (by default the next one) and return it; past the last one nothing happens."""
        with self._lock:
            wanted = self._step + 1 if to is None else to
            self._step = min(max(wanted, self._step), STEPS - 1)
            return self._step

    def fail(self, site: str, fault: SiteFault) -> None:
        """Let a site have a fault from now on, over whatever the timeline has for it.

        Raises:
            KeyError: There is no such site.
        """
        with self._lock:
            self._faults[self._hosts[site].site.key] = fault
            self._healed.clear()

    def heal(self) -> None:
        """Take all faults back that were switched on; connections that hang are closed."""
        with self._lock:
            self._faults.clear()
        self._healed.set()

    @property
    def requests(self) -> tuple[ServedRequest, ...]:
        """Every request so far, in the order in which they were answered."""
        with self._lock:
            return tuple(self._requests)

    def lists_asked(self, step: int) -> frozenset[str]:
        """Return the keys of the sites whose list was asked for at a step, whatever the answer was."""
        lists = {site.key: site.list_path for site in _SITES}
        return frozenset(
            asked.site for asked in self.requests if asked.step == step and asked.path == lists[asked.site]
        )

    def sources(self) -> tuple[Source, ...]:
        """Return the sources that watch the sites, on the ports that are open now."""
        return tuple(host.site.source(host.base) for host in self._hosts.values())

    def expected(self) -> tuple[ExpectedItem, ...]:
        """Return what a good monitor makes of every piece, by site, on the ports that are open now."""
        return tuple(self._expected(piece, self._hosts[piece.site]) for piece in pieces())

    def _expected(self, piece: Piece, host: _Host) -> ExpectedItem:
        return ExpectedItem(
            key=piece.key,
            source_id=host.site.source(host.base).id,
            url=host.base + host.site.path(piece, self._now),
            title=piece.at(STEPS).title,
            step=piece.step,
            baseline=piece.is_baseline,
            revised=piece.edit is not None,
            page=piece.page,
            expect=piece.expect,
        )

    def answer(self, host: _Host, path: str, headers: Message) -> Reply | None:
        """Answer one request and note it; None closes the connection without an answer."""
        with self._lock:
            step = self._step
            fault = self._faults.get(host.site.key) or FAULTS.get((host.site.key, step))
        reply = self._faulty(host, path, step, SiteFault(fault)) if fault else None
        reply = reply or self._page(host, path, step)
        conditional = "If-None-Match" in headers or "If-Modified-Since" in headers
        if reply.status == 200 and _is_fresh(reply, headers):
            reply = Reply(status=304, headers=reply.headers)
        with self._lock:
            self._requests.append(
                ServedRequest(site=host.site.key, path=path, status=reply.status, conditional=conditional, step=step)
            )
        return reply if reply.status else None

    def _faulty(self, host: _Host, path: str, step: int, fault: SiteFault) -> Reply | None:
        site = host.site
        if fault is SiteFault.HANG and path != ROBOTS_PATH:
            self._healed.wait(_HANG_S)
        return faulty_reply(
            fault,
            path=path,
            list_path=site.list_path,
            kind=site.source(host.base).kind,
            listing=lambda: site.listing(pieces_at(site.key, step), Stage(base=host.base, now=self._now, step=step)),
        )

    def _page(self, host: _Host, path: str, step: int) -> Reply:
        site = host.site
        stage = Stage(base=host.base, now=self._now, step=step)
        if path == ROBOTS_PATH:
            return Reply(status=200 if site.robots else 404, body=site.robots.encode(), headers=_typed("text/plain"))
        there = pieces_at(site.key, step)
        if path == site.list_path:
            newest = max(stage.published(piece) for piece in there)
            return _validated(site, site.listing(there, stage), modified=newest)
        for piece in there:
            if path.partition("?")[0] == site.path(piece, self._now) and piece.page != "gone":
                return _validated(site, site.article(piece, stage), modified=stage.published(piece))
        return Reply(status=404, body=b"<html><body><h1>404</h1></body></html>", headers=_typed("text/html"))


def _is_fresh(reply: Reply, headers: Message) -> bool:
    """Tell whether the asker already has this; If-None-Match goes before If-Modified-Since (RFC 9110 §13.2.2)."""
    name, condition = (
        ("ETag", "If-None-Match") if "If-None-Match" in headers else ("Last-Modified", "If-Modified-Since")
    )
    return name in reply.headers and reply.headers[name] == headers.get(condition)


def _typed(content_type: str) -> dict[str, str]:
    return {"Content-Type": content_type}


def _validated(site: Site, page: Page, *, modified: datetime) -> Reply:
    headers = _typed(page.content_type)
    if site.has_validators:
        headers["ETag"] = f'"{hashlib.sha256(page.body).hexdigest()[:20]}"'
        headers["Last-Modified"] = format_datetime(modified.astimezone(UTC), usegmt=True)
    return Reply(status=200, body=page.body, headers=headers)


class _Host(ThreadingHTTPServer):
    """One site on one port of 127.0.0.1."""

    daemon_threads = True

    def __init__(self, web: RehearsalWeb, site: Site) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.web = web
        self.site = site
        self.base = f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.0: one request a connection, so that nothing is left open when the web stops."""

    server: _Host

    def do_GET(self) -> None:
        """Answer a GET."""
        reply = self.server.web.answer(self.server, self.path, self.headers)
        if reply is None:
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        with suppress(ConnectionError):  # who asked may have read enough
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Write nothing: `RehearsalWeb.requests` is the log."""
