"""Pages of flagged items kept as they came: WARC files with a SHA-256 digest each. The only module that knows warcio.

Files are only ever appended to, by one process each, and a torn end (a crash, a full disk) is the end of its file, so
that no reader stumbles over it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

import structlog
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from scrapy.http import Response

    from core.source import SourceId

log = structlog.get_logger(__name__)

_VERSION = "WARC/1.1"
"""ISO 28500:2017."""
_REWRITTEN = frozenset({"content-length", "content-encoding", "transfer-encoding"})
"""Headers that are about the body on the wire; the archived one is decompressed and whole."""
_INDEX = "index.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawledPage:
    """A page as it came, with what is to be known of the request."""

    requested_url: str
    url: str
    """The address after redirects."""
    status: int
    headers: Sequence[tuple[str, str]]
    """In order, as the server wrote them; bytes beyond ASCII as Latin-1."""
    body: bytes
    """Decompressed, otherwise raw."""
    user_agent: str
    fetched_at: datetime
    """Aware UTC."""


def crawled_page(response: Response, *, requested_url: str, now: datetime) -> CrawledPage:
    """Return what is archived of Scrapy's response."""
    request = response.request
    agent = request.headers.get("User-Agent") if request else None
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
    return CrawledPage(
        requested_url=requested_url,
        url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        user_agent=agent.decode("latin-1") if agent else "",
        fetched_at=now,
    )


class WarcArchive:
    """Keeps pages in a folder; safe in any thread, one process a folder."""

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        """Set up the archive; the folder is made with the first page.

        Args:
            folder: Where the files go.
            max_bytes: What they may take together; after that nothing more is kept.
        """
        self._folder = folder
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._file: Path | None = None
        self._day = ""
        self._is_full = False

    def is_like(self, other: WarcArchive) -> bool:
        """Whether both keep pages in the same folder, within the same bound."""
        return (self._folder, self._max_bytes) == (other._folder, other._max_bytes)

    def keep(self, page: CrawledPage, *, item_id: int, source_id: SourceId) -> str:
        """Append a page, flushed to the disk, and note it in the index; never raises for what a disk may do.

        Returns:
            SHA-256 of the body, 64 hex digits; empty when it was not kept, which is logged.
        """
        digest = hashlib.sha256(page.body)
        record = _record(page, item_id=item_id, source_id=source_id, digest=digest.digest())
        try:
            with self._lock:
                file, offset = self._append(page.fetched_at, record)
        except OSError as error:
            log.error("page not archived", item=item_id, url=page.url, reason=str(error))  # noqa: TRY400 (no bug)
            return ""
        if file is None:
            return ""
        log.info("page archived", item=item_id, url=page.url, sha256=digest.hexdigest(), file=file.name)
        self._note(page, item_id=item_id, source_id=source_id, sha256=digest.hexdigest(), file=file.name, offset=offset)
        return digest.hexdigest()

    def _append(self, at: datetime, record: bytes) -> tuple[Path | None, int]:
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._size() + len(record) > self._max_bytes:
            if not self._is_full:
                log.warning(
                    "archive is full; nothing more is kept", folder=str(self._folder), max_bytes=self._max_bytes
                )
            self._is_full = True
            return None, 0
        self._is_full = False
        file = self._file_of(at)
        with file.open("ab") as stream:
            offset = stream.tell()
            try:
                stream.write(record)
                stream.flush()
                os.fsync(stream.fileno())
            except OSError:
                self._file = None  # what is torn stays the end of its file
                raise
        return file, offset

    def _file_of(self, at: datetime) -> Path:
        """Return the file of today: one that this process began, so that a torn end of an older one stays its end."""
        day = at.strftime("%Y%m%d")
        if self._file is None or self._day != day:
            taken = {file.name for file in self._folder.glob(f"hongtou-{day}-*.warc.gz")}
            number = next(n for n in range(1, len(taken) + 2) if f"hongtou-{day}-{n:03}.warc.gz" not in taken)
            self._file, self._day = self._folder / f"hongtou-{day}-{number:03}.warc.gz", day
        return self._file

    def _size(self) -> int:
        return sum(file.stat().st_size for file in self._folder.glob("*.warc.gz"))

    def _note(
        self, page: CrawledPage, *, item_id: int, source_id: SourceId, sha256: str, file: str, offset: int
    ) -> None:
        line = {
            "item": item_id,
            "source": source_id,
            "url": page.url,
            "at": page.fetched_at.isoformat(),
            "file": file,
            "offset": offset,
            "sha256": sha256,
        }
        try:
            with self._lock, (self._folder / _INDEX).open("a", encoding="utf-8") as stream:
                stream.write(f"{json.dumps(line, ensure_ascii=False)}\n")
        except OSError as error:
            log.error("index of the archive not written", item=item_id, reason=str(error))  # noqa: TRY400 (no bug)


def _record(page: CrawledPage, *, item_id: int, source_id: SourceId, digest: bytes) -> bytes:
    """Return one gzipped `response` record; our own facts stand in extension fields, which the standard allows."""
    headers = [
        (name if name.lower() not in _REWRITTEN else f"X-Archive-Orig-{name}", value) for name, value in page.headers
    ]
    http = StatusAndHeaders(f"{page.status}", [*headers, ("Content-Length", str(len(page.body)))], protocol="HTTP/1.1")
    facts = {
        "WARC-Date": page.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "WARC-Payload-Digest": f"sha256:{base64.b32encode(digest).decode()}",
        "Hongtou-Requested-URI": page.requested_url,
        "Hongtou-User-Agent": page.user_agent,
        "Hongtou-Source": source_id,
        "Hongtou-Item": str(item_id),
    }
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=_VERSION)
    writer.write_record(
        writer.create_warc_record(
            page.url,
            "response",
            payload=BytesIO(page.body),
            length=len(page.body),
            http_headers=http,
            warc_headers_dict={name: " ".join(value.split()) for name, value in facts.items()},
        )
    )
    return out.getvalue()
