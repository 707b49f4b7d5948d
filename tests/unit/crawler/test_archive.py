"""Pages kept as evidence: any WARC tool reads them, their digests hold, and a disk can fail."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from structlog.testing import capture_logs
from warcio.archiveiterator import ArchiveIterator

from core.source import SourceId
from crawler.archive import CrawledPage, WarcArchive, crawled_page

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

AT = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
BODY = "<html><p>三年行动计划</p></html>".encode("gb18030")
SOURCE = SourceId("sh-gov")


def page(**changes: Any) -> CrawledPage:
    """Return a page."""
    fields: dict[str, Any] = {
        "requested_url": "https://www.shanghai.example/old?id=1",
        "url": "https://www.shanghai.example/nw12344/20230615/abc.html",
        "status": 200,
        "headers": [("Content-Type", "text/html; charset=gb2312"), ("Server", "nginx"), ("Content-Encoding", "gzip")],
        "body": BODY,
        "user_agent": "Hongtou/0.1",
        "fetched_at": AT,
    }
    return CrawledPage(**{**fields, **changes})


def records(folder: Path) -> list[tuple[dict[str, str], dict[str, str], bytes]]:
    """Return WARC headers, HTTP headers and body of every record, digests checked, files in name order."""
    found = []
    for file in sorted(folder.glob("*.warc.gz")):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                warc, http = dict(record.rec_headers.headers), dict(record.http_headers.headers)
                assert record.http_headers.get_statuscode().isdigit()
                found.append((warc, http, record.content_stream().read()))
    return found


@pytest.fixture
def archive(tmp_path: Path) -> WarcArchive:
    """An archive of a megabyte."""
    return WarcArchive(tmp_path / "archive", max_bytes=1_000_000)


def test_a_page_comes_back_as_it_came(archive: WarcArchive, tmp_path: Path) -> None:
    """Body, headers and the facts of the request are in one record, whose SHA-256 is returned and checks."""
    digest = archive.keep(page(), item_id=7, source_id=SOURCE)
    assert digest == hashlib.sha256(BODY).hexdigest()
    [(warc, http, body)] = records(tmp_path / "archive")
    assert body == BODY
    assert (warc["WARC-Type"], warc["WARC-Date"]) == ("response", "2023-06-15T02:00:00Z")
    assert warc["WARC-Target-URI"] == page().url
    assert warc["WARC-Payload-Digest"].startswith("sha256:")
    assert (warc["Hongtou-Item"], warc["Hongtou-Source"]) == ("7", "sh-gov")
    assert (warc["Hongtou-Requested-URI"], warc["Hongtou-User-Agent"]) == (page().requested_url, "Hongtou/0.1")
    assert http == {
        "Content-Type": "text/html; charset=gb2312",
        "Server": "nginx",
        "X-Archive-Orig-Content-Encoding": "gzip",
        "Content-Length": str(len(BODY)),
    }


def test_the_index_finds_each_record(archive: WarcArchive, tmp_path: Path) -> None:
    """A line a page: item, file, offset of the record, digest."""
    for item_id in (1, 2, 3):
        archive.keep(page(body=b"%d" % item_id * 5000), item_id=item_id, source_id=SOURCE)
    folder = tmp_path / "archive"
    lines = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["item"] for line in lines] == [1, 2, 3]
    assert len({line["file"] for line in lines}) == 1
    with (folder / lines[2]["file"]).open("rb") as stream:
        stream.seek(lines[2]["offset"])
        body = next(iter(ArchiveIterator(stream))).content_stream().read()
    assert hashlib.sha256(body).hexdigest() == lines[2]["sha256"]


def test_a_torn_end_spoils_nothing_after_it(archive: WarcArchive, tmp_path: Path) -> None:
    """The next process begins a file of its own, as does the next day."""
    archive.keep(page(), item_id=1, source_id=SOURCE)
    [first] = (tmp_path / "archive").glob("*.warc.gz")
    first.write_bytes(first.read_bytes()[:-20])
    again = WarcArchive(tmp_path / "archive", max_bytes=1_000_000)
    again.keep(page(), item_id=2, source_id=SOURCE)
    again.keep(page(fetched_at=AT + timedelta(days=1)), item_id=3, source_id=SOURCE)
    names = sorted(file.name for file in (tmp_path / "archive").glob("*.warc.gz"))
    assert names == ["hongtou-20230615-001.warc.gz", "hongtou-20230615-002.warc.gz", "hongtou-20230616-001.warc.gz"]
    first.unlink()
    assert [warc["Hongtou-Item"] for warc, _, _ in records(tmp_path / "archive")] == ["2", "3"]


def test_a_full_archive_keeps_what_it_has_and_says_so_once(tmp_path: Path) -> None:
    """Beyond its size nothing is kept and nothing deleted; it goes on when files were moved away."""
    archive = WarcArchive(tmp_path, max_bytes=1400)
    with capture_logs() as logs:
        kept = [archive.keep(page(), item_id=n, source_id=SOURCE) for n in range(6)]
    assert [bool(digest) for digest in kept] == [True, True, False, False, False, False]
    assert sum(entry["event"].startswith("archive is full") for entry in logs) == 1
    for file in tmp_path.glob("*.warc.gz"):
        file.unlink()
    assert archive.keep(page(), item_id=9, source_id=SOURCE)


def test_a_failing_disk_is_logged_and_loses_no_item(tmp_path: Path) -> None:
    """A folder that cannot be made is an error in the log, not in the crawl."""
    (tmp_path / "file").write_text("")
    with capture_logs() as logs:
        assert WarcArchive(tmp_path / "file", max_bytes=10_000).keep(page(), item_id=1, source_id=SOURCE) == ""
    assert [entry["event"] for entry in logs] == ["page not archived"]


def test_a_write_that_fails_begins_a_new_file(
    archive: WarcArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a full disk tore stays the end of its file."""
    archive.keep(page(), item_id=1, source_id=SOURCE)
    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr("crawler.archive.os.fsync", _no_space)
        assert archive.keep(page(), item_id=2, source_id=SOURCE) == ""
    assert "No space" in logs[0]["reason"]
    archive.keep(page(), item_id=3, source_id=SOURCE)
    assert len([*(tmp_path / "archive").glob("*.warc.gz")]) == 2


