"""Stored items, how they are recognised again, and their revisions, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from core.classification import Stage, Zone
from core.decide import Known
from core.errors import StorageError
from core.item import (
    Attachment,
    BodyOrigin,
    DateOrigin,
    DatePrecision,
    DocumentFacts,
    ItemId,
    PageMark,
    StoryId,
    Validity,
)
from core.outcome import Answer
from core.source import SourceId

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.classification import Classification, Evidence
    from core.item import Entry, Item, Published
    from storage.database import SqlDatabase

HOUR = timedelta(hours=1)
OTHER = SourceId("other")


def test_every_field_of_an_item_comes_back(
    database: SqlDatabase,
    make_item: Callable[..., Item],
    make_published: Callable[..., Published],
    make_classification: Callable[..., Classification],
    make_evidence: Callable[..., Evidence],
) -> None:
    """What is added is what is got, but for the id, which the database gives."""
    full = make_item(
        guid="g1",
        title="《上海市“元宇宙”关键技术攻关行动方案》 𝕏",
        summary="摘要",
        published=make_published(precision=DatePrecision.DAY, origin=DateOrigin.URL, raw="2023-06-15"),
        author="记者",
        issuer="上海市人民政府办公厅",
        document_numbers=("沪府办发〔2023〕10号",),
        attachments=(Attachment(url="https://lianwen.example/1.pdf", name="附件1"),),
        body_origin=BodyOrigin.LIST,
        page_problem=Answer.TIMEOUT,
        facts=DocumentFacts(
            index_number="000014349/2023-00045",
            topic_class="科技、教育",
            written_on=date(2023, 5, 30),
            effective_on=date(2023, 7, 1),
            ends_on=date(2028, 6, 30),
            validity=Validity.EFFECTIVE,
            pages=3,
            marks=(PageMark.FILE_TEXT, PageMark.PAGES_MISSING),
        ),
        page_attempts=2,
        baseline=True,
        story_id=ItemId(7),
        classification=make_classification(
            evidence=(make_evidence(), make_evidence(zone=Zone.BODY, contribution=-0.25)),
            documents=("某行动方案",),
            document_numbers=("沪府办发〔2023〕10号",),
            jurisdiction=None,
            stage=Stage.DRAFT,
            effective_on=date(2024, 2, 29),
            comments_until=date(2023, 7, 15),
            gloss="Shanghai action plan for breakthroughs in key metaverse technologies 𝕏",
        ),
    )
    with database.unit_of_work() as unit:
        item_id = unit.items.add(full)
        unit.commit()
        assert unit.items.get(item_id) == replace(full, id=item_id)
        assert unit.items.get(ItemId(item_id + 1)) is None


@pytest.mark.parametrize("facts", [None, DocumentFacts(), DocumentFacts(marks=(PageMark.IMAGES_ONLY,))])
def test_facts_come_back(database: SqlDatabase, make_item: Callable[..., Item], facts: DocumentFacts | None) -> None:
    """No facts, empty ones, and a mark alone are told apart, also in an earlier revision."""
    with database.unit_of_work() as unit:
        item_id = unit.items.add(make_item(facts=facts))
        stored = unit.items.get(item_id)
        assert stored is not None
        assert stored.facts == facts
        unit.items.revise(replace(stored, text="别的话", revision=2, facts=None))
        assert [old.facts for old in unit.items.revisions(item_id)] == [facts]


def test_a_reclassification_replaces_stage_days_and_gloss(
    database: SqlDatabase, make_item: Callable[..., Item], make_classification: Callable[..., Classification]
) -> None:
    """What a later classification does not tell is gone, and an earlier revision keeps what it told."""
    told = make_classification(stage=Stage.REPEALED, effective_on=date(2024, 1, 1), gloss="Notice on repealing rules")
    bare = make_classification()
    with database.unit_of_work() as unit:
        item_id = unit.items.add(make_item(classification=told))
        stored = unit.items.get(item_id)
        assert stored is not None
        unit.items.revise(replace(stored, text="别的话", revision=2))
        unit.items.reclassify(item_id, bare)
        now = unit.items.get(item_id)
        assert now is not None
        assert now.classification == bare
        assert [old.classification for old in unit.items.revisions(item_id)] == [told]


def test_items_come_in_the_order_asked_for(database: SqlDatabase, make_item: Callable[..., Item]) -> None:
    """Many items come in the order of the ids, without those that are not there, more than one statement holds."""
    with database.unit_of_work() as unit:
        ids = [unit.items.add(make_item(n)) for n in range(1, 4)]
        asked = [ids[2], ItemId(10_000), ids[0], *(ItemId(n) for n in range(20_000, 22_000)), ids[1]]
        assert [item.id for item in unit.items.get_many(asked)] == [ids[2], ids[0], ids[1]]
        assert unit.items.get_many([]) == ()


def test_an_entry_is_known_by_its_guid_first(
    database: SqlDatabase, make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    """A guid leads to its item also when the address has changed to that of another item."""
    with database.unit_of_work() as unit:
        first = unit.items.add(make_item(1, guid="g1"))
        second = unit.items.add(make_item(2, guid="g2"))
        entries = [make_entry(2, guid="g1"), make_entry(9, guid="g1"), make_entry(2, guid="new"), make_entry(2)]
        known = unit.items.known(entries)
        assert [known[index].item_id for index in range(4)] == [first, first, second, second]


def test_a_guid_counts_only_within_its_source(
    database: SqlDatabase, make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    """Two sources may use one guid for different articles."""
    with database.unit_of_work() as unit:
        unit.items.add(make_item(1, guid="17"))
        assert unit.items.known([make_entry(2, source_id=OTHER, guid="17")]) == {}


def test_an_address_is_known_across_sources_and_spellings(
    database: SqlDatabase, make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    """Another source that links the same page, spelled differently, leads to the stored item, with no words yet."""
    with database.unit_of_work() as unit:
        item_id = unit.items.add(make_item(1))
        entry = make_entry(source_id=OTHER, url="http://www.lianwen.example/news/1/?utm_source=x#top")
        assert unit.items.known([entry]) == {
            0: Known(item_id=item_id, entry_hash="", page_missing=False, page_attempts=0)
        }
        unit.items.touch(item_id, source_id=OTHER, entry_hash="1:ff")
        assert unit.items.known([entry])[0].entry_hash == "1:ff"
        item = unit.items.get(item_id)
        assert item is not None
        assert (item.also_seen, item.entry_hash) == ((OTHER,), make_item(1).entry_hash)


def test_an_item_is_known_by_the_address_listed_and_by_the_one_redirected_to(
    database: SqlDatabase, make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    """A listed address that redirects is not fetched anew on every poll."""
    with database.unit_of_work() as unit:
        item_id = unit.items.add(make_item(1, canonical_url="lianwen.example/final"))
        known = unit.items.known([make_entry(1), make_entry(url="https://lianwen.example/final")])
        assert {one.item_id for one in known.values()} == {item_id}


def test_an_entry_that_redirects_to_a_stored_item_is_known_once_it_was_seen(
    database: SqlDatabase, make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    """A touch with the entry teaches its guid and address, but takes none from another item."""
    detour = make_entry(url="https://short.example/x", guid="s1", source_id=OTHER)
    with database.unit_of_work() as unit:
        first, second = (unit.items.add(make_item(n)) for n in (1, 2))
        assert unit.items.known([detour]) == {}
        unit.items.touch(first, source_id=OTHER, entry_hash="1:ab", entry=detour)
        unit.items.touch(second, source_id=OTHER, entry_hash="1:cd", entry=replace(detour, guid="s2"))
        entries = [replace(detour, guid=None), replace(detour, url=""), replace(detour, guid="s2")]
        assert [one.item_id for one in unit.items.known(entries).values()] == [first, first, second]


def test_an_entry_without_guid_and_address_is_known_by_its_title(
    database: SqlDatabase, make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    """Title and source identify what has nothing else; white space and width do not count."""
    with database.unit_of_work() as unit:
        item_id = unit.items.add(make_item(1, url="", canonical_url="", title="比特币　突破3万美元"))
        same = make_entry(url="", title="比特币 突破３万美元")
        known = unit.items.known([same, replace(same, source_id=OTHER), replace(same, title="别的")])
        assert {index: one.item_id for index, one in known.items()} == {0: item_id}


def test_a_long_list_takes_a_handful_of_statements(
    database: SqlDatabase, make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    """1,100 entries with 2,200 keys, half of them stored, are looked up in at most ten statements."""
    statements: list[str] = []
    with database.unit_of_work() as unit:
        ids = {n: unit.items.add(make_item(n, guid=f"g{n}")) for n in range(0, 1100, 2)}
        entries = [make_entry(n, guid=f"g{n}") for n in range(1100)]
        event.listen(database._engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
        known = unit.items.known(entries)
    assert {index: one.item_id for index, one in known.items()} == ids
    assert 0 < len(statements) <= 10


@pytest.mark.parametrize(
    ("problem", "origin", "missing"),
    [
        (None, BodyOrigin.PAGE, False),
        (Answer.TIMEOUT, BodyOrigin.LIST, True),
        (Answer.TIMEOUT, BodyOrigin.NONE, True),
        (Answer.GONE, BodyOrigin.LIST, False),
    ],
)
def test_a_page_missing_for_a_passing_reason_is_told(
    database: SqlDatabase,
    make_item: Callable[..., Item],
    make_entry: Callable[..., Entry],
    *,
    problem: Answer | None,
    origin: BodyOrigin,
    missing: bool,
) -> None:
    """Only an item whose page may yet be had is worth another look, and the looks are counted."""
    with database.unit_of_work() as unit:
        item_id = unit.items.add(make_item(1, page_problem=problem, body_origin=origin, page_attempts=1))
        assert unit.items.known([make_entry(1)])[0].page_missing is missing
        unit.items.touch(item_id, source_id=SourceId("lianwen"), entry_hash="x", page_attempts=2)
        unit.items.touch(item_id, source_id=SourceId("lianwen"), entry_hash="y")
        seen = unit.items.known([make_entry(1)])[0]
        assert (seen.page_attempts, seen.entry_hash) == (2, "y")


def test_a_second_item_of_one_identity_is_refused_and_the_rest_goes_on(
    database: SqlDatabase, make_item: Callable[..., Item]
) -> None:
    """Adding what is there raises, stores no half of it, and leaves the unit of work fit for more."""
    with database.unit_of_work() as unit:
        unit.items.add(make_item(1, guid="g1"))
        for twin in (make_item(2, guid="g1"), make_item(1, guid="g2")):
            with pytest.raises(StorageError, match="stored already"):
                unit.items.add(twin)
        unit.items.add(make_item(3, guid="g2"))
        unit.commit()
        assert unit.items.count() == 2


def test_a_revision_keeps_the_old_content_and_the_identity(
    database: SqlDatabase,
    now: datetime,
    make_item: Callable[..., Item],
    make_entry: Callable[..., Entry],
    make_classification: Callable[..., Classification],
) -> None:
    """A revised item has a new text and number, its old id and first sight, and its past beside it."""
    old = make_item(1, guid="g1")
    with database.unit_of_work() as unit:
        item_id = unit.items.add(old)
        second = make_item(
            1,
            id=item_id,
            guid="g1-fixed",
            title="更正",
            entry_hash="1:ee",
            classification=make_classification(),
            first_seen_at=now + HOUR,
            updated_at=now + HOUR,
        )
        unit.items.revise(second)
        unit.items.revise(replace(second, title="再更正"))
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.items.get(item_id) == replace(second, title="再更正", first_seen_at=now, revision=3)
        assert unit.items.revisions(item_id) == (
            replace(old, id=item_id),
            replace(second, first_seen_at=now, revision=2),
        )
        keys = unit.items.known([make_entry(5, guid="g1"), make_entry(6, guid="g1-fixed"), make_entry(1)])
        assert {one.item_id for one in keys.values()} == {item_id}
        assert len(keys) == 3
        assert unit.items.revisions(ItemId(item_id + 1)) == ()


def test_a_late_classification_makes_no_revision(
    database: SqlDatabase, make_item: Callable[..., Item], make_classification: Callable[..., Classification]
) -> None:
    """An item that waited for its classification gets it without a change of content or revision."""
    judged = make_classification()
    with database.unit_of_work() as unit:
        item_id = unit.items.add(make_item(1))
        unit.items.reclassify(item_id, judged)
        assert unit.items.get(item_id) == make_item(1, id=item_id, classification=judged)
        assert unit.items.revisions(item_id) == ()
        assert unit.items.unclassified(limit=9) == ()
        with pytest.raises(StorageError, match="Item 77 is not stored"):
            unit.items.reclassify(ItemId(77), judged)


def test_a_revision_never_takes_the_keys_of_another_item(
    database: SqlDatabase, make_item: Callable[..., Item], make_entry: Callable[..., Entry]
) -> None:
    """An item that now redirects to another's page leaves that page to the other."""
    with database.unit_of_work() as unit:
        first, second = (unit.items.add(make_item(n)) for n in (1, 2))
        unit.items.revise(make_item(2, id=first, source_id=SourceId("lianwen")))
        assert [one.item_id for one in unit.items.known([make_entry(1), make_entry(2)]).values()] == [first, second]


