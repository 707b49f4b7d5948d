"""Looking at flagged items again, on a real database, with a web that does what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from alerts.matcher import OrderedRouteMatcher
from classifier.fingerprints import ShingleFingerprinter
from core.alert import AlertKind, AlertState, ChannelId, RouteId
from core.decide import IntakeLimits
from core.errors import FetchError
from core.item import BodyOrigin, ItemId
from core.network import NetworkWatch
from core.outcome import Answer
from core.recheck import RecheckPlan
from core.stories import StoryEventKind
from hongtou.copies import CopyFinder
from hongtou.intake import JudgingRules, StoringIntake
from hongtou.linking import StoryLinker
from hongtou.rechecking import Rechecker, RecheckLimits

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from core.alert import Alert
    from core.item import Article, Item
    from core.recheck import Recheck
    from storage.database import SqlDatabase

HOUR = timedelta(hours=1)
TEXT = (
    "为加快推动区块链技术和产业创新发展，市政府办公厅印发三年行动计划，提出到2025年建成公共服务平台，培育一批骨干企业，"
    "形成可复制推广的经验做法，并要求各区各部门结合实际认真贯彻落实，定期报告进展情况。各区要建立协调机制，细化任务分工。"
)


@dataclass(slots=True)
class FakeWeb:
    """Answers by address; notes what was asked."""

    answers: dict[str, Article | Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def read_article(self, entry: Any, *, source: Any) -> Article:
        """Return the article, or raise the answer."""
        assert source is not None
        self.asked.append(entry.url)
        answer = self.answers[entry.url]
        if isinstance(answer, Answer):
            raise FetchError(answer.value, url=entry.url, answer=answer)
        return answer


@pytest.fixture
def web() -> FakeWeb:
    """A web without a page."""
    return FakeWeb()


@pytest.fixture
def intake(
    database: SqlDatabase, classifier: Any, offload: Any, clock: Any, make_route: Any, story_finder: Any
) -> StoringIntake:
    """An intake with two routes, one of them a digest."""
    routes = [make_route(id=RouteId("now"), channels=(ChannelId("desk"), ChannelId("team")), continue_=True)]
    return StoringIntake(
        database=database,
        rules=JudgingRules(
            classifier=classifier,
            finder=story_finder,
            matcher=OrderedRouteMatcher([*routes, make_route(id=RouteId("daily"))]),
            limits=IntakeLimits(),
        ),
        copies=CopyFinder(ShingleFingerprinter()),
        linker=StoryLinker(story_finder),
        offload=offload,
        clock=clock,
        network=NetworkWatch(hosts=5),
        jitter=lambda: 0.0,
    )


@pytest.fixture
def build(
    database: SqlDatabase, web: FakeWeb, intake: StoringIntake, offload: Any, clock: Any, make_source: Any
) -> Callable[..., Rechecker]:
    """Maker of recheckers over one source."""

    def make(**limits: Any) -> Rechecker:
        source = make_source(fetch_articles=limits.pop("fetch_articles", True))
        return Rechecker(
            database=database,
            reader=web,
            rereader=intake,
            offload=offload,
            clock=clock,
            sources={source.id: source},
            plan=RecheckPlan(),
            limits=RecheckLimits(**limits),
            jitter=lambda: 0.0,
        )

    return make


@pytest.fixture
async def flagged(
    intake: StoringIntake, make_poll: Any, make_state: Any, make_entry: Any, make_article: Any, now: Any, web: FakeWeb
) -> Article:
    """An article that was accepted, flagged, and alerted, and whose page still stands."""
    article: Article = make_article(text=TEXT)
    poll = make_poll(state=make_state(first_synced_at=now - 9 * HOUR))
    acceptance = await intake.accept(poll, make_entry(title="列表里的短标题"), article)
    assert (acceptance.item_id, acceptance.relevant, acceptance.alerts) == (1, True, 3)
    web.answers[article.url] = article
    return article


def memory(database: SqlDatabase) -> Recheck:
    """Return what is remembered of the looks at the first item."""
    with database.unit_of_work() as uow:
        return uow.rechecks.of_items([ItemId(1)])[ItemId(1)]


def item(database: SqlDatabase) -> Item:
    """Return the first item."""
    with database.unit_of_work() as uow:
        found = uow.items.get(ItemId(1))
    assert found is not None
    return found


def notices(database: SqlDatabase) -> list[Alert]:
    """Return the notices in the outbox, oldest first."""
    with database.unit_of_work() as uow:
        return [alert for alert in reversed(uow.outbox.list()) if alert.kind is AlertKind.NOTICE]


async def test_pages_are_looked_at_when_they_are_due(
    build: Callable[..., Rechecker], flagged: Article, web: FakeWeb, clock: Any, database: SqlDatabase
) -> None:
    """Nothing is asked for within the hour; then once, and again six hours after the item was found."""
    rechecker = build()
    assert await rechecker.look_again() == 0
    clock.advance(hours=1)
    assert await rechecker.look_again() == 1
    assert await rechecker.look_again() == 0
    assert web.asked == [flagged.url]
    assert memory(database).due_at == item(database).first_seen_at + 6 * HOUR
    assert item(database).revision == 1


async def test_an_edit_is_a_revision(
    build: Callable[..., Rechecker], flagged: Article, web: FakeWeb, clock: Any, database: SqlDatabase
) -> None:
    """New words are stored and judged, old ones kept, and the list's own hash stays, so that no poll asks again."""
    before = item(database)
    clock.advance(hours=1)
    web.answers[flagged.url] = replace(flagged, text=TEXT.replace("2025", "2027"))
    await build().look_again()
    after = item(database)
    assert (after.revision, after.text, after.updated_at) == (2, TEXT.replace("2025", "2027"), clock.now())
    assert after.entry_hash == before.entry_hash
    assert after.classification == before.classification
    with database.unit_of_work() as uow:
        assert [old.text for old in uow.items.revisions(ItemId(1))] == [TEXT]
    assert notices(database) == []


