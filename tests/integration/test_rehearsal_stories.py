"""The rehearsal's pieces become the stories that its timeline says, in whatever order the sites of a step are read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from config.loader import load_settings
from core.assemble import article_of_entry, new_item
from core.item import DateOrigin, DatePrecision, Entry, Published
from hongtou.copies import words_of
from hongtou.intake import document_of
from hongtou.linking import StoryLinker
from hongtou.parts import build_classifier, build_copy_finder, build_lexicon, build_story_finder
from hongtou.rehearsal.timeline import pieces
from hongtou.rehearsal.web import RehearsalWeb
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from core.item import Item, ItemId
    from core.source import Source
    from hongtou.copies import CopyFinder
    from hongtou.rehearsal.timeline import Piece
    from hongtou.story_finding import StoryFinder

NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Every piece with what is made of it, and the shipped parts that link them."""

    told: Sequence[tuple[Piece, Item]]
    sources: Mapping[str, Source]
    finder: StoryFinder
    copies: CopyFinder


@pytest.fixture(scope="module")
def scene() -> Scene:
    """All pieces, judged."""
    loaded = load_settings(None, environ={})
    lexicon = build_lexicon(loaded)
    classifier = build_classifier(loaded, lexicon)
    with RehearsalWeb(NOW) as web:
        sources = {str(source.id): source for source in web.sources()}
    told = []
    for piece in pieces():
        source = sources[f"demo-{piece.site}"]
        item = item_of(piece, source)
        told.append((piece, replace(item, classification=classifier.classify(document_of(item, source)))))
    return Scene(
        told=told,
        sources=sources,
        finder=build_story_finder(loaded, lexicon),
        copies=build_copy_finder(loaded),
    )


def item_of(piece: Piece, source: Source) -> Item:
    """Return a piece as an item."""
    entry = Entry(
        source_id=source.id,
        url=f"https://{source.id}.example/{piece.serial}",
        title=piece.title,
        text="\n".join(piece.paragraphs),
        published=Published(at=piece.published(NOW), precision=DatePrecision.MINUTE, origin=DateOrigin.LIST),
        issuer=piece.issuer,
        document_numbers=(piece.number,) if piece.number else (),
    )
    return new_item(source, entry, article_of_entry(entry), now=NOW)


@pytest.fixture
def database(empty_file: Path) -> Iterator[SqlDatabase]:
    """An empty database."""
    with SqlDatabase(f"sqlite:///{empty_file}") as database:
        yield database


@pytest.mark.parametrize("seed", range(4))
def test_each_event_is_one_story(database: SqlDatabase, scene: Scene, seed: int) -> None:
    """Thirteen events in two languages, two plans of one city on one day among them, are thirteen stories."""
    random = Random(seed)  # noqa: S311 - orders, no secrets
    linker = StoryLinker(scene.finder, sources=scene.sources.get)
    events: dict[str, list[ItemId]] = defaultdict(list)
    with database.unit_of_work() as uow:
        for piece, fresh in sorted(scene.told, key=lambda pair: pair[0].step + random.random()):
            item = replace(fresh, first_seen_at=NOW + timedelta(seconds=piece.step))
            item = replace(item, id=uow.items.add(item))
            index, at = uow.near_duplicates, item.first_seen_at
            reading = scene.copies.read(index, words_of(item), source_id=item.source_id)
            found = scene.copies.find(index, reading, now=at, besides=item.id)
            scene.copies.keep(index, item.id, reading, seen_at=at, is_new=True)
            linker.link(uow, item, found, now=at)
            if piece.expect:
                events[piece.expect.story].append(item.id)
        stories = {name: {item.story_id for item in uow.items.get_many(ids)} for name, ids in events.items()}
    assert {name: len(numbers) for name, numbers in stories.items()} == dict.fromkeys(stories, 1)
    assert len({number for numbers in stories.values() for number in numbers}) == len(stories) == 13
