"""Files of labelled items are linked, for measuring, as intake links what it stores."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from classifier.fingerprints import ShingleFingerprinter
from classifier.lexicon_classifier import LexiconClassifier
from classifier.story_reader import LexiconStoryReader
from config.lexicon import load_lexicon
from core.documents import find_document_numbers
from core.linking import decide
from core.near_duplicates import WINDOW
from core.source import Voice
from hongtou.copies import CopyFinder, words_of
from hongtou.evaluation import document_of, read_labelled
from hongtou.linking import StoryLinker
from hongtou.linking_files import link, read_arrivals
from hongtou.story_finding import StoryFinder
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from core.item import Item, ItemId, Published
    from core.source import Source
    from hongtou.evaluation import LabelledItem
    from hongtou.linking_files import LinkedFile

pytestmark = pytest.mark.integration

WRITTEN = Path(__file__).resolve().parents[2] / "classifier" / "story_training" / "world_and_greater_china.jsonl"
ITEMS = 70
NEVER = datetime.max.replace(tzinfo=UTC)


@pytest.fixture
def database(empty_file: Path) -> Iterator[SqlDatabase]:
    """An empty SQLite database."""
    with SqlDatabase(f"sqlite:///{empty_file}") as database:
        yield database


@pytest.fixture
def written() -> list[LabelledItem]:
    """Items of some written stories, in order of publication."""
    items = read_labelled(WRITTEN.read_text(encoding="utf-8").splitlines())[:ITEMS]
    dated = [replace(item, published_at=item.published_at.astimezone(UTC)) for item in items if item.published_at]
    return sorted(dated, key=lambda item: item.published_at or NEVER)


def groups(stories: Mapping[str, int]) -> set[frozenset[str]]:
    """Return which items are together."""
    members: dict[int, set[str]] = defaultdict(set)
    for item_id, story_id in stories.items():
        members[story_id].add(item_id)
    return {frozenset(some) for some in members.values()}


def ties_of(linked: LinkedFile) -> set[tuple[frozenset[str], frozenset[str], str]]:
    """Return which groups are related, and how."""
    of = {story_id: frozenset(one for one, other in linked.stories.items() if other == story_id)
          for story_id in linked.stories.values()}  # fmt: skip
    return {(of[tie.later], of[tie.earlier], tie.relation.value) for tie in linked.ties}


def test_a_file_is_linked_as_intake_links(
    database: SqlDatabase,
    written: Sequence[LabelledItem],
    make_item: Callable[..., Item],
    make_source: Callable[..., Source],
    make_published: Callable[..., Published],
) -> None:
    """Through the linker and a database the same items are together, and the same stories related, as in memory."""
    lexicon = load_lexicon()
    classifier = LexiconClassifier(lexicon, threshold=0.5)
    finder, copies = StoryFinder(LexiconStoryReader(lexicon), decide, window=WINDOW), CopyFinder(ShingleFingerprinter())
    in_memory = link(read_arrivals(written, classifier, copies=copies, stories=finder), finder)

    sources = {item.source: make_source(voice=item.voice or Voice.PRESS) for item in written}
    linker = StoryLinker(finder, sources=sources.get)
    stored: dict[str, ItemId] = {}
    for number, one in enumerate(written, start=1):
        assert one.published_at is not None
        document = document_of(one)
        item = make_item(
            number, title=one.title, text=one.text, language=one.language, source_id=one.source,
            published=make_published(at=one.published_at), first_seen_at=one.published_at, issuer=document.issuer,
            classification=classifier.classify(document),
            document_numbers=find_document_numbers(f"{one.title}\n{one.text}"),
        )  # fmt: skip
        with database.unit_of_work() as unit:
            reading = copies.read(unit.near_duplicates, words_of(item), source_id=item.source_id)
            found = copies.find(unit.near_duplicates, reading, now=item.first_seen_at)
            item_id = unit.items.add(item)
            copies.keep(unit.near_duplicates, item_id, reading, seen_at=item.first_seen_at, is_new=True)
            stored[one.id] = item_id
            linker.link(unit, replace(item, id=item_id), found, now=item.first_seen_at)
            unit.commit()

    with database.unit_of_work() as unit:
        known = {one.id: one.story_id for one in unit.items.get_many(list(stored.values()))}
        in_database = {name: int(known[item_id] or 0) for name, item_id in stored.items()}
        assert groups(in_database) == groups(in_memory.stories)
        of = {story: frozenset(one for one, other in in_database.items() if other == story) for story in known.values()}
        ties = {tie for story in set(known.values()) if story for tie in unit.stories.kin(story)}
    assert {(of[tie.later], of[tie.earlier], tie.relation.value) for tie in ties} == ties_of(in_memory)
    assert any(len(group) > 2 for group in groups(in_database))
    assert ties
