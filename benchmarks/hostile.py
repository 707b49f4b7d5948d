"""Time and memory that the worst pages and files take, each in a process of its own.

    .venv/bin/python -m benchmarks.hostile

Memory is the growth of the process's peak over what the imports take.
"""

from __future__ import annotations

import resource
import time
import zlib
from datetime import UTC, datetime
from io import BytesIO
from multiprocessing import get_context
from zipfile import ZIP_DEFLATED, ZipFile

from core.errors import ExtractionError
from crawler.files.reading import read_file
from crawler.pages.extractor import PageExtractor

MEGABYTE = 1_048_576


class _Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 25, tzinfo=UTC)


def big_page() -> bytes:
    """Return a page of ten megabytes, all of it an article."""
    line = "<p>某市政府办公厅印发区块链产业行动计划，提出建设公共服务平台。</p>".encode()
    return b"<html><head><title>t</title></head><body><h1>title</h1>" + line * (10 * MEGABYTE // len(line))


def deep_page() -> bytes:
    """Return a page of a million nested boxes."""
    return b"<html><body>" + b"<div>" * 1_000_000 + b"text"


def script_page() -> bytes:
    """Return a shell whose script is full of data that breaks off."""
    return b"<html><body><script>" + b'a={"content":{' * 300_000 + b"</script></body></html>"


def docx_bomb() -> bytes:
    """Return a DOCX whose document unpacks to a gigabyte."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w", force_zip64=True) as inner:
        for _ in range(1024):
            inner.write(b" " * MEGABYTE)
    return held.getvalue()


def pdf_bomb() -> bytes:
    """Return a PDF whose only page unpacks to half a gigabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"BT /F 9 Tf (x) Tj ET " * 50_000) for _ in range(512)) + packer.flush()
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F<<"
            b"/Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
        ),
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed),
    )
    file, offsets = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 5\n0000000000 65535 f \n" + table
    return file + head + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(file)


CASES = {
    "page of 10 MB": big_page,
    "million nested boxes": deep_page,
    "broken data in a script": script_page,
    "DOCX bomb of 1 GB": docx_bomb,
    "PDF bomb of 0.5 GB": pdf_bomb,
}


def run(name: str) -> tuple[str, float, float]:
    """Read one case; return what came of it, seconds, and megabytes."""
    body = CASES[name]()
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    if body[:1] == b"<":
        try:
            article = PageExtractor(_Clock()).extract(
                body, url="https://a.example/", content_type="", source=None, entry=None
            )
            result = f"{len(article.text)} characters"
        except ExtractionError as error:
            result = str(error)
    else:
        found = read_file(body)
        result = f"{found.mark}, {len(found.text)} characters"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return result, time.perf_counter() - started, grown / 1024


def main() -> None:
    """Print a line a case."""
    for name in CASES:
        with get_context("spawn").Pool(1) as pool:
            result, seconds, megabytes = pool.apply(run, (name,))
        print(f"{name:26}{seconds:7.2f} s{megabytes:8.0f} MB  {result}")


if __name__ == "__main__":
    main()