async def test_where_lists_hold_the_texts_pages_edit_nothing(
    build: Callable[..., Rechecker], flagged: Article, web: FakeWeb, clock: Any, database: SqlDatabase
) -> None:
    """Of a source whose pages are never read, a page is only looked at for being there."""
    clock.advance(hours=1)
    web.answers[flagged.url] = replace(flagged, text=TEXT.replace("2025", "2027"))
    assert await build(fetch_articles=False).look_again() == 1
    assert (item(database).revision, memory(database).looks) == (1, 1)


async def test_what_surrounds_the_words_is_no_revision(
    build: Callable[..., Rechecker], flagged: Article, web: FakeWeb, clock: Any, database: SqlDatabase
) -> None:
    """A counter, a share button and another setting change nothing."""
    clock.advance(hours=1)
    text = f"{TEXT.replace('，', ',')}\n浏览次数：99\n分享到：微信 微博"
    web.answers[flagged.url] = replace(flagged, text=text)
    await build().look_again()
    assert (item(database).revision, item(database).text) == (1, TEXT)


async def test_a_page_that_is_gone_twice_is_removed_and_told(
    build: Callable[..., Rechecker], flagged: Article, web: FakeWeb, clock: Any, database: SqlDatabase
) -> None:
    """The second miss is an hour later; it tells each channel that knew of the item, once."""
    rechecker = build()
    clock.advance(hours=6)
    web.answers[flagged.url] = Answer.GONE
    await rechecker.look_again()
    assert (memory(database).missing, memory(database).is_removed) == (1, False)
    assert notices(database) == []
    clock.advance(hours=1)
    await rechecker.look_again()
    removed = memory(database)
    assert (removed.removed_at, removed.removal) == (clock.now(), "the server says that it is gone")
    assert [(notice.channel, notice.state) for notice in notices(database)] == [
        ("desk", AlertState.PENDING),
        ("team", AlertState.PENDING),
    ]
    [notice, _] = notices(database)
    assert notice.subject == f"Removed: {flagged.title}"
    assert "has been removed or emptied by its publisher: the server says that it is gone." in notice.body
    assert flagged.url in notice.body
    clock.advance(hours=24)
    await rechecker.look_again()
    assert len(notices(database)) == 2
    assert item(database).text == TEXT


async def test_a_return_is_recorded_and_a_second_removal_told_anew(
    build: Callable[..., Rechecker], flagged: Article, web: FakeWeb, clock: Any, database: SqlDatabase
) -> None:
    """A page that came back counts as there; when it goes again that is a new removal."""
    rechecker = build()
    for answer, hours in ((Answer.GONE, 6), (Answer.GONE, 1), (flagged, 24), (Answer.GONE, 48), (Answer.GONE, 1)):
        web.answers[flagged.url] = answer
        clock.advance(hours=hours)
        assert await rechecker.look_again() == 1
        if answer is flagged:
            assert (memory(database).returned_at, memory(database).is_removed) == (clock.now(), False)
    assert (memory(database).removals, memory(database).is_removed) == (2, True)
    assert len(notices(database)) == 4