def test_an_index_that_cannot_be_written_keeps_the_page(archive: WarcArchive, tmp_path: Path) -> None:
    """The record holds all that the index says."""
    (tmp_path / "archive" / "index.jsonl").mkdir(parents=True)
    with capture_logs() as logs:
        assert archive.keep(page(), item_id=1, source_id=SOURCE)
    assert logs[-1]["event"] == "index of the archive not written"


def _no_space(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_hostile_headers_are_kept_in_form(archive: WarcArchive, tmp_path: Path) -> None:
    """Bytes beyond ASCII and repeated names stay; a line break in an address makes no header of its own."""
    headers = [("X-Title", "\xc9\xcf\xba\xa3"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    archive.keep(page(headers=headers, requested_url="https://a.example/\r\nX-Evil: 1"), item_id=1, source_id=SOURCE)
    [(warc, _, body)] = records(tmp_path / "archive")
    assert "X-Evil" not in warc
    assert body == BODY


def test_what_is_kept_of_a_response() -> None:
    """Address asked for, final address, status, headers in order, user agent, body."""
    request = Request("https://a.example/new", headers={"User-Agent": "Hongtou/0.1"})
    response = HtmlResponse(
        "https://a.example/new", status=200, headers={"Server": "nginx"}, body=BODY, request=request
    )
    kept = crawled_page(response, requested_url="https://a.example/old", now=AT)
    assert (kept.requested_url, kept.url, kept.status) == ("https://a.example/old", "https://a.example/new", 200)
    assert (kept.headers, kept.body, kept.user_agent) == ([("Server", "nginx")], BODY, "Hongtou/0.1")
    bare = crawled_page(HtmlResponse("https://a.example/"), requested_url="https://a.example/", now=AT)
    assert (bare.headers, bare.user_agent) == ([], "")
