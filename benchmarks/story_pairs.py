"""How well real titles are put into stories: reprints, forwardings, headlines of one event, titles in two languages.

    python -m benchmarks.story_pairs [FOLDER] [--only reprints forwardings headlines languages]

The folder holds `policy_reprint_clusters.csv`, `policy_forwarding_pairs.csv`, `google_news_story_clusters_en.csv` and
`policy_title_pairs_en_zh.csv`; what is not there is left out. Each table is linked as intake would do it, on an index
in memory. Labels of the headlines are another aggregator's groups, of one day each: the
same affair of the next day is another group (`chain`), so that precision is told by day too, and with chains as events.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from classifier.fingerprints import ShingleFingerprinter
from classifier.lexicon_classifier import LexiconClassifier
from classifier.story_reader import LexiconStoryReader
from config.lexicon import load_lexicon
from core.clustering import b_cubed
from core.linking import decide
from core.near_duplicates import WINDOW
from core.source import Voice
from hongtou.copies import CopyFinder
from hongtou.evaluating_stories import evaluate_stories
from hongtou.evaluation import LabelledItem
from hongtou.linking_files import read_arrivals
from hongtou.logs import configure_logging
from hongtou.story_finding import StoryFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.ports import Classifier
    from core.stories import Relation
    from hongtou.evaluating_stories import StoryReport
    from hongtou.linking_files import LinkedFile

    Row = dict[str, str]

FOLDER = Path("../shared/captures/pairs")
_FORWARDED_AFTER = timedelta(days=14)
"""The table does not tell when a province forwarded a document: within weeks, as a rule."""
_DAY = re.compile(r"(20[12]\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])")
_OFFICIAL = re.compile(r"(^|\.)gov(\.|$)")
_UNDATED = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linker:
    """What intake links with."""

    classifier: Classifier
    copies: CopyFinder
    stories: StoryFinder

    def link(self, items: Sequence[LabelledItem], *, seeds: int = 0) -> tuple[StoryReport, LinkedFile]:
        """Link and measure items."""
        arrivals = read_arrivals(items, self.classifier, copies=self.copies, stories=self.stories)
        return evaluate_stories(arrivals, self.stories, seeds=seeds)


def shipped() -> Linker:
    """Return the shipped linker."""
    lexicon = load_lexicon()
    return Linker(
        classifier=LexiconClassifier(lexicon, threshold=0.5),
        copies=CopyFinder(ShingleFingerprinter()),
        stories=StoryFinder(LexiconStoryReader(lexicon), decide, window=WINDOW),
    )


def item(item_id: str, title: str, at: datetime, **fields: Any) -> LabelledItem:  # noqa: ANN401 - passed on
    """Return an item of which little is known."""
    known: dict[str, Any] = {
        "text": "", "url": "", "source": item_id, "language": "zh", "relevant": True, "hard": False, "topics": (),
        "jurisdiction": None, "act": "none",
    }  # fmt: skip
    return LabelledItem(id=item_id, title=title, published_at=at, **known | fields)


def day_in(text: str) -> datetime | None:
    """Return the day that an address or a date names; None when there is none."""
    found = _DAY.search(text.replace("年", "-").replace("月", "-"))
    return datetime.fromisoformat("-".join(found.groups())).replace(tzinfo=UTC) if found else None


def figures(report: StoryReport) -> dict[str, Any]:
    """Return the figures that every table has."""
    told = report.to_json()
    wanted = ("stories", "given", "b_cubed", "pairs", "candidates")
    return {"items": report.items, **{name: told[name] for name in wanted}}


def are_tied(linked: LinkedFile, one: str, other: str) -> Relation | None:
    """Return how the stories of two items are related; None when they are not, or are one."""
    a, b = linked.stories[one], linked.stories[other]
    return next((tie.relation for tie in linked.ties if {tie.later, tie.earlier} == {a, b}), None)


def measure_reprints(rows: Sequence[Row], linker: Linker) -> dict[str, Any]:
    """Measure reprints of documents; a page stands in several groups, and its event is that of its reprints."""
    days: dict[str, datetime] = {}
    for row in rows:
        if day := day_in(row["url"]):
            days.setdefault(row["group"], day)
    pages: dict[str, LabelledItem] = {}
    for row in rows:
        at = day_in(row["url"]) or days.get(row["group"], _UNDATED)
        host = urlsplit(row["url"]).hostname or ""
        page = item(
            row["url"], row["title"].removesuffix("...").strip(), at, text=row["text_head"], url=row["url"],
            source=host, voice=Voice.AUTHORITY if _OFFICIAL.search(host) else Voice.PRESS,
        )  # fmt: skip
        story = row["group"] if row["relation"] == "same_document" else ""
        pages[row["url"]] = replace(page, story=story or pages.get(row["url"], page).story)
    report, linked = linker.link(list(pages.values()))
    return {**figures(report), "by_relation": _by_relation(rows, linked)}


def _by_relation(rows: Sequence[Row], linked: LinkedFile) -> dict[str, dict[str, int]]:
    """Return how many pairs of pages of a group were put together, and how many related, by the group's relation."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        groups[row["relation"], row["group"]].append(row["url"])
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (relation, _), urls in groups.items():
        for one, other in combinations(dict.fromkeys(urls), 2):
            is_joined, is_tied = linked.stories[one] == linked.stories[other], are_tied(linked, one, other) is not None
            counts[relation].update(pairs=1, joined=int(is_joined), related=int(is_tied))
    return {relation: dict(count) for relation, count in sorted(counts.items())}


