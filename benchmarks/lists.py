"""How well the rows of list pages are found without selectors, page by page, and how fast.

    .venv/bin/python -m benchmarks.lists [../shared/captures/pages] [--misses]

A row counts when title and address are right; its date is counted apart, by the day in China. First the captured pages
with ground truth, then our own in `tests/data/lists`, then how many captured articles are taken for lists.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from core.errors import ParseError
from core.source import Source, SourceId, SourceKind, Voice
from crawler.dates import parse_date
from crawler.decode import decode
from crawler.lists import parse_list
from crawler.lists.detect import detect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGES = Path("../shared/captures/pages")
OWN = Path(__file__).parents[1] / "tests" / "data" / "lists"
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
CHINA = "Asia/Shanghai"
UNKNOWN = "https://unknown.example/list.html"


@dataclass(frozen=True, kw_only=True)
class WantedRow:
    """A row that a page has."""

    title: str
    link: str
    day: str
    """As `2023-06-15`; empty when the page tells none."""


@dataclass(frozen=True, kw_only=True)
class PageScore:
    """What was found on one page."""

    name: str
    wanted: tuple[WantedRow, ...]
    found: tuple[WantedRow, ...]

    @property
    def right(self) -> int:
        """How many rows have the right title and address."""
        return len(_keys(self.wanted) & _keys(self.found))

    @property
    def dated(self) -> int:
        """How many rows are right in all three."""
        return len(set(self.wanted) & set(self.found))

    @property
    def in_order(self) -> bool:
        """Whether what is right stands in page order."""
        right = _keys(self.wanted)
        shared = [(row.title, row.link) for row in self.found if (row.title, row.link) in right]
        order = [(row.title, row.link) for row in self.wanted if (row.title, row.link) in set(shared)]
        return shared == order


@dataclass
class Report:
    """All pages of one collection."""

    pages: list[PageScore] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of found rows that are right."""
        found = sum(len(page.found) for page in self.pages)
        return sum(page.right for page in self.pages) / found if found else 0.0

    @property
    def recall(self) -> float:
        """Share of rows that were found."""
        wanted = sum(len(page.wanted) for page in self.pages)
        return sum(page.right for page in self.pages) / wanted if wanted else 0.0

    @property
    def dates(self) -> float:
        """Share of rows that were found with the right day."""
        wanted = sum(len(page.wanted) for page in self.pages)
        return sum(page.dated for page in self.pages) / wanted if wanted else 0.0


def _keys(rows: Iterable[WantedRow]) -> set[tuple[str, str]]:
    return {(row.title, row.link) for row in rows}


def read_rows(body: bytes, url: str) -> tuple[WantedRow, ...]:
    """Return what a source without selectors gives for a page; nothing when it is no list."""
    source = Source(
        id=SourceId("page"), name="", name_en="", kind=SourceKind.LISTING, url=url, group="", voice=Voice.PRESS
    )
    try:
        listing = parse_list(source, body, url=url, content_type="", now=NOW)
    except ParseError:
        return ()
    days = [
        entry.published.at.astimezone(ZoneInfo(CHINA)).date().isoformat() if entry.published else ""
        for entry in listing.entries
    ]
    return tuple(
        WantedRow(title=entry.title, link=entry.url, day=day) for entry, day in zip(listing.entries, days, strict=True)
    )


def measure_own(folder: Path = OWN) -> Report:
    """Read our own list pages."""
    report = Report()
    for expected in sorted(folder.glob("*.json")):
        page = json.loads(expected.read_text(encoding="utf-8"))
        wanted = tuple(WantedRow(title=row["title"], link=row["link"], day=row["date"]) for row in page["rows"])
        found = read_rows(expected.with_suffix(".html").read_bytes(), page["url"])
        report.pages.append(PageScore(name=expected.stem, wanted=wanted, found=found))
    return report


def measure_captures(folder: Path) -> Report:
    """Read the captured list pages that have ground truth."""
    report, urls = Report(), _addresses(folder)
    gold: dict[str, list[dict[str, str]]] = {}
    for line in (folder / "list_ground_truth.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold.setdefault(row["file"], []).append(row)
    for name, rows in gold.items():
        url = urls.get(name) or UNKNOWN
        wanted = tuple(
            WantedRow(title=row["title"], link=urljoin(url, row["href"]), day=_day(row["date"])) for row in rows
        )
        report.pages.append(PageScore(name=name, wanted=wanted, found=read_rows((folder / name).read_bytes(), url)))
    return report


def _day(written: str) -> str:
    found = parse_date(written, zone=CHINA, now=NOW)
    return found.at.astimezone(ZoneInfo(CHINA)).date().isoformat() if found else ""


def _addresses(folder: Path) -> dict[str, str]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row.get("url") or "" for row in csv.DictReader(file)}


def article_confidences(folder: Path) -> dict[str, float]:
    """Return the confidence with which each captured article is taken for a list."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("kind") == "article" or row.get("role") == "article"]
    found = {}
    for row in rows:
        path = folder / row["file"]
        if path.exists():
            text = decode(path.read_bytes(), content_type="", override="", kind="html").text
            found[row["file"]] = detect(text, row.get("url") or UNKNOWN).confidence
    return found


def speed(folder: Path) -> tuple[float, float]:
    """Return rows and pages a second of CPU time, over our own pages and the captured lists."""
    pages = [(path, "https://www.example.gov.cn/a/index.html") for path in sorted(OWN.glob("*.html"))]
    if (folder / "list_ground_truth.jsonl").exists():
        pages += [(folder / page.name, UNKNOWN) for page in measure_captures(folder).pages]
    texts = [(decode(path.read_bytes(), content_type="", override="", kind="html").text, url) for path, url in pages]
    started = time.process_time()
    rows = sum(len(detect(text, url).rows) for text, url in texts)
    spent = time.process_time() - started
    return rows / spent, len(texts) / spent


def _lines(report: Report, *, misses: bool) -> Iterator[str]:
    for page in report.pages:
        precision = page.right / len(page.found) if page.found else float(not page.wanted)
        recall = page.right / len(page.wanted) if page.wanted else float(not page.found)
        order = "" if page.in_order else "  out of order"
        counts = f"{len(page.wanted):6}{len(page.found):6}"
        yield f"{page.name:44}{counts}{precision:10.3f}{recall:8.3f}{page.dated:7}{order}"
        if misses:
            yield from (f"    not found {row}" for row in page.wanted if row not in page.found)
            yield from (f"    not there {row}" for row in page.found if row not in page.wanted)
    yield f"{'all':44}{'':12}{report.precision:10.3f}{report.recall:8.3f}{report.dates:7.3f}\n"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=PAGES)
    parser.add_argument("--misses", action="store_true", help="list the rows that differ")
    options = parser.parse_args()
    reports = [measure_captures(options.folder)] if options.folder.exists() else []
    for report in [*reports, measure_own()]:
        print(f"{'page':44}{'rows':>6}{'found':>6}{'precision':>10}{'recall':>8}{'dated':>7}")
        for line in _lines(report, misses=options.misses):
            print(line)
    if options.folder.exists():
        articles = article_confidences(options.folder)
        taken = sorted(name for name, value in articles.items() if value >= 0.3)
        print(f"{len(taken)} of {len(articles)} articles taken for lists: {', '.join(taken)}")
    rows, pages = speed(options.folder)
    print(f"{rows:.0f} rows/s, {pages:.0f} pages/s")


if __name__ == "__main__":
    main()
