"""How well articles are read from pages, beside trafilatura and readability-lxml on their own.

    .venv/bin/python -m benchmarks.extraction [FOLDER] [--misses]

FOLDER holds `ground_truth.jsonl` (file, url, title, date, body, doc_no); by default the captured pages.
Title: exact, white space aside. Date: same day in China, and the same minute where both name one. Body: F1 over the
multiset of Latin words and single Chinese characters, on the pages that have a body to compare with. Number: the
document's own number comes first; the others do not read any. A group is the first part of a file's name.
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

from benchmarks.readers import READERS, Found
from core.item import DatePrecision
from core.language import detect_language
from crawler.dates import parse_date
from crawler.pages.extractor import PageExtractor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from core.item import Published

PAGES = Path("../shared/captures/pages")
NOW = datetime(2026, 11, 25, tzinfo=UTC)
CHINA = "Asia/Shanghai"
FIELDS = ("title", "date", "body", "number")
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
    language: str
    """`zh` or `en`."""
    field: str
    value: float
    """0 to 1."""
    found: str
    wanted: str


@dataclass
class Report:
    """All scores of one reader, and how much CPU time it took."""

    scores: list[Score] = field(default_factory=list)
    cpu_s: float = 0.0

    def mean(self, name: str, group: str = "", language: str = "") -> tuple[int, float]:
        """Return how many pages were measured and their mean; a mean of 0 when there were none."""
        values = [
            score.value
            for score in self.scores
            if score.field == name and group_of(score.file).startswith(group) and score.language.startswith(language)
        ]
        return len(values), sum(values) / len(values) if values else 0.0

    def groups(self) -> list[str]:
        """Return the groups in alphabetical order."""
        return sorted({group_of(score.file) for score in self.scores})

    @property
    def pages(self) -> int:
        """How many pages were measured."""
        return len({score.file for score in self.scores})


def group_of(file: str) -> str:
    """Return a file's group."""
    return file.split("_", 1)[0]


def token_f1(found: str, wanted: str) -> float:
    """Return the F1 of two texts' tokens, order aside."""
    one, other = (Counter(_TOKEN.findall(text.lower())) for text in (found, wanted))
    shared = sum((one & other).values())
    return 2 * shared / (sum(one.values()) + sum(other.values())) if shared else 0.0


def ours(body: bytes, url: str) -> Found:
    """Read a page as Hongtou does."""
    article = PageExtractor(StandingClock()).extract(body, url=url, content_type="", source=None, entry=None)
    numbers = article.document_numbers
    return Found(title=article.title, text=article.text, published=article.published, numbers=numbers)


def measure(folder: Path, read: Callable[[bytes, str], Found] = ours) -> Report:
    """Read every page that has ground truth; a page that a reader fails on scores nothing."""
    report = Report()
    started = time.process_time()
    for line in (folder / "ground_truth.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        body = (folder / gold["file"]).read_bytes()
        url = gold["url"] or "https://unknown.example/page.html"
        try:
            found = read(body, url)
        except Exception as error:  # noqa: BLE001 - whatever a reader fails with, it has not read the page
            found = Found(title=f"{type(error).__name__}: {error}", text="")
        report.scores.extend(_scores(gold, found))
    report.cpu_s = time.process_time() - started
    return report


def _scores(gold: dict[str, Any], found: Found) -> Iterator[Score]:
    text = gold["title"] or gold["body"] or ""
    common = {"file": gold["file"], "language": "zh" if detect_language(text).startswith("zh") else "en"}
    if gold["title"]:
        same = " ".join(found.title.split()) == " ".join(gold["title"].split())
        yield Score(**common, field="title", value=float(same), found=found.title, wanted=gold["title"])
    if gold["date"]:
        published = found.published
        shown = published.at.astimezone(ZoneInfo(CHINA)).isoformat() if published else ""
        value = float(_same_time(published, gold["date"]))
        yield Score(**common, field="date", value=value, found=shown, wanted=gold["date"])
    if gold["body"]:
        value = token_f1(found.text, gold["body"])
        yield Score(**common, field="body", value=value, found=found.text[:60], wanted=gold["body"][:60])
    if gold["doc_no"]:
        first = found.numbers[0] if found.numbers else ""
        yield Score(**common, field="number", value=float(first == gold["doc_no"]), found=first, wanted=gold["doc_no"])


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


def _print_table(reports: dict[str, Report]) -> None:
    """Print each field by group and language, the readers side by side."""
    own = reports["ours"]
    rows = [(group, group, "") for group in own.groups()]
    rows += [("all zh", "", "zh"), ("all en", "", "en"), ("all", "", "")]
    for name in FIELDS:
        print(f"\n{name:14}{'pages':>6}" + "".join(f"{reader:>13}" for reader in reports))
        for label, group, language in rows:
            count, _ = own.mean(name, group, language)
            means = (report.mean(name, group, language)[1] for report in reports.values())
            if count:
                print(f"{label:14}{count:>6}" + "".join(f"{mean:>13.4f}" for mean in means))
    speeds = (f"{reader} {report.cpu_s / report.pages * 1000:.0f} ms" for reader, report in reports.items())
    print("\nCPU a page: " + ", ".join(speeds))


def _print_misses(scores: Sequence[Score]) -> None:
    for score in scores:
        if score.value < 0.97:
            print(f"{score.field:7}{score.value:.3f} {score.file}")
            print(f"    found  {score.found}\n    wanted {score.wanted}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=PAGES)
    parser.add_argument("--misses", action="store_true", help="list what Hongtou did not find")
    options = parser.parse_args()
    reports = {"ours": measure(options.folder)}
    reports |= {name: measure(options.folder, read) for name, read in READERS.items()}
    _print_table(reports)
    if options.misses:
        _print_misses(reports["ours"].scores)


if __name__ == "__main__":
    main()
