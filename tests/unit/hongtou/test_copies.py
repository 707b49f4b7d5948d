"""Tests of finding copies: in intake, in memory, and how their index is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from opencc import OpenCC

from alerts.matcher import OrderedRouteMatcher
from classifier.fingerprints import ShingleFingerprinter
from core.decide import IntakeLimits
from core.item import Article, ItemId, StoryId
from core.near_duplicates import Words
from core.network import NetworkWatch
from core.story_facts import Report, tell_story
from hongtou.copies import CopyFinder, CopyKeeper
from hongtou.copy_shelf import CopyShelf
from hongtou.intake import JudgingRules, StoringIntake
from hongtou.linking import StoryLinker

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.item import Item
    from storage.database import SqlDatabase

DAY = timedelta(days=1)
PLAN = (
    "青岚市人民政府办公厅今日印发区块链产业三年行动计划，提出到2026年培育企业120家。\n"
    "计划要求各区在年内建成公共服务平台，并对上链数据达标的企业按用量给予补贴。\n"
    "市数据局负责人说，首批应用将落在港口、票据与不动产登记三处，系统由企业自建。\n"
    "业内人士认为，补贴标准高于邻近城市，有望吸引底层平台厂商落户。\n"
    "市财政局同日公布了资金管理细则，明确单个项目最高支持800万元。"
)
OTHER = (
    "监管部门昨晚通报两家平台违规发行稳定币，责令其停止服务并清退用户资产，案件已移送公安机关。\n"
    "通报称，平台以区块链创新为名向公众募集资金，涉及十余个省份，部分资金已被冻结。"
)
FRAME = (
    "青岚日报数字版由青岚报业集团主办并保留全部权利",
    "版权所有未经书面许可不得转载本站任何内容与图片",
    "举报电话与网上投诉入口见页面底部链接处",
)


@pytest.fixture
def finder() -> CopyFinder:
    """What intake finds copies with."""
    return CopyFinder(ShingleFingerprinter())


@pytest.fixture
def accept(
    database: SqlDatabase, classifier: Any, offload: Any, clock: Any, finder: CopyFinder,
    make_route: Any, make_poll: Any, make_source: Any, make_state: Any, make_entry: Any, make_article: Any, now: Any,
    story_finder: Any,
) -> Callable[..., Item]:  # fmt: skip
    """Acceptor of one article; returns what was stored."""
    intake = StoringIntake(
        database=database, copies=finder, linker=StoryLinker(story_finder),
        offload=offload, clock=clock, network=NetworkWatch(hosts=5), jitter=lambda: 0.0,
        rules=JudgingRules(
            classifier=classifier, finder=story_finder, matcher=OrderedRouteMatcher([make_route()]),
            limits=IntakeLimits(),
        ),
    )  # fmt: skip

    def run(n: int, text: str, title: str = "青岚市印发区块链行动计划", source: str = "") -> Item:
        outlet = make_source(id=source or f"outlet{n}")
        poll = make_poll(source=outlet, state=make_state(source_id=outlet.id, first_synced_at=now))
        article: Article = make_article(n, url=f"https://outlet{n}.example/{n}", title=title, text=text)
        entry = make_entry(n, source_id=outlet.id, url=article.url, title=title)
        accepted = asyncio.run(intake.accept(poll, entry, article))
        with database.unit_of_work() as uow:
            stored = uow.items.get(ItemId(accepted.item_id))
        assert stored is not None
        return stored

    return run


def alerts(database: SqlDatabase) -> int:
    """Return how many alerts there are."""
    with database.unit_of_work() as uow:
        return len(uow.outbox.list())


EDITED = {
    "another headline": ("三年培育百余家链上企业，青岚这样做", PLAN),
    "cut": ("青岚区块链计划", PLAN[: len(PLAN) // 2]),
    "Traditional": (OpenCC("s2t").convert("青岚市印发区块链行动计划"), OpenCC("s2t").convert(PLAN)),
    "another beginning": ("快讯", "本报记者昨日从新闻发布会上获悉以下消息。\n" + PLAN),
    "reworded": ("青岚行动计划", PLAN.replace("今日印发", "正式发布").replace("业内人士认为", "有分析指出")),
    "wide": ("青岚行动计划", PLAN.replace("2026", "２０２６").replace("，", ", ")),
}


@pytest.mark.parametrize("kind", EDITED)
def test_an_edited_copy_joins_the_story_and_is_not_told_again(
    accept: Callable[..., Item], database: SqlDatabase, kind: str
) -> None:
    """However a copy was edited, it is of the story of its original, which is told once."""
    first = accept(1, PLAN)
    title, text = EDITED[kind]
    assert accept(2, text, title).story_id == first.story_id
    assert alerts(database) == 1


def test_another_text_begins_a_story(accept: Callable[..., Item]) -> None:
    """What shares no more than words has its own story."""
    first = accept(1, PLAN)
    assert accept(2, OTHER, "两家平台违规发行稳定币被通报").story_id != first.story_id


def test_copies_are_joined_whether_relevant_or_not(accept: Callable[..., Item]) -> None:
    """Also items that nobody wants are indexed, so that a copy that somebody wants later finds its story."""
    plain = PLAN.replace("区块链", "纺织业")
    first = accept(1, plain, "青岚市印发纺织业行动计划")
    assert first.classification is not None
    assert not first.classification.relevant
    assert accept(2, plain, "百余家企业将获补贴").story_id == first.story_id


def test_a_copy_is_found_after_a_restart(
    accept: Callable[..., Item], database: SqlDatabase, finder: CopyFinder, clock: Any
) -> None:
    """The index is in the database, with the item: whoever opens it next finds its copies, with nothing to catch up."""
    first = accept(1, PLAN)
    other = CopyFinder(ShingleFingerprinter())
    with database.unit_of_work() as uow:
        reading = other.read(uow.near_duplicates, Words(title="", text=PLAN), source_id="x")
        assert [copy.item_id for copy in other.find(uow.near_duplicates, reading, now=clock.now())] == [first.id]
        assert uow.near_duplicates.unindexed(since=clock.now() - DAY, version=finder.version, limit=9) == ()


def test_a_copy_beyond_the_window_is_another_story(accept: Callable[..., Item], clock: Any) -> None:
    """A text that comes again after more than thirty days is news."""
    first = accept(1, PLAN)
    clock.advance(days=31)
    assert accept(2, PLAN).story_id != first.story_id


def test_a_revision_is_found_by_its_new_words(accept: Callable[..., Item]) -> None:
    """When a page was rewritten altogether, copies of its new text are its copies, those of the old one are not."""
    first = accept(1, PLAN)
    assert accept(1, OTHER, "两家平台违规发行稳定币被通报").revision == 2
    assert accept(2, OTHER, "稳定币平台被查").story_id == first.story_id
    assert accept(3, PLAN, "旧文").story_id != first.story_id


def test_pages_of_one_site_are_no_copies(accept: Callable[..., Item]) -> None:
    """Short items within the long frame of their site stay apart, from the second page on."""
    texts = [
        "该市今日上线区块链发票平台，首日开票两万余张，覆盖餐饮与零售两个行业，其余行业将在下半年陆续接入。",
        "人工智能算力中心二期昨日开工，投资方未透露金额，预计明年秋季可以投入运行，一期已经满负荷运转。",
        "两所高校联合设立脑机接口实验室，首批研究员二十人今日到岗，实验室设备由企业捐赠，课题下月公布。",
    ]
    stories = [
        accept(n, "\n".join((*FRAME, text)), f"新闻{'甲乙丙'[n]}", "daily").story_id for n, text in enumerate(texts)
    ]
    assert len(set(stories)) == 3


def test_what_recurs_in_a_source_is_left_out(finder: CopyFinder, now: Any) -> None:
    """A line at the edge of three pages of a source is no part of the fourth; for other sources it is a line as any."""
    shelf = CopyShelf()
    for n in range(1, 4):
        words = Words(title=f"{n}", text=f"{'一二三四五六七八九十'[n] * 80}\n{FRAME[0]}")
        shelf.add(ItemId(n), words, source_id="daily")
        finder.keep(shelf, ItemId(n), finder.read(shelf, words, source_id="daily"), seen_at=now, is_new=True)
    framed, bare = (
        finder.read(shelf, Words(title="", text=text), source_id="daily") for text in (f"{PLAN}\n{FRAME[0]}", PLAN)
    )
    assert framed.fingerprint == bare.fingerprint
    elsewhere = finder.read(shelf, framed.words, source_id="other")
    assert elsewhere.fingerprint != bare.fingerprint


def test_the_nearest_copy_comes_first_and_an_item_is_not_its_own(finder: CopyFinder, now: Any) -> None:
    """Copies are told by likeness, then by age; the text's own item can be left out."""
    shelf = CopyShelf()
    for n, text in enumerate(
        (PLAN.replace("负责人", "新闻发言人").replace("认为", "表示"), PLAN, PLAN, OTHER), start=1
    ):
        words = Words(title="", text=text)
        shelf.add(ItemId(n), words, source_id=f"s{n}")
        finder.keep(shelf, ItemId(n), finder.read(shelf, words, source_id=f"s{n}"), seen_at=now, is_new=True)
    reading = finder.read(shelf, Words(title="", text=PLAN), source_id="x")
    assert [copy.item_id for copy in finder.find(shelf, reading, now=now)] == [2, 3, 1]
    assert [copy.item_id for copy in finder.find(shelf, reading, now=now, besides=ItemId(2))] == [3, 1]
    assert finder.find(shelf, reading, now=now + 31 * DAY) == ()