def test_changing_what_is_not_stored_is_a_storage_error(database: SqlDatabase, make_item: Callable[..., Item]) -> None:
    """Revising or touching an unknown item raises, and the unit of work can go on."""
    with database.unit_of_work() as unit:
        with pytest.raises(StorageError, match="Item 77 is not stored"):
            unit.items.revise(make_item(77))
        with pytest.raises(StorageError, match="Item 77 is not stored"):
            unit.items.touch(ItemId(77), source_id=OTHER, entry_hash="")
        assert unit.items.count() == 0


def test_relevant_waiting_and_all_items_are_told_apart(
    database: SqlDatabase,
    now: datetime,
    make_item: Callable[..., Item],
    make_classification: Callable[..., Classification],
) -> None:
    """Relevant ones come newest first, those that wait for a classification oldest first; counts agree."""
    yes, no = make_classification(), make_classification(relevant=False, score=0.1, topics=())
    with database.unit_of_work() as unit:
        ids = [
            unit.items.add(make_item(n, classification=judged, first_seen_at=now + n * HOUR))
            for n, judged in enumerate([yes, no, None, yes, None])
        ]
        assert [item.id for item in unit.items.recent_relevant(since=now, limit=9)] == [ids[3], ids[0]]
        assert [item.id for item in unit.items.recent_relevant(since=now, limit=1)] == [ids[3]]
        assert [item.id for item in unit.items.recent_relevant(since=now + HOUR, limit=9)] == [ids[3]]
        assert [item.id for item in unit.items.recent(since=now + HOUR, limit=3)] == [ids[4], ids[3], ids[2]]
        assert [item.id for item in unit.items.recent(since=now + 3 * HOUR, limit=9)] == [ids[4], ids[3]]
        assert [item.id for item in unit.items.unclassified(limit=9)] == [ids[2], ids[4]]
        assert [item.id for item in unit.items.unclassified(limit=1)] == [ids[2]]
        assert (unit.items.count(), unit.items.count(relevant_only=True)) == (5, 2)


