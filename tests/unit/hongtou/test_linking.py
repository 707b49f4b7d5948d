"""Every item is put into the story of its event, in the transaction that stores it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.errors import StorageError
from core.item import BodyOrigin, ItemId, StoryId
from core.listing import Listing
from core.stories import LinkDecision, Relation, StoryEventKind
from hongtou.story_finding import StoryFinder

if TYPE_CHECKING:
    from typing import Any

COPIED = "区块链公告。" + "".join(chr(0x5000 + k) for k in range(200))


def test_reports_of_one_event_are_one_story(newsroom: Any) -> None:
    """Whatever their outlet and language; the log tells why each is in it."""
    first = newsroom.accept(1, "#plan 区块链")
    second = newsroom.accept(2, "blockchain #plan", language="en")
    assert first.story_id == second.story_id
    story = newsroom.story(first)
    assert (story.items, story.sources, story.languages, story.relevant) == (2, 2, ("zh", "en"), True)
    assert newsroom.kinds(first) == ["begun", "report", "new-language"]
    assert newsroom.log(first)[1].reason == "same tag"


def test_other_events_are_other_stories(newsroom: Any) -> None:
    """Each begins with its own entry in its log."""
    first, second = newsroom.accept(1, "#plan 区块链"), newsroom.accept(2, "#rule 区块链")
    assert first.story_id != second.story_id
    assert newsroom.kinds(second) == ["begun"]


def test_the_authoritys_document_is_found_later_too(newsroom: Any, clock: Any) -> None:
    """It names the story from then on; a better page takes its place, and the log says in whose."""
    first = newsroom.accept(1, "#plan 区块链 快讯")
    clock.advance(days=3)
    issued = {"issuer": "上海市人民政府", "text": "#plan 区块链"}
    own = newsroom.accept(2, "关于印发区块链行动计划的通知", source="gov1", **issued)
    story = newsroom.story(first)
    assert (story.primary_item_id, story.title) == (own.id, own.title)
    assert newsroom.kinds(first) == ["begun", "report", "primary-found"]
    better = newsroom.accept(3, "区块链行动计划", source="gov2", document_numbers=("1号",), **issued)
    assert newsroom.story(first).primary_item_id == better.id
    assert newsroom.log(first)[-1].reason == f"in place of item {own.id}"


def test_an_item_that_shows_two_stories_to_be_one_merges_them(newsroom: Any) -> None:
    """All items are in one story, and the old number leads there."""
    one, other = newsroom.accept(1, "#plan 区块链"), newsroom.accept(2, "#rule 区块链")
    both = newsroom.accept(3, "#plan #rule 区块链")
    assert {newsroom.item(item.id).story_id for item in (one, other, both)} == {both.story_id}
    assert newsroom.story(one.story_id) == newsroom.story(other.story_id)
    assert newsroom.story(both).items == 3
    assert "merged" in newsroom.kinds(both)


def test_a_round_up_does_not_merge_two_papers(newsroom: Any, database: Any) -> None:
    """Two stories that have each the authority's own document stay apart, and are siblings."""
    papers = [
        newsroom.accept(n, f"#{tag} 区块链{name}", source="gov1", issuer="上海市人民政府")
        for n, (tag, name) in enumerate((("plan", "行动计划"), ("rule", "管理办法")), start=1)
    ]
    both = newsroom.accept(3, "#plan #rule 区块链")
    assert both.story_id == papers[0].story_id != papers[1].story_id
    with database.reading() as uow:
        [tie] = uow.stories.kin(both.story_id)
    assert (tie.relation, tie.later, tie.earlier) == (Relation.SIBLING, papers[1].story_id, papers[0].story_id)