def keep(database: SqlDatabase, offload: Any, clock: Any, finder: CopyFinder) -> CopyKeeper:
    """Return a keeper after its first round."""
    keeper = CopyKeeper(finder=finder, database=database, offload=offload, clock=clock)
    asyncio.run(keeper.keep())
    return keeper


def test_items_of_an_older_program_are_caught_up_on(
    database: SqlDatabase, offload: Any, clock: Any, finder: CopyFinder, make_item: Any, accept: Callable[..., Item]
) -> None:
    """Items that were stored without keys get them at the next start, however many there are."""
    with database.unit_of_work() as uow:
        for n in range(1, 120):
            uow.items.add(make_item(n, text="", title=f"第{n}号"))
        first = uow.items.add(make_item(500, text=PLAN))
        uow.commit()
    keep(database, offload, clock, finder)
    with database.unit_of_work() as uow:
        assert uow.near_duplicates.unindexed(since=clock.now() - DAY, version=finder.version, limit=9) == ()
        old = uow.stories.begin(tell_story(StoryId(0), [Report(item=make_item(500), source=None)]))
        uow.stories.move([first], old)
        uow.commit()
    assert accept(900, PLAN, "计划来了").story_id == old


def test_a_crash_leaves_no_item_without_keys(
    database: SqlDatabase, finder: CopyFinder, accept: Callable[..., Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the keys cannot be stored, the item is not stored either, and comes again with the next poll."""

    def break_(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(finder, "keep", break_)
        with pytest.raises(KeyboardInterrupt):
            accept(1, PLAN)
    with database.unit_of_work() as uow:
        assert uow.items.count() == 0
    first = accept(1, PLAN)
    assert accept(2, PLAN).story_id == first.story_id


def test_what_is_older_than_the_window_is_forgotten(
    database: SqlDatabase, offload: Any, clock: Any, finder: CopyFinder, accept: Callable[..., Item]
) -> None:
    """The index does not grow with the archive: keys and lines of old items go, those of new ones stay."""
    accept(1, PLAN)
    keeper = keep(database, offload, clock, finder)
    clock.advance(days=20)
    second = accept(2, OTHER, "两家平台违规发行稳定币被通报")
    clock.advance(days=11)
    asyncio.run(keeper.keep())
    with database.unit_of_work() as uow:
        index = uow.near_duplicates
        assert index.prune(before=clock.now() + DAY, limit=9) == 1
        assert index.prune_lines(before=clock.now() + DAY, rare_before=clock.now() + DAY, least=9) == 0
    assert accept(3, OTHER, "稳定币平台被查").story_id == second.story_id


def test_another_window_can_be_set(
    accept: Callable[..., Item], finder: CopyFinder, clock: Any, database: SqlDatabase
) -> None:
    """Copies are looked for as far back as is configured."""
    accept(1, PLAN)
    short = CopyFinder(ShingleFingerprinter(), window=DAY)
    assert (short.window, finder.window) == (DAY, 30 * DAY)
    with database.unit_of_work() as uow:
        reading = short.read(uow.near_duplicates, Words(title="", text=PLAN), source_id="x")
        assert short.find(uow.near_duplicates, reading, now=clock.now())
        assert short.find(uow.near_duplicates, replace(reading, source_id="y"), now=clock.now() + 2 * DAY) == ()


def test_a_window_that_changes_takes_its_keys_along(
    database: SqlDatabase, offload: Any, clock: Any, finder: CopyFinder, accept: Callable[..., Item]
) -> None:
    """A shorter one forgets, a longer one gives what was forgotten its keys again, as a new start would."""
    first = accept(1, PLAN)
    keeper = keep(database, offload, clock, finder)
    clock.advance(days=20)
    finder.use(window=10 * DAY)
    asyncio.run(keeper.keep())
    assert unindexed(database, finder, clock) == 1
    finder.use(window=30 * DAY)
    asyncio.run(keeper.keep())
    assert unindexed(database, finder, clock) == 0
    assert accept(2, PLAN, "计划再来").story_id == first.story_id


def unindexed(database: SqlDatabase, finder: CopyFinder, clock: Any) -> int:
    """Return how many items of the last thirty days have no keys."""
    with database.unit_of_work() as uow:
        return len(uow.near_duplicates.unindexed(since=clock.now() - 30 * DAY, version=finder.version, limit=9))
