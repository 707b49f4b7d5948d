"""How well articles are read from the captured pages, by group (the first part of a file's name).

    .venv/bin/python -m benchmarks.extraction [../shared/captures/pages] [--misses]

Title: exact, white space aside. Date: same day in China, and the same minute where both name one. Body: F1 over the
multiset of Latin words and single Chinese characters, on the pages that have a body to compare with. Number: the
document's own number comes first.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core.errors import ExtractionError
from core.item import DatePrecision
from crawler.dates import parse_date
from crawler.pages.extractor import PageExtractor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.item import Article, Published

PAGES = Path("../shared/captures/pages")
NOW = datetime(2026, 11, 25, tzinfo=UTC)
CHINA = "Asia/Shanghai"
_TOKEN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True)
class StandingClock:
    """Tells the day the captures were made."""

    def now(self) -> datetime:
        """Return that day."""
        return NOW


@dataclass(frozen=True, kw_only=True)
class Score:
    """One measured field of one page."""

    file: str
    field: str
    value: float
    """0 to 1."""
    found: str
    wanted: str


@dataclass
class Report:
    """All scores, and how much CPU time they took."""

    scores: list[Score] = field(default_factory=list)
    cpu_s: float = 0.0

    def mean(self, name: str, group: str = "") -> tuple[int, float]:
        """Return how many pages were measured and their mean; a mean of 0 when there were none."""
        values = [
            score.value for score in self.scores if score.field == name and group_of(score.file).startswith(group)
        ]
        return len(values), sum(values) / len(values) if values else 0.0

    def groups(self) -> list[str]:
        """Return the groups in alphabetical order."""
        return sorted({group_of(score.file) for score in self.scores})


def group_of(file: str) -> str:
    """Return a file's group."""
    return file.split("_", 1)[0]


def token_f1(found: str, wanted: str) -> float:
    """Return the F1 of two texts' tokens, order aside."""
    one, other = (Counter(_TOKEN.findall(text.lower())) for text in (found, wanted))
    shared = sum((one & other).values())
    return 2 * shared / (sum(one.values()) + sum(other.values())) if shared else 0.0


def measure(folder: Path) -> Report:
    """Read every page that has ground truth."""
    report = Report()
    extractor = PageExtractor(StandingClock())
    started = time.process_time()
    for line in (folder / "ground_truth.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        body = (folder / gold["file"]).read_bytes()
        url = gold["url"] or "https://unknown.example/page.html"
        try:
            article = extractor.extract(body, url=url, content_type="", source=None, entry=None)
        except ExtractionError:
            article = None
        report.scores.extend(_scores(gold, article))
    report.cpu_s = time.process_time() - started
    return report


def _scores(gold: dict[str, Any], article: Article | None) -> Iterator[Score]:
    file = gold["file"]
    title, text = (article.title, article.text) if article else ("", "")
    numbers = article.document_numbers if article else ()
    if gold["title"]:
        same = " ".join(title.split()) == " ".join(gold["title"].split())
        yield Score(file=file, field="title", value=float(same), found=title, wanted=gold["title"])
    if gold["date"]:
        published = article.published if article else None
        found = published.at.astimezone(ZoneInfo(CHINA)).isoformat() if published else ""
        yield Score(
            file=file, field="date", value=float(_same_time(published, gold["date"])), found=found, wanted=gold["date"]
        )
    if gold["body"]:
        yield Score(
            file=file, field="body", value=token_f1(text, gold["body"]), found=text[:60], wanted=gold["body"][:60]
        )
    if gold["doc_no"]:
        first = numbers[0] if numbers else ""
        yield Score(file=file, field="number", value=float(first == gold["doc_no"]), found=first, wanted=gold["doc_no"])


def _same_time(found: Published | None, wanted: str) -> bool:
    gold = parse_date(wanted, zone=CHINA, now=NOW)
    if found is None or gold is None:
        return False
    zone = ZoneInfo(CHINA)
    mine, theirs = found.at.astimezone(zone), gold.at.astimezone(zone)
    if mine.date() != theirs.date():
        return False
    timed = found.precision is gold.precision is DatePrecision.MINUTE and (theirs.hour, theirs.minute) != (0, 0)
    return not timed or (mine.hour, mine.minute) == (theirs.hour, theirs.minute)


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=PAGES)
    parser.add_argument("--misses", action="store_true", help="list what was not found")
    options = parser.parse_args()
    report = measure(options.folder)
    fields = ("title", "date", "body", "number")
    print(f"{'group':14}" + "".join(f"{name:>16}" for name in fields))
    for group in [*report.groups(), ""]:
        cells = (report.mean(name, group) for name in fields)
        print(f"{group or 'all':14}" + "".join(f"{f'{mean:.4f} ({n})' if n else '-':>16}" for n, mean in cells))
    print(f"{report.cpu_s:.1f} s")
    if options.misses:
        for score in report.scores:
            if score.value < 0.97:
                print(f"{score.field:7}{score.value:.3f} {score.file}")
                print(f"    found  {score.found}\n    wanted {score.wanted}")


if __name__ == "__main__":
    main()
