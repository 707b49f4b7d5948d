"""`hongtou sources probe` on a site that is really asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.integration

ROWS = "".join(
    f'<li><a href="/a/{number}00417.html">关于印发第{number}批试点名单的通知</a><span>2023-06-{30 - number}</span></li>'
    for number in range(1, 9)
)
ITEMS = "".join(
    f"<item><title>关于印发第{number}批试点名单的通知</title><link>/a/{number}00417.html</link></item>"
    for number in range(1, 4)
)
ANSWERS = {
    "/robots.txt": ("text/plain", "User-agent: *\nDisallow: /secret\nSitemap: /map.xml\n"),
    "/list/": (
        "text/html",
        (
            '<html><head><title>通知</title><link rel="alternate" type="application/rss+xml" href="/feed.xml">'
            '<link rel="alternate" type="application/rss+xml" href="/secret/feed.xml"></head>'
            f'<body><ul class="list">{ROWS}</ul></body></html>'
        ),
    ),
    "/feed.xml": ("application/rss+xml", f'<rss version="2.0"><channel><title>x</title>{ITEMS}</channel></rss>'),
    "/map.xml": (
        "application/xml",
        (
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            "<url><loc>http://127.0.0.1/a/piece-of-news.html</loc><lastmod>2023-06-15</lastmod></url></urlset>"
        ),
    ),
}


@pytest.fixture
def site() -> Iterator[tuple[str, list[str]]]:
    """A site, with the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        """Answers from the table."""

        def do_GET(self) -> None:
            """Answer."""
            asked.append(self.path)
            kind, body = ANSWERS.get(self.path, ("text/html", ""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def run(url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Probe an address on this machine, without pauses between requests."""
    environ = os.environ | {
        "HONGTOU_CRAWL__ALLOW_PRIVATE_ADDRESSES": "true",
        "HONGTOU_CRAWL__DELAY": "0s",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.run(
        [sys.executable, "-m", "hongtou", "sources", "probe", url, "--json"],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_what_the_page_names_is_asked_for(site: tuple[str, list[str]], tmp_path: Path) -> None:
    """Feed and sitemap are fetched and judged; nothing is guessed, and robots.txt is obeyed."""
    base, asked = site
    done = run(f"{base}/list/", tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    offers = [found["best"], *found["others"]]
    assert [(offer["kind"], offer["checked"]) for offer in offers] == [
        ("feed", True),
        ("listing", True),
        ("sitemap", True),
    ]
    assert found["best"]["url"] == f"{base}/feed.xml"
    assert set(asked) == set(ANSWERS)


def test_an_address_that_cannot_be_had(site: tuple[str, list[str]], tmp_path: Path) -> None:
    """The reason is said, with the exit code of unreadable sources."""
    done = run(f"{site[0]}/gone/", tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert "404" in done.stderr