def test_hostile_characters_are_stored_without_a_fault(
    database: SqlDatabase,
    make_item: Callable[..., Item],
    make_entry: Callable[..., Entry],
    make_classification: Callable[..., Classification],
    make_evidence: Callable[..., Evidence],
) -> None:
    """NUL, half surrogate pairs and endless addresses of a broken page do not stop a poll on any database."""
    long_url = "https://lianwen.example/" + "长" * 5000
    broken = "a\x00b\ud800c"
    with database.unit_of_work() as unit:
        item_id = unit.items.add(
            make_item(
                title=broken,
                url=long_url,
                canonical_url=long_url,
                guid=broken * 1000,
                attachments=(Attachment(url=broken, name=broken),),
                classification=make_classification(evidence=(make_evidence(text=broken),), reason=broken),
            )
        )
        item = unit.items.get(item_id)
        assert item is not None
        assert item.classification is not None
        words = (item.title, item.attachments[0].name, item.classification.evidence[0].text)
        assert all(word.startswith("ab") and word.endswith("c") and "\x00" not in word for word in words)
        assert unit.items.known([make_entry(url=long_url), make_entry(guid=broken * 1000)]).keys() == {0, 1}


def test_an_item_is_in_no_story_until_it_is_put_into_one(database: SqlDatabase, make_item: Callable[..., Item]) -> None:
    """Nothing begins a story by itself, and a revision that names none leaves an item in its own."""
    with database.unit_of_work() as unit:
        first = unit.items.add(make_item(1))
        second = unit.items.add(make_item(2, story_id=StoryId(7)))
        unit.items.revise(make_item(2, id=second, title="更正"))
        unit.commit()
    with database.unit_of_work() as unit:
        assert [item.story_id for item in unit.items.get_many([first, second])] == [None, StoryId(7)]
