"""How fast the archive is judged again, and in how much memory.

    python -m benchmarks.backtest [--items 100000] [--processes 2] [--archive FILE.db]

Writes an archive of made-up items into a SQLite file (kept when `--archive` names it, and used again), then runs the
backtest under the shipped configuration. Texts are put together from the shipped lexicon's words and filler sentences,
each other than all others; 70 % Chinese, 30 % English. Sizes in UTF-8 bytes are like those of a mixed list of sources:
45 % flashes of 150-600, 40 % articles of 0.6-4 kB, 13 % longer ones of 4-12 kB, 2 % documents of 12-40 kB, all
uniform within their class; the mean is near 2.8 kB and printed. One item in three names a technology, one in six an
authority and an act besides; each carries 20 pieces of stored evidence, as real rows do.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert
from sqlalchemy.orm import Session

from config.lexicon import load_lexicon
from config.loader import load_settings
from core.classification import ACTS, TOPICS, Classification, Evidence, Zone
from core.item import DateOrigin, DatePrecision, Item, ItemId, Published, StoryId
from core.lexicon import ConceptKind
from core.source import SourceId
from hongtou.backtest import find_archive, run_backtest
from hongtou.parts import build_judge
from storage.database import SqlDatabase
from storage.item_rows import item_values
from storage.tables import ItemRow
from storage.upsert import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2023, 6, 1, tzinfo=UTC)
SIZES = ((0.45, 150, 600), (0.40, 600, 4_000), (0.13, 4_000, 12_000), (0.02, 12_000, 40_000))
"""Share, least and largest size in bytes."""
SUBJECTS = {
    "zh": [
        "相关部门",
        "业内人士",
        "该公司",
        "研究人员",
        "市场",
        "各地",
        "居民",
        "会议",
        "该项目",
        "有关负责人",
        "企业",
        "专家",
    ],
    "en": [
        "Officials",
        "The company",
        "Analysts",
        "Residents",
        "The market",
        "Researchers",
        "The meeting",
        "Its board",
    ],
}
DEEDS = {
    "zh": [
        "表示将继续推进",
        "昨日公布了",
        "正在研究",
        "强调要重视",
        "介绍了",
        "回顾了去年的",
        "调整了",
        "讨论了",
        "关注",
        "参观了",
    ],
    "en": [
        "discussed",
        "reported on",
        "plans to extend",
        "looked back at",
        "announced",
        "is studying",
        "visited",
        "raised",
    ],
}
THINGS = {
    "zh": [
        "交通建设",
        "粮食生产",
        "旅游服务",
        "节日供应",
        "天气变化",
        "学校改造",
        "体育赛事",
        "老旧小区",
        "工程进度",
        "人才培养",
        "供水管网",
    ],
    "en": [
        "road works",
        "the harvest",
        "tourist services",
        "school repairs",
        "a sports event",
        "housing",
        "water mains",
    ],
}


class Words:
    """Sentences in two languages, some of them about what the lexicon knows."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a benchmark
        concepts = load_lexicon().concepts
        self.known = {
            kind: {"zh": [c.zh[0] for c in concepts if c.kind is kind and c.zh],
                   "en": [c.en[0] for c in concepts if c.kind is kind and c.en]}
            for kind in (ConceptKind.TECHNOLOGY, ConceptKind.AUTHORITY, ConceptKind.ACT)
        }  # fmt: skip

    def filler(self, tongue: str) -> str:
        """Return a sentence about nothing of interest."""
        pick, number = self.random.choice, self.random.randint(1, 9999)
        subject, deed, thing = pick(SUBJECTS[tongue]), pick(DEEDS[tongue]), pick(THINGS[tongue])
        return (
            f"{subject}{deed}{thing}，涉及{number}项。"
            if tongue == "zh"
            else f"{subject} {deed} {thing}, item {number}. "
        )

    def naming(self, tongue: str, *kinds: ConceptKind) -> str:
        """Return a sentence that names concepts."""
        names = [self.random.choice(self.known[kind][tongue]) for kind in kinds]
        return f"{''.join(names)}有关情况。" if tongue == "zh" else f"{' '.join(names)} was the subject. "

    def article(self) -> tuple[str, str, str]:
        """Return language, title and text of one item."""
        tongue = "zh" if self.random.random() < 0.7 else "en"
        chance = self.random.random()
        kinds = (
            (ConceptKind.AUTHORITY, ConceptKind.ACT, ConceptKind.TECHNOLOGY)
            if chance < 1 / 6
            else ((ConceptKind.TECHNOLOGY,) if chance < 1 / 3 else ())
        )
        title = self.naming(tongue, *kinds) if kinds else self.filler(tongue)
        _, least, most = self.random.choices(SIZES, [share for share, _, _ in SIZES])[0]
        size, parts, length = self.random.randint(least, most), [], 0
        while length < size:
            named = bool(kinds) and self.random.random() < 0.2
            parts.append(self.naming(tongue, *kinds) if named else self.filler(tongue))
            length += len(parts[-1].encode())
            if self.random.random() < 0.2:
                parts.append("\n")
        return tongue, title, "".join(parts)