def test_a_report_joins_the_story_of_the_paper_it_is_about(
    newsroom: Any, make_classification: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two that it fits: the one whose document it names in its title, or else first."""
    for n, (tag, name) in enumerate((("plan", "区块链产业行动计划"), ("rule", "区块链安全管理办法")), start=1):
        newsroom.accept(n, name, source="gov1", issuer="上海市人民政府", text=f"#{tag} 区块链")
    monkeypatch.setattr(
        newsroom.classifier, "_make", lambda **fields: make_classification(**fields, documents=("区块链安全管理办法",))
    )
    about = newsroom.accept(3, "区块链快讯", text="#plan #rule 区块链")
    assert about.story_id == newsroom.item(2).story_id
    assert newsroom.item(1).story_id != about.story_id


def test_a_second_paper_begins_a_story(newsroom: Any, database: Any) -> None:
    """An authority's document does not join the story of another one, however alike; a notice of the same does."""
    first = newsroom.accept(1, "#plan 区块链行动计划", source="gov1", issuer="上海市人民政府")
    second = newsroom.accept(2, "#plan 区块链实施办法", source="gov1", issuer="上海市人民政府")
    assert first.story_id != second.story_id
    with database.reading() as uow:
        [tie] = uow.stories.kin(second.story_id)
    assert (tie.relation, tie.reason) == (Relation.SIBLING, "another document of the same matter")
    assert newsroom.accept(3, "#plan 区块链 快讯").story_id in (first.story_id, second.story_id)
    notice = newsroom.accept(4, "关于印发《#plan 区块链行动计划》的通知", source="gov2", issuer="上海市人民政府")
    assert notice.story_id == first.story_id


def test_a_decision_may_name_what_is_one_already(newsroom: Any) -> None:
    """A story that was merged meanwhile, or is gone, is no hindrance."""
    newsroom.accept(1, "#plan 区块链")
    newsroom.accept(2, "#rule 区块链")
    decision = LinkDecision(story_id=StoryId(1), same=(StoryId(99), StoryId(1), StoryId(2), StoryId(2)))
    newsroom.finder = StoryFinder(newsroom.finder._reader, lambda _, __: decision, window=timedelta(days=30))
    newsroom.reopen()
    assert newsroom.accept(3, "区块链").story_id == 1
    assert newsroom.story(2).items == 3


def test_what_a_user_split_is_not_merged(newsroom: Any, database: Any) -> None:
    """Nor through a third story that was split from one of them."""
    items = [newsroom.accept(n, f"#{tag} 区块链") for n, tag in enumerate(("plan", "rule", "list"), start=1)]
    one, other, third = (item.story_id for item in items)
    with database.unit_of_work() as uow:
        uow.stories.keep_apart(other, third)
        uow.commit()
    last = newsroom.accept(4, "#plan #rule #list 区块链")
    stories = [newsroom.item(item.id).story_id for item in items]
    assert stories == [one, one, third]
    assert last.story_id == one


def test_an_item_may_follow_another_story(newsroom: Any, database: Any) -> None:
    """A final act is related to its draft, and not put together with it; a tie to itself is none."""
    draft = newsroom.accept(1, "#draft 区块链")
    final = newsroom.accept(2, "#final ##draft 区块链")
    newsroom.accept(3, "#final ##final 区块链")
    with database.reading() as uow:
        [tie] = uow.stories.kin(final.story_id)
    assert (tie.later, tie.earlier, tie.relation) == (final.story_id, draft.story_id, Relation.FINALISES)


def test_a_tie_may_lead_to_the_later_story(newsroom: Any, database: Any) -> None:
    """When the draft is seen after its final form, the final form is still the later one."""
    final = newsroom.accept(1, "#final 区块链")

    def decide(_: Any, candidates: Any) -> LinkDecision:
        kin = tuple((one.story_id, Relation.FINALISES, False, "") for one in candidates)
        return LinkDecision(story_id=None, kin=(*kin, (StoryId(99), Relation.FOLLOWS, True, "gone")))

    newsroom.finder = StoryFinder(newsroom.finder._reader, decide, window=timedelta(days=30))
    newsroom.reopen()
    draft = newsroom.accept(2, "#draft #final 区块链")
    with database.reading() as uow:
        [tie] = uow.stories.kin(draft.story_id)
    assert (tie.later, tie.earlier) == (final.story_id, draft.story_id)


def test_a_story_takes_no_reports_after_its_time(newsroom: Any, clock: Any, database: Any) -> None:
    """The same matter after more than thirty days is a new story that follows the old one."""
    old = newsroom.accept(1, "#plan 区块链")
    clock.advance(days=31)
    new = newsroom.accept(2, "#plan 区块链")
    assert old.story_id != new.story_id
    with database.reading() as uow:
        [tie] = uow.stories.kin(new.story_id)
    assert (tie.relation, tie.earlier) == (Relation.FOLLOWS, old.story_id)


def test_what_names_nothing_of_policy_is_looked_up_like_all_else(newsroom: Any, make_classification: Any) -> None:
    """Reports of one event are one story although the lexicon knows no word of them."""
    newsroom.classifier._make = lambda **fields: make_classification(**{**fields, "evidence": ()})
    first, second = (newsroom.accept(n, "#plan 例行通知", text=f"天气提示{n}") for n in (1, 2))
    assert first.story_id == second.story_id


def test_a_copy_is_joined_also_by_an_item_that_is_relevant(newsroom: Any) -> None:
    """The same words are one story, however each was judged."""
    words = COPIED.replace("区块链", "纺织业")
    first = newsroom.accept(3, "例行公告", text=words)
    assert newsroom.accept(4, "转载公告", text=words).story_id == first.story_id
    assert newsroom.accept(5, "区块链", text=words).story_id == first.story_id


def test_an_item_that_names_a_technology_is_looked_up_though_it_is_not_relevant(newsroom: Any) -> None:
    """A report that the classifier passed over is in the story all the same."""
    first = newsroom.accept(1, "#plan 区块链")
    passed = newsroom.accept(2, "#plan", text="无关")
    assert passed.classification is not None
    assert not passed.classification.relevant
    assert passed.story_id == first.story_id


def test_a_copy_that_the_decision_refused_is_not_joined_by_the_way(newsroom: Any) -> None:
    """Where the traits of a copy speak against one event, that counts."""
    newsroom.finder = StoryFinder(
        newsroom.finder._reader, lambda _, __: LinkDecision(story_id=None), window=timedelta(days=30)
    )
    newsroom.reopen()
    one, other = newsroom.accept(1, "#plan 区块链", text=COPIED), newsroom.accept(2, "#rule 区块链", text=COPIED)
    assert one.story_id != other.story_id


def test_a_fault_of_the_reader_costs_neither_item_nor_alert(newsroom: Any) -> None:
    """The item begins a story of its own, is told, and joins its story when the fault is mended."""
    first = newsroom.accept(1, "#plan 区块链")
    broken = newsroom.accept(2, "#plan 崩溃 区块链")
    assert broken.story_id != first.story_id
    assert len(newsroom.outbox()) == 2
    assert newsroom.linker.take_faulty() == (broken.id,)


def test_a_fault_still_leaves_an_item_to_its_copies(newsroom: Any) -> None:
    """What needs no reading of traits goes on."""
    first = newsroom.accept(1, "区块链", text=COPIED)
    assert newsroom.accept(2, "崩溃 区块链", text=COPIED).story_id == first.story_id


def test_a_fault_of_the_database_is_none_of_the_reader(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing is stored, and the next poll brings the item again."""

    def fail(*_: Any, **__: Any) -> None:
        raise StorageError("away")

    monkeypatch.setattr(newsroom.finder, "candidates", fail)
    with pytest.raises(StorageError):
        newsroom.accept(1, "#plan 区块链")
    assert newsroom.stories() == []


def test_a_crash_while_linking_leaves_nothing_behind(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Item, story and alert are one transaction: all of them are there, or none."""

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(newsroom.finder, "keep", die)
        with pytest.raises(KeyboardInterrupt):
            newsroom.accept(1, "#plan 区块链")
    assert (newsroom.stories(), newsroom.outbox()) == ([], [])
    newsroom.accept(1, "#plan 区块链")
    assert len(newsroom.stories()) == len(newsroom.outbox()) == 1


def test_a_revised_item_alone_in_its_story_is_linked_anew(newsroom: Any) -> None:
    """Its new words show which event it tells: its story becomes that one, and nothing is told twice."""
    first = newsroom.accept(1, "#plan 区块链")
    second = newsroom.accept(2, "快讯 区块链")
    assert second.story_id != first.story_id
    revised = newsroom.accept(2, "#plan 区块链 全文")
    assert (revised.id, revised.story_id) == (second.id, first.story_id)
    assert newsroom.story(second.story_id).id == first.story_id
    assert newsroom.kinds(first).count("revised") == 1
    assert len(newsroom.outbox()) == 2


def test_a_revised_item_among_others_stays(newsroom: Any) -> None:
    """Other words do not tear a story apart; what is known of it is brought up to date, and it is found by them."""
    first, second = newsroom.accept(1, "#plan 区块链"), newsroom.accept(2, "#plan 区块链 二")
    other = newsroom.accept(3, "#rule 区块链")
    revised = newsroom.accept(1, "#rule 区块链 改")
    assert revised.story_id == second.story_id == first.story_id != other.story_id
    assert newsroom.story(first).title == revised.title
    assert newsroom.accept(4, "#rule 区块链 四").story_id in (first.story_id, other.story_id)


def test_a_revised_item_does_not_go_back_to_what_it_was_split_from(newsroom: Any, database: Any) -> None:
    """A user's word outlives an edit, also by way of a copy."""
    first, second = newsroom.accept(1, "#plan 区块链", text=COPIED), newsroom.accept(2, "#rule 区块链")
    with database.unit_of_work() as uow:
        uow.stories.keep_apart(first.story_id, second.story_id)
        uow.commit()
    assert newsroom.accept(2, "#plan 区块链 改", text=COPIED).story_id == second.story_id


def test_a_late_judgement_links_anew_and_tells(newsroom: Any, clock: Any) -> None:
    """An item that waited for its judgement joins the story of its event, which was told already."""
    first = newsroom.accept(1, "#plan 区块链")
    waiting = newsroom.accept(2, "#plan 爆炸 区块链")
    assert waiting.classification is None
    assert waiting.story_id != first.story_id
    newsroom.classifier.broken = False
    clock.advance(minutes=1)
    assert newsroom.intake._judge_waiting(newsroom.source, 9) == 1
    assert newsroom.item(waiting.id).story_id == first.story_id
    assert len(newsroom.outbox()) == 1


def test_what_a_first_sync_stores_is_linked_silently(
    newsroom: Any, make_entry: Any, make_poll: Any, make_published: Any, now: Any
) -> None:
    """Its stories are there for later reports, which are told once."""
    old = make_published(at=now - timedelta(days=3))
    rows = tuple(make_entry(n, title=f"#plan 区块链 {n}", published=old) for n in (1, 2))
    newsroom.intake._plan(make_poll(), Listing(entries=rows))
    [story] = newsroom.stories()
    assert (story.items, newsroom.outbox()) == (2, [])
    later = newsroom.accept(3, "#plan 区块链")
    assert later.story_id == story.id
    assert len(newsroom.outbox()) == 1


def test_many_reports_are_counted_beyond_what_is_read(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A story of very many items is told from the first of them, and from the one that has just come."""
    monkeypatch.setattr("hongtou.story_summary._TOLD_FROM", 2)
    items = [newsroom.accept(n, "#plan 区块链") for n in (1, 2, 3)]
    newsroom.accept(4, "#plan blockchain", language="en")
    story = newsroom.story(items[0])
    assert (story.items, story.languages) == (4, ("zh", "en"))


def test_an_item_found_in_no_story_is_linked_when_it_is_revised(newsroom: Any) -> None:
    """Whatever left it so."""
    item_id = newsroom.store(1, title="快讯", body_origin=BodyOrigin.PAGE, source_id="outlet1",
                             url="https://outlet1.example/1", canonical_url="https://outlet1.example/1")  # fmt: skip
    revised = newsroom.accept(1, "#plan 区块链")
    assert revised.id == item_id
    assert newsroom.story(revised).items == 1


def test_an_edit_is_in_the_log(newsroom: Any) -> None:
    """With the item that was edited."""
    first = newsroom.accept(1, "#plan 区块链")
    newsroom.accept(1, "#plan 区块链 改")
    entry = newsroom.log(first)[-1]
    assert (entry.kind, entry.item_id) == (StoryEventKind.REVISED, first.id)


def test_an_item_is_relinked_by_what_it_says_now(newsroom: Any, database: Any, clock: Any) -> None:
    """A story that is gone by then is no hindrance."""
    first = newsroom.accept(1, "#plan 区块链")
    with database.unit_of_work() as uow:
        linked = newsroom.linker.relink(uow, replace(first, story_id=StoryId(77)), (), now=clock.now())
        uow.commit()
    assert linked.story_id != first.story_id
    assert newsroom.item(ItemId(first.id)).story_id == linked.story_id