@pytest.mark.parametrize("answer", [Answer.TIMEOUT, Answer.BLOCKED, Answer.HTTP_ERROR, Answer.ROBOTS, Answer.CRASHED])
async def test_outages_challenges_and_our_own_faults_remove_nothing(
    build: Callable[..., Rechecker], flagged: Article, web: FakeWeb, clock: Any, database: SqlDatabase, answer: Any
) -> None:
    """However often it cannot be had, a page is not removed, and comes up again later."""
    rechecker = build()
    web.answers[flagged.url] = answer
    for _ in range(10):
        clock.advance(hours=25)
        await rechecker.look_again()
    assert not memory(database).is_removed
    assert memory(database).due_at is not None
    assert notices(database) == []


async def test_a_removal_is_in_the_log_of_its_story(
    build: Callable[..., Rechecker], flagged: Article, web: FakeWeb, clock: Any, database: SqlDatabase
) -> None:
    """Once, with what was seen of it; an item in no story has no log."""
    web.answers[flagged.url] = Answer.GONE
    rechecker = build(notify_removed=False)
    for hours in (1, 6, 24):
        clock.advance(hours=hours)
        await rechecker.look_again()
    with database.reading() as uow:
        story = item(database).story_id
        assert story is not None
        removals = [event for event in uow.stories.events(story) if event.kind is StoryEventKind.REMOVED]
    assert [(event.item_id, event.reason) for event in removals] == [(1, "the server says that it is gone")]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer.PARSE, "its page holds no text any more"),
        ("emptied", "its text was emptied"),
        ("home", "it is redirected to https://lianwen.example/"),
    ],
    ids=["no article", "emptied", "redirected"],
)
async def test_emptied_and_redirected_pages_are_removed(
    build: Callable[..., Rechecker],
    flagged: Article,
    web: FakeWeb,
    clock: Any,
    database: SqlDatabase,
    answer: Any,
    reason: str,
) -> None:
    """A page without its text, and one that leads to the front page, are missing; what was stored stays."""
    made = {
        "emptied": replace(flagged, text="", body_origin=BodyOrigin.NONE),
        "home": replace(flagged, url="https://lianwen.example/", title="链闻", text="首页 要闻 政策 公告"),
    }
    web.answers[flagged.url] = made.get(answer, answer)
    rechecker = build()
    for hours in (6, 1):
        clock.advance(hours=hours)
        await rechecker.look_again()
    assert memory(database).removal == reason
    assert (item(database).text, item(database).revision) == (TEXT, 1)


async def test_removals_can_be_kept_quiet(
    build: Callable[..., Rechecker], flagged: Article, web: FakeWeb, clock: Any, database: SqlDatabase
) -> None:
    """With the switch off they are recorded and nobody is told."""
    rechecker = build(notify_removed=False)
    web.answers[flagged.url] = Answer.GONE
    for hours in (6, 1):
        clock.advance(hours=hours)
        await rechecker.look_again()
    assert memory(database).is_removed
    assert notices(database) == []


async def test_a_round_is_bounded(
    build: Callable[..., Rechecker], intake: StoringIntake, flagged: Article, make_poll: Any, make_state: Any,
    make_entry: Any, make_article: Any, now: Any, web: FakeWeb, clock: Any,
) -> None:  # fmt: skip
    """No more pages than the limit are asked for at once; the others come in the next round."""
    poll = make_poll(state=make_state(first_synced_at=now - 9 * HOUR))
    for n in (2, 3):
        article = make_article(n, text=f"{TEXT}第{n}版。")
        await intake.accept(poll, make_entry(n), article)
        web.answers[article.url] = article
    clock.advance(hours=1)
    rechecker = build(max_looks=2)
    assert [await rechecker.look_again() for _ in range(3)] == [2, 1, 0]
    assert len(set(web.asked)) == 3
    assert flagged.url in web.asked


async def test_a_poll_that_was_faster_is_not_repeated(
    intake: StoringIntake, flagged: Article, database: SqlDatabase, make_source: Any
) -> None:
    """What a poll has stored meanwhile is no second revision, and an item that is gone is left alone."""
    stored = item(database)
    edited = replace(flagged, text=TEXT.replace("2025", "2027"))
    assert intake.reread(make_source(), stored, edited)
    assert not intake.reread(make_source(), stored, edited)
    assert not intake.reread(make_source(), replace(stored, id=ItemId(99)), edited)
    assert item(database).revision == 2