def make_items(count: int, words: Words) -> Iterator[Item]:
    """Yield items, one every 25 seconds."""
    evidence = tuple(
        Evidence(
            concept=f"tech.{n}", kind="technology", zone=Zone.BODY, start=n, end=n + 3, text="区块链", contribution=0.1
        )
        for n in range(20)
    )
    for number in range(1, count + 1):
        tongue, title, text = words.article()
        score = words.random.random() ** 4
        flagged = score >= 0.5
        at = START + number * timedelta(seconds=25)
        yield Item(
            id=ItemId(number), source_id=SourceId(f"source-{number % 130}"), url=f"https://news.example/{number}",
            canonical_url=f"https://news.example/{number}", guid=None, title=title, text=text, summary="",
            language=tongue,
            published=Published(at=at, precision=DatePrecision.MINUTE, origin=DateOrigin.LIST), first_seen_at=at,
            updated_at=at, content_hash=f"1:{number:040x}", story_id=StoryId(number),
            classification=Classification(
                relevant=flagged, score=score, topics=(words.random.choice(TOPICS),) if flagged else (),
                jurisdiction="cn", act=words.random.choice(ACTS), evidence=evidence, documents=(), document_numbers=(),
                reason="As made up.", classifier="made-up",
            ),
        )  # fmt: skip


def write_archive(file: Path, count: int) -> float:
    """Write an archive; return the mean size of a text in bytes."""
    size = 0
    with SqlDatabase(f"sqlite:///{file}") as database:
        database.migrate()
        with Session(database._engine) as session:  # noqa: SLF001 - past the repositories, which look for copies
            rows = []
            for item in make_items(count, Words(7)):
                size += len(item.text.encode()) + len(item.title.encode())
                rows.append({"id": item.id} | item_values(item))
                if len(rows) == 1000:
                    session.execute(insert(table_of(ItemRow)), rows)
                    session.commit()
                    rows = []
            if rows:
                session.execute(insert(table_of(ItemRow)), rows)
                session.commit()
    return size / count


def main() -> None:
    """Write or open an archive, judge it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--archive", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = options.archive or Path(folder) / "archive.db"
        if not file.exists():
            begun = time.perf_counter()
            mean = write_archive(file, options.items)
            took = time.perf_counter() - begun
            megabytes = file.stat().st_size / 1e6
            print(f"archive: {options.items} items, texts of {mean:.0f} bytes in the mean, {megabytes:.0f} MB", end="")
            print(f", written in {took:.0f} s")
        measure(file, options.processes)


def measure(file: Path, processes: int) -> None:
    """Judge an archive, and print how fast and in how much memory."""
    loaded = load_settings(None, environ={"HONGTOU_DATABASE": f"sqlite:///{file.absolute()}"})
    begun = time.perf_counter()
    with SqlDatabase(f"sqlite:///{file}") as database:
        spans = find_archive(database, since=START, limit=None)
    planned = time.perf_counter() - begun
    tally = run_backtest(spans, partial(build_judge, loaded, examples=10), processes=processes)
    took = time.perf_counter() - begun
    flagged = sum(counts.after for counts in tally.sources.values())
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    rate = tally.items / took
    print(f"{tally.items} items in {took:.1f} s ({planned:.2f} s to plan): {rate:.0f} items/s, {processes} processes")
    print(f"{flagged} flagged, {len(tally.would)} alerts, {tally.faults} faults")
    print(f"memory: {own:.0f} MB in the parent, at most {child.ru_maxrss / 1024:.0f} MB in a process; "
          f"CPU of the processes {child.ru_utime + child.ru_stime:.0f} s")  # fmt: skip


if __name__ == "__main__":
    main()