def measure_forwardings(rows: Sequence[Row], linker: Linker) -> dict[str, Any]:
    """Measure provincial forwardings of central documents, which are to be related to them and never merged."""
    items: list[LabelledItem] = []
    for number, row in enumerate(rows):
        at = day_in(row["central_published"]) or _UNDATED
        items += [
            item(f"central{number}", row["central_title"], at, text=row["central_doc_no"], url=row["central_url"],
                 source="central", voice=Voice.AUTHORITY, jurisdiction="cn"),
            item(f"local{number}", row["local_title"], at + _FORWARDED_AFTER, source="local", voice=Voice.AUTHORITY),
        ]  # fmt: skip
    report, linked = linker.link(items)
    pairs = [(f"central{number}", f"local{number}") for number in range(len(rows))]
    relations = Counter(relation for pair in pairs if (relation := are_tied(linked, *pair)))
    return {
        **figures(report),
        "forwardings": len(rows),
        "offered": sum(central in linked.offered[local] for central, local in pairs),
        "merged": sum(linked.stories[one] == linked.stories[other] for one, other in pairs),
        "related": relations.total(),
        "relations": dict(relations.most_common()),
    }


def measure_headlines(rows: Sequence[Row], linker: Linker) -> dict[str, Any]:
    """Measure English headlines of one event; those of a day come in any order."""
    random = Random(1)  # noqa: S311 - no secret: the order must be the same again
    items = [
        item(f"h{number}", row["title"], datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)
             + timedelta(seconds=random.randrange(86_400)), source=row["source"], language="en", story=row["cluster"],
             voice=Voice.PRESS)
        for number, row in enumerate(rows)
    ]  # fmt: skip
    report, linked = linker.link(items)
    chains = [row["chain"] for row in rows]
    given = [linked.stories[one.id] for one in items]
    affairs = b_cubed(chains, given)
    same_chain = sum(chains[int(pair.one[1:])] == chains[int(pair.other[1:])] for pair in report.wrong)
    return {
        **figures(report),
        "by_day": _by_day(rows, given),
        "chains": {"precision": affairs.precision, "recall": affairs.recall, "f1": affairs.f1},
        "wrong_pairs_of_one_chain": same_chain,
    }


def _by_day(rows: Sequence[Row], given: Sequence[int]) -> dict[str, float]:
    """Return B-cubed figures within each day, their mean weighted by items."""
    days: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row, story in zip(rows, given, strict=True):
        days[row["date"]].append((row["cluster"], story))
    scores = [(len(pairs), b_cubed(*zip(*pairs, strict=True))) for pairs in days.values()]
    precision = sum(count * score.precision for count, score in scores) / len(rows)
    recall = sum(count * score.recall for count, score in scores) / len(rows)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(precision + recall, 1e-9)}


def measure_languages(rows: Sequence[Row], linker: Linker) -> dict[str, Any]:
    """Measure official titles in two languages, many of them siblings but for a number."""
    items: list[LabelledItem] = []
    for number, row in enumerate(rows):
        at = datetime.fromisoformat(row["published_at"])
        official = "Reuters" not in row["source"] and "Press" not in row["source"] and "S&P" not in row["source"]
        common = {"source": row["source"], "story": f"document{number}"}
        items += [
            item(f"en{number}", row["title_en"], at, language="en", url=row["url"],
                 voice=Voice.AUTHORITY if official else Voice.PRESS, **common),
            item(f"zh{number}", row["title_zh"], at, voice=Voice.PRESS, **common),
        ]  # fmt: skip
    report, _ = linker.link(items)
    across = report.to_json()["cross_language"]
    return {**figures(report), "cross_language": across, "siblings_joined": len(report.wrong)}


TABLES: dict[str, tuple[str, Callable[[Sequence[Row], Linker], dict[str, Any]]]] = {
    "reprints": ("policy_reprint_clusters.csv", measure_reprints),
    "forwardings": ("policy_forwarding_pairs.csv", measure_forwardings),
    "headlines": ("google_news_story_clusters_en.csv", measure_headlines),
    "languages": ("policy_title_pairs_en_zh.csv", measure_languages),
}


def measure(folder: Path, linker: Linker, names: Sequence[str] = tuple(TABLES)) -> dict[str, Any]:
    """Return the figures of those of the tables that are in a folder."""
    found: dict[str, Any] = {}
    for name in names:
        file, measure_rows = TABLES[name]
        if (folder / file).exists():
            with (folder / file).open(encoding="utf-8", newline="") as lines:
                rows = list(csv.DictReader(lines))
            started = time.process_time()
            found[name] = measure_rows(rows, linker)
            found[name]["cpu_ms_per_item"] = 1000 * (time.process_time() - started) / found[name]["items"]
    return found


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--only", nargs="+", choices=TABLES, default=tuple(TABLES))
    options = parser.parse_args()
    configure_logging("warning", "console")
    json.dump(measure(options.folder, shipped(), options.only), sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
