"""Reads labelled captures: tables of labels beside feeds and pages as they came, or of bare titles.

A table of captures has the columns `file` (relative to the folder of captures), `link`, `title`, `relevant` (1 or 0),
and maybe `hard`, `topics` (by spaces or `;`), `jurisdiction`, `act`, `story`, `id`. A table of titles has `title`,
`label` (2 relevant, 0 not, 1 in doubt and left out) and `doc_type`.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from core.classification import ACTS, TOPICS
from core.errors import ConfigError, ConfigProblem
from core.language import detect_language
from hongtou.evaluation import LabelledItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    ReadFeed = Callable[[bytes], Iterable["Captured"]]
    """Reads the bytes of a feed."""

_DOUBT = "1"
_BETWEEN_TOPICS = re.compile(r"[;,\s]+")


class Captured(NamedTuple):
    """One entry of a captured feed, or row of captured pages."""

    link: str
    title: str
    text: str


def read_table(lines: Iterable[str], *, name: str, captures: Path, read_feed: ReadFeed) -> tuple[LabelledItem, ...]:
    """Read a table of labels, of either sort.

    Args:
        lines: Of the CSV file.
        name: How to call it in messages.
        captures: Folder that `file` is relative to.
        read_feed: Reads captured feeds; rows of captured pages are JSON lines.

    Raises:
        ConfigError: It is neither sort of table, a row's words are not known, or a row has no capture.
    """
    reader = csv.DictReader(lines)
    columns = set(reader.fieldnames or ())
    rows = list(reader)
    if {"title", "label"} <= columns:
        return tuple(_titled(row, number) for number, row in enumerate(rows, start=2) if row["label"] != _DOUBT)
    if not {"file", "link", "title", "relevant"} <= columns:
        message = "needs the columns file, link, title, relevant (captures) or title, label (titles)"
        raise ConfigError([ConfigProblem(where=name, key="", message=message)])
    return _captured(rows, name=name, captures=captures, read_feed=read_feed)


def _titled(row: dict[str, str], number: int) -> LabelledItem:
    title = row["title"]
    return LabelledItem(
        id=f"line-{number}",
        title=title,
        text="",
        url="",
        source="",
        language=detect_language(title),
        published_at=None,
        relevant=row["label"] == "2",
        hard=False,
        topics=(),
        jurisdiction=None,
        act="none",
        kind=row.get("doc_type") or "",
    )


def _captured(
    rows: Sequence[dict[str, str]], *, name: str, captures: Path, read_feed: ReadFeed
) -> tuple[LabelledItem, ...]:
    """Join rows to captures: by link, of several the one with the same title; without a link by title."""
    files: dict[str, list[Captured]] = {}
    items: list[LabelledItem] = []
    problems: list[ConfigProblem] = []
    for number, row in enumerate(rows, start=2):
        where, file = f"{name}:{number}", row["file"]
        try:
            if file not in files:
                files[file] = _entries(captures / file, read_feed)
        except (OSError, UnicodeDecodeError) as error:
            problems.append(ConfigProblem(where=where, key="file", message=f"cannot be read: {error}"))
            continue
        entry, fault = _match(row, files[file]), _fault(row)
        if entry is None or fault:
            message = fault or f"no such entry in {file}"
            problems.append(ConfigProblem(where=where, key="" if fault else "link", message=message))
        else:
            items.append(_item(row, entry, number))
    if problems:
        raise ConfigError(problems)
    return tuple(items)


def _fault(row: dict[str, str]) -> str:
    unknown = [topic for topic in _topics(row) if topic not in TOPICS]
    if unknown:
        return f"{unknown[0]!r} is no topic; use {', '.join(TOPICS)}"
    act = row.get("act") or "none"
    return "" if act in ACTS else f"{act!r} is no act; use one of {', '.join(ACTS)}"


def _topics(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(topic for topic in _BETWEEN_TOPICS.split(row.get("topics") or "") if topic)


def _match(row: dict[str, str], entries: Sequence[Captured]) -> Captured | None:
    link, title = row["link"], _spaced(row["title"])
    found = [entry for entry in entries if (entry.link == link if link else entry.title == title)]
    return min(found, key=lambda entry: entry.title != title, default=None)


def _item(row: dict[str, str], entry: Captured, number: int) -> LabelledItem:
    return LabelledItem(
        id=row.get("id") or f"line-{number}",
        title=entry.title,
        text=entry.text,
        url=entry.link,
        source="",
        language=detect_language(f"{entry.title} {entry.text}"),
        published_at=None,
        relevant=row["relevant"] == "1",
        hard=row.get("hard") == "1",
        topics=_topics(row),
        jurisdiction=row.get("jurisdiction") or None,
        act=row.get("act") or "none",
        story=row.get("story") or "",
        kind=_kind(row["file"]),
    )


def _kind(file: str) -> str:
    """Return a file's kind, its class before the comma: `crypto feeds, zh`, `pages, policy_search`."""
    path = PurePosixPath(file)
    words = path.stem.split("_")
    if "feeds" in path.parts:
        group = "crypto feeds" if words[0] == "crypto" else "other feeds"
        return f"{group}, {'_'.join(words[:2]).removeprefix('crypto_')}"
    return f"pages, {'_'.join(words[:2])}"


def _entries(path: Path, read_feed: ReadFeed) -> list[Captured]:
    if path.suffix == ".jsonl":
        rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        return [Captured(row.get("url") or "", _spaced(row["title"]), row.get("text") or "") for row in rows]
    return [entry._replace(title=_spaced(entry.title)) for entry in read_feed(path.read_bytes())]


def _spaced(title: str) -> str:
    return " ".join(title.split())
