"""Labelled items put into stories in memory, as they arrive: for fitting and measuring the linker."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.facts import document
from classifier.lexicon_classifier import LexiconClassifier
from classifier.story_reader import LexiconStoryReader
from config.lexicon import load_lexicon
from core.clustering import b_cubed, count_pairs
from core.documents import find_document_numbers
from core.item import ItemId, StoryId
from core.linking import decide
from core.source import Voice
from core.story_traits import StoryCandidate, StoryMarks, Telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from core.stories import LinkDecision

ROOT = Path(__file__).parents[1]
TRAINING = sorted((ROOT / "classifier" / "training").glob("*.jsonl"))
STORIES = sorted((ROOT / "classifier" / "story_training").glob("*.jsonl"))
WINDOW = timedelta(days=30)
EACH = 50
"""Newest items looked at of one key, and candidates compared with an item."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An item as its author meant it, and as it was read."""

    id: str
    story: str
    language: str
    relevant: bool
    marks: StoryMarks
    copy_of: str | None
    row: dict[str, Any]


def load(files: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the rows of files."""
    return [
        json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def read_all(rows: Sequence[dict[str, Any]], reader: LexiconStoryReader, judge: LexiconClassifier) -> list[Labelled]:
    """Judge and read items, the first published first."""
    items = [_read(row, reader, judge) for row in rows]
    return sorted(items, key=lambda item: (item.marks.traits.published_at, item.id))


def _read(row: dict[str, Any], reader: LexiconStoryReader, judge: LexiconClassifier) -> Labelled:
    paper = document(row)
    judged = judge.classify(paper)
    official = paper.voice is Voice.AUTHORITY
    numbers = find_document_numbers(f"{paper.title}\n{paper.text}") if official else ()
    telling = Telling(
        title=paper.title,
        text=paper.text,
        language=row["lang"],
        published_at=datetime.fromisoformat(row["published"]).astimezone(UTC),
        classification=judged,
        voice=paper.voice,
        issuer=row["source"] if official else "",
        document_numbers=numbers,
    )
    marks = reader.read(telling)
    story = row.get("story") or f"alone {row['id']}"
    return Labelled(row["id"], story, row["lang"], bool(row["relevant"]), marks, row.get("near_dup_of"), row)


def default_reader() -> tuple[LexiconStoryReader, LexiconClassifier]:
    """Return a reader and a classifier on the shipped lexicon, at the default threshold."""
    lexicon = load_lexicon()
    return LexiconStoryReader(lexicon), LexiconClassifier(lexicon, threshold=0.5)


def score(items: Sequence[Labelled], story: Mapping[str, int]) -> str:
    """Return the figures of items that were put into stories, in one line."""
    expected = {item.id: item.story for item in items}
    language = {item.id: item.language[:2] for item in items}
    size = Counter(expected.values())
    some = [item.id for item in items if size[item.story] > 1]
    whole = b_cubed([*expected.values()], [story[one] for one in expected])
    told = b_cubed([expected[one] for one in some], [story[one] for one in some])
    cross = count_pairs(expected, story, among=lambda one, other: language[one] != language[other])
    within = count_pairs(expected, story, among=lambda one, other: language[one] == language[other])
    return (
        f"B-cubed {whole.precision:.3f}/{whole.recall:.3f} F1 {whole.f1:.3f} (of stories {told.f1:.3f}); "
        f"across languages P {cross.precision:.3f} R {cross.recall:.3f}; "
        f"within P {within.precision:.3f} R {within.recall:.3f}"
    )


@dataclass(slots=True)
class Shelf:
    """Items by key, the newest last."""

    by_key: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    items: list[Labelled] = field(default_factory=list)

    def put(self, item: Labelled) -> None:
        """Add an item."""
        for key in item.marks.keys:
            self.by_key[key].append(len(self.items))
        self.items.append(item)

    def find(self, item: Labelled) -> list[int]:
        """Return the places of candidates, those with the most keys in common first."""
        since = item.marks.traits.published_at - WINDOW
        shared: Counter[int] = Counter()
        for key in item.marks.keys:
            shared.update(self.by_key.get(key, ())[-EACH:])
        fresh = [(-count, place) for place, count in shared.items() if self._at(place) >= since]
        return [place for _, place in sorted(fresh)[:EACH]]

    def _at(self, place: int) -> datetime:
        return self.items[place].marks.traits.published_at


Decide = "Callable[[StoryTraits, Sequence[StoryCandidate]], LinkDecision]"


def link_all(
    items: Sequence[Labelled], by: Callable[..., LinkDecision] = decide
) -> tuple[dict[str, int], list[tuple[str, Any]]]:
    """Put items into stories in the order given; return the story of each, and the ties that were found."""
    shelf = Shelf()
    story: list[int] = []
    kin: list[tuple[str, Any]] = []
    for item in items:
        candidates = tuple(
            StoryCandidate(
                item_id=ItemId(place),
                story_id=StoryId(story[place]),
                traits=shelf.items[place].marks.traits,
                is_copy=item.copy_of is not None and item.copy_of == shelf.items[place].id,
            )
            for place in shelf.find(item)
        )
        decision = by(item.marks.traits, candidates)
        chosen = int(decision.story_id) if decision.story_id is not None else len(story)
        merged = {int(other) for other in decision.same}
        story = [chosen if one in merged else one for one in story]
        story.append(chosen)
        kin += [(item.id, (int(other), relation, later)) for other, relation, later, _ in decision.kin]
        shelf.put(item)
    return {item.id: number for item, number in zip(items, story, strict=True)}, kin
