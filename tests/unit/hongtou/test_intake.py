"""The poll use case on a real database."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from alerts.matcher import OrderedRouteMatcher
from classifier.fingerprints import ShingleFingerprinter
from core.alert import AlertState, Cadence, ChannelId, RouteId
from core.decide import IntakeLimits, Intent
from core.errors import StorageError
from core.item import BodyOrigin, DateOrigin, ItemId, StoryId
from core.listing import Listing
from core.network import NetworkWatch
from core.outcome import Answer, PollOutcome, Validators
from core.source import SourceId
from hongtou.copies import CopyFinder
from hongtou.intake import JudgingRules, StoringIntake
from hongtou.linking import StoryLinker
from hongtou.offload import ThreadOffload

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from core.alert import Alert
    from core.item import Item
    from core.repositories import UnitOfWork
    from storage.database import SqlDatabase

OLD = timedelta(days=3)


@pytest.fixture
def outcomes() -> list[PollOutcome]:
    """Outcomes that the intake announced."""
    return []


@pytest.fixture
def build(
    database: SqlDatabase,
    classifier: Any,
    offload: Any,
    clock: Any,
    make_route: Any,
    make_source: Any,
    outcomes: list[PollOutcome],
    story_finder: Any,
) -> Callable[..., StoringIntake]:
    """Maker of intakes on one database."""

    def make(*, routes: Any = (), **changes: Any) -> StoringIntake:
        routes = routes or [make_route()]
        rules: dict[str, Any] = {
            "classifier": classifier,
            "finder": story_finder,
            "matcher": OrderedRouteMatcher(routes),
            "routes": routes,
            "limits": IntakeLimits(),
            "sources": lambda source_id: make_source(id=source_id),
        }
        rules |= {name: changes.pop(name) for name in list(changes) if name in rules}
        parts: dict[str, Any] = {
            "database": database,
            "rules": JudgingRules(**rules),
            "copies": CopyFinder(ShingleFingerprinter()),
            "linker": StoryLinker(story_finder),
            "offload": offload,
            "clock": clock,
            "network": NetworkWatch(hosts=5),
            "jitter": lambda: 0.0,
            "on_outcome": outcomes.append,
        }
        return StoringIntake(**{**parts, **changes})

    return make


@pytest.fixture
def intake(build: Callable[..., StoringIntake]) -> StoringIntake:
    """An intake with one route that tells everything at once to `desk`."""
    return build()


@pytest.fixture
def known_poll(make_poll: Any, make_state: Any, now: Any, database: SqlDatabase) -> Any:
    """A poll of a source whose first sync is done."""
    state = make_state(first_synced_at=now - timedelta(days=9))
    with database.unit_of_work() as uow:
        uow.sources.put(state)
        uow.commit()
    return make_poll(state=state)


def read(database: SqlDatabase, question: Callable[[UnitOfWork], Any]) -> Any:
    """Ask the database one thing."""
    with database.unit_of_work() as uow:
        return question(uow)


def outbox(database: SqlDatabase) -> list[Alert]:
    """Return every alert, oldest first."""
    return list(reversed(read(database, lambda uow: uow.outbox.list(limit=1000))))


def item(database: SqlDatabase, item_id: int) -> Item:
    """Return one item."""
    found = read(database, lambda uow: uow.items.get(ItemId(item_id)))
    assert found is not None
    return found  # type: ignore[no-any-return]


async def test_a_new_relevant_article_is_stored_with_its_alert(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, database: SqlDatabase
) -> None:
    """Item, judgement and outbox row are there after one acceptance."""
    acceptance = await intake.accept(known_poll, make_entry(), make_article())
    assert (acceptance.new, acceptance.relevant, acceptance.alerts) == (True, True, 1)
    [alert] = outbox(database)
    assert (alert.state, alert.route, alert.channel) == (AlertState.PENDING, RouteId("all"), ChannelId("desk"))
    stored = item(database, acceptance.item_id)
    assert stored.classification is not None
    story = read(database, lambda uow: uow.stories.get(stored.story_id or StoryId(0)))
    assert (story.title, story.items, story.relevant) == (stored.title, 1, True)
    assert stored.url == make_article().url


async def test_item_and_alert_are_one_transaction(
    build: Callable[..., StoringIntake],
    known_poll: Any,
    make_entry: Any,
    make_article: Any,
    database: SqlDatabase,
    make_route: Any,
) -> None:
    """When the alert cannot be stored the item is not stored either, so that the next poll finds it again."""

    class BreakingMatcher(OrderedRouteMatcher):
        def match(self, _: Any, __: Any) -> Any:
            raise StorageError("the disk is full")

    intake = build(matcher=BreakingMatcher([make_route()]))
    with pytest.raises(StorageError):
        await intake.accept(known_poll, make_entry(), make_article())
    assert read(database, lambda uow: uow.items.count()) == 0
    plan = await intake.plan(known_poll, Listing(entries=(make_entry(),)))
    assert [decision.intent for decision in plan.decisions] == [Intent.FETCH]


async def test_accepting_twice_changes_nothing(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, database: SqlDatabase
) -> None:
    """A second acceptance of the same article makes no item, no revision and no alert."""
    first = await intake.accept(known_poll, make_entry(), make_article())
    second = await intake.accept(known_poll, make_entry(), make_article())
    assert (second.item_id, second.new, second.revised, second.alerts) == (first.item_id, False, False, 0)
    assert second.relevant
    assert len(outbox(database)) == 1
    assert item(database, first.item_id).revision == 1


async def test_an_edited_article_is_a_revision_and_not_told_again(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, database: SqlDatabase
) -> None:
    """A changed text keeps the item's id, raises its revision, keeps the old words, and does not alert."""
    first = await intake.accept(known_poll, make_entry(), make_article())
    edited = make_article(text="某市政府办公厅更正：区块链产业行动计划的目标年份为2026年。")
    second = await intake.accept(known_poll, make_entry(title="更正后的标题"), edited)
    assert (second.item_id, second.revised, second.alerts) == (first.item_id, True, 0)
    assert item(database, first.item_id).revision == 2
    [old] = read(database, lambda uow: uow.items.revisions(ItemId(first.item_id)))
    assert old.text == make_article().text


async def test_an_edit_that_makes_an_item_relevant_is_told(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any
) -> None:
    """An item that was not relevant and becomes so by an edit is alerted then."""
    first = await intake.accept(known_poll, make_entry(), make_article(title="例行通知", text="天气提示。"))
    second = await intake.accept(known_poll, make_entry(), make_article(title="例行通知", text="区块链试点名单公布。"))
    assert (first.relevant, first.alerts) == (False, 0)
    assert (second.revised, second.alerts) == (True, 1)


async def test_a_lost_page_does_not_replace_a_read_one(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, database: SqlDatabase
) -> None:
    """The list's shorter words never replace the text of a page that was read once."""
    first = await intake.accept(known_poll, make_entry(), make_article())
    poorer = make_article(text="摘要", body_origin=BodyOrigin.LIST, page_problem=Answer.TIMEOUT)
    second = await intake.accept(known_poll, make_entry(), poorer)
    assert not second.revised
    assert item(database, first.item_id).text == make_article().text


async def test_a_page_that_is_had_later_replaces_the_lists_words(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, database: SqlDatabase
) -> None:
    """An item kept with the list's text asks for its page again, and becomes a revision with the page's text."""
    poorer = make_article(text="摘要", body_origin=BodyOrigin.LIST, page_problem=Answer.TIMEOUT)
    first = await intake.accept(known_poll, make_entry(), poorer)
    plan = await intake.plan(known_poll, Listing(entries=(make_entry(),)))
    assert [decision.intent for decision in plan.decisions] == [Intent.FETCH]
    second = await intake.accept(known_poll, make_entry(), make_article())
    assert (second.item_id, second.revised) == (first.item_id, True)
    assert item(database, first.item_id).body_origin is BodyOrigin.PAGE
    plan = await intake.plan(known_poll, Listing(entries=(make_entry(),)))
    assert [decision.intent for decision in plan.decisions] == [Intent.KNOWN]


async def test_a_redirect_to_a_known_address_is_the_known_item(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any
) -> None:
    """An entry whose link leads to an address that is stored already is not a new item."""
    first = await intake.accept(known_poll, make_entry(), make_article())
    second = await intake.accept(known_poll, make_entry(url="https://short.example/x"), make_article())
    assert (second.item_id, second.new) == (first.item_id, False)


async def test_an_entry_that_redirects_is_fetched_once(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any
) -> None:
    """Once its page was read, an entry without a guid is known by its own address too, wherever that led."""
    first, second = make_entry(url="https://short.example/x"), make_entry(url="https://short.example/y")
    await intake.accept(known_poll, first, make_article())
    await intake.accept(known_poll, second, make_article())
    plan = await intake.plan(known_poll, Listing(entries=(first, second)))
    assert [decision.intent for decision in plan.decisions] == [Intent.KNOWN, Intent.KNOWN]


async def test_an_exact_copy_elsewhere_joins_the_story_and_is_not_told_again(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, make_poll: Any, make_source: Any,
    make_state: Any, now: Any, database: SqlDatabase,
) -> None:  # fmt: skip
    """The same words at another outlet are an item of their own in the same story, told once."""
    first = await intake.accept(known_poll, make_entry(), make_article())
    other = make_source(id="other")
    poll = make_poll(source=other, state=make_state(source_id=other.id, first_synced_at=now))
    copy = make_article(url="https://other.example/copy")
    second = await intake.accept(poll, make_entry(source_id=other.id, url=copy.url), copy)
    assert second.new
    assert second.alerts == 0
    assert item(database, second.item_id).story_id == item(database, first.item_id).story_id


async def test_copies_that_arrive_together_are_one_story(
    build: Callable[..., StoringIntake], make_poll: Any, make_entry: Any, make_article: Any, make_source: Any,
    make_state: Any, now: Any, database: SqlDatabase,
) -> None:  # fmt: skip
    """Twelve outlets that carry the same words at the same moment give one story and one alert."""
    threads = ThreadOffload(threads=6)
    intake = build(offload=threads)
    accepting = []
    for number in range(12):
        source = make_source(id=f"outlet{number}")
        poll = make_poll(source=source, state=make_state(source_id=source.id, first_synced_at=now))
        article = make_article(url=f"https://outlet{number}.example/copy")
        accepting.append(intake.accept(poll, make_entry(source_id=source.id, url=article.url), article))
    await asyncio.gather(*accepting)
    threads.close()
    stories = read(database, lambda uow: {found.story_id for found in uow.items.recent(since=now, limit=99)})
    assert len(stories) == 1
    assert len(outbox(database)) == 1


async def test_the_first_sync_stores_old_items_silently(
    intake: StoringIntake, make_poll: Any, make_entry: Any, make_published: Any, now: Any, database: SqlDatabase
) -> None:
    """Old and undated entries of a first sync become the baseline without an alert; a fresh one is fetched."""
    old = make_entry(1, published=make_published(at=now - OLD))
    undated = make_entry(2, published=None)
    fresh = make_entry(3)
    plan = await intake.plan(make_poll(), Listing(entries=(old, undated, fresh)))
    assert [decision.intent for decision in plan.decisions] == [Intent.BASELINE, Intent.BASELINE, Intent.FETCH]
    assert read(database, lambda uow: uow.items.count()) == 2
    assert outbox(database) == []
    assert item(database, 1).baseline
    assert item(database, 2).published.origin is DateOrigin.FIRST_SEEN


async def test_a_first_sync_that_is_cut_short_can_be_planned_again(
    intake: StoringIntake, make_poll: Any, make_entry: Any, make_published: Any, now: Any, database: SqlDatabase
) -> None:
    """Planning a first sync twice stores the baseline once."""
    listing = Listing(entries=(make_entry(1, published=make_published(at=now - OLD)),))
    await intake.plan(make_poll(), listing)
    plan = await intake.plan(make_poll(), listing)
    assert [decision.intent for decision in plan.decisions] == [Intent.KNOWN]
    assert read(database, lambda uow: uow.items.count()) == 1


async def test_a_list_that_says_one_thing_twice_is_stored_once(
    intake: StoringIntake, make_poll: Any, make_entry: Any, make_published: Any, now: Any, database: SqlDatabase
) -> None:
    """Repeated rows, by guid or by address, neither break the first sync nor double an item."""
    old = make_published(at=now - OLD)
    rows = (make_entry(1, published=old), make_entry(1, published=old), make_entry(2, published=old, guid="g"),
            make_entry(3, published=old, guid="g"))  # fmt: skip
    plan = await intake.plan(make_poll(), Listing(entries=rows))
    intents = [decision.intent for decision in plan.decisions]
    assert intents == [Intent.BASELINE, Intent.KNOWN, Intent.BASELINE, Intent.KNOWN]
    assert read(database, lambda uow: uow.items.count()) == 2


async def test_a_baseline_that_another_poll_has_stored_meanwhile_is_left(
    intake: StoringIntake, make_poll: Any, make_entry: Any, make_published: Any, now: Any, database: SqlDatabase,
    classifier: Any, known_poll: Any, make_article: Any,
) -> None:  # fmt: skip
    """Between the decision and the writing another source may have stored the address: it is not stored again."""
    old = make_entry(1, published=make_published(at=now - OLD))
    judge = classifier.classify

    def judge_slowly(document: Any) -> Any:
        classifier.classify = judge
        intake._accept(known_poll, make_entry(1), make_article(1))
        return judge(document)

    classifier.classify = judge_slowly
    await intake.plan(make_poll(), Listing(entries=(old,)))
    assert read(database, lambda uow: uow.items.count()) == 1


async def test_an_edit_of_a_baseline_item_stays_silent(
    intake: StoringIntake, make_poll: Any, make_entry: Any, make_article: Any, make_published: Any, now: Any
) -> None:
    """What was old at the first sync is never alerted, however often it is edited."""
    listing = Listing(entries=(make_entry(1, published=make_published(at=now - OLD)),))
    await intake.plan(make_poll(), listing)
    acceptance = await intake.accept(make_poll(), make_entry(1, title="改了的标题"), make_article(1))
    assert (acceptance.revised, acceptance.relevant, acceptance.alerts) == (True, True, 0)


async def test_an_old_page_that_turns_up_is_stored_without_an_alert(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, make_published: Any, now: Any
) -> None:
    """A relevant article published long ago is no news when a list shows it again."""
    old = make_published(at=now - timedelta(days=400))
    acceptance = await intake.accept(known_poll, make_entry(published=old), make_article(published=old))
    assert (acceptance.new, acceptance.relevant, acceptance.alerts) == (True, True, 0)


async def test_a_date_in_the_future_is_not_believed(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, make_published: Any, now: Any,
    database: SqlDatabase,
) -> None:  # fmt: skip
    """A publish time more than a day ahead is replaced by the time it was first seen, and the claim is kept."""
    ahead = make_published(at=now + timedelta(days=2), raw="2023-06-17")
    acceptance = await intake.accept(known_poll, make_entry(published=ahead), make_article(published=ahead))
    published = item(database, acceptance.item_id).published
    assert (published.at, published.origin, published.raw) == (now, DateOrigin.FIRST_SEEN, "2023-06-17")


async def test_a_revision_without_a_date_keeps_the_old_one(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, database: SqlDatabase
) -> None:
    """An edit that no longer says when it was published does not make the item new."""
    first = await intake.accept(known_poll, make_entry(), make_article())
    before = item(database, first.item_id).published
    await intake.accept(known_poll, make_entry(published=None), make_article(text="区块链行动计划改稿", published=None))
    assert item(database, first.item_id).published == before


async def test_a_broken_classifier_loses_nothing(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, classifier: Any, make_source: Any,
    database: SqlDatabase,
) -> None:  # fmt: skip
    """An item that the classifier fails on is stored unjudged, judged later, and alerted then, once."""
    article = make_article(title="爆炸性消息：区块链行动计划发布")
    acceptance = await intake.accept(known_poll, make_entry(), article)
    assert (acceptance.new, acceptance.relevant, acceptance.alerts) == (True, False, 0)

    def sources(_: str) -> Any:
        return make_source()

    assert await intake.judge_waiting(sources) == 0
    classifier.broken = False
    assert await intake.judge_waiting(lambda _: None) == 1
    assert outbox(database) == []


async def test_a_late_judgement_is_alerted(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, classifier: Any, make_source: Any,
    database: SqlDatabase,
) -> None:  # fmt: skip
    """An item judged relevant only later is told then."""
    await intake.accept(known_poll, make_entry(), make_article(title="爆炸性消息：区块链行动计划发布"))
    classifier.broken = False
    assert await intake.judge_waiting(lambda _: make_source()) == 1
    assert await intake.judge_waiting(lambda _: make_source()) == 0
    assert len(outbox(database)) == 1


async def test_a_digest_route_holds_its_alerts(
    build: Callable[..., StoringIntake], known_poll: Any, make_entry: Any, make_article: Any, make_route: Any,
    database: SqlDatabase,
) -> None:  # fmt: skip
    """A route with a digest puts held rows into the outbox, beside the pending ones of other routes."""
    routes = [make_route(continue_=True), make_route(id=RouteId("daily"), cadence=Cadence.DIGEST, cron="0 9 * * *")]
    acceptance = await build(matcher=OrderedRouteMatcher(routes)).accept(known_poll, make_entry(), make_article())
    assert acceptance.alerts == 2
    assert {alert.route: alert.state for alert in outbox(database)} == {
        "all": AlertState.PENDING,
        "daily": AlertState.HELD,
    }


async def test_an_entry_known_by_another_source_is_noted(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, make_poll: Any, make_source: Any,
    make_state: Any, now: Any, database: SqlDatabase,
) -> None:  # fmt: skip
    """A second source that leads to a stored address is remembered as a witness of it, and fetches nothing."""
    first = await intake.accept(known_poll, make_entry(), make_article())
    other = make_source(id="other")
    poll = make_poll(source=other, state=make_state(source_id=other.id, first_synced_at=now))
    plan = await intake.plan(poll, Listing(entries=(make_entry(source_id=other.id),)))
    assert [decision.intent for decision in plan.decisions] == [Intent.KNOWN]
    assert item(database, first.item_id).also_seen == (SourceId("other"),)


async def test_an_item_without_a_link_is_kept(
    intake: StoringIntake, known_poll: Any, make_entry: Any, make_article: Any, database: SqlDatabase
) -> None:
    """A flash that has neither link nor guid is stored once."""
    entry = make_entry(url="", title="快讯：区块链新规")
    article = make_article(url="", title=entry.title, text="")
    first = await intake.accept(known_poll, entry, article)
    second = await intake.accept(known_poll, entry, article)
    assert (first.new, second.new) == (True, False)
    assert item(database, first.item_id).canonical_url == ""


async def test_finish_keeps_validators_and_announces_the_outcome(
    intake: StoringIntake, known_poll: Any, database: SqlDatabase, outcomes: list[PollOutcome], now: Any
) -> None:
    """The end of a poll is stored with its validators and the next due time."""
    outcome = PollOutcome(source_id="lianwen", answer=Answer.OK, validators=Validators(etag='"1"'), new=1)
    await intake.finish(known_poll, outcome)
    state = read(database, lambda uow: uow.sources.get(SourceId("lianwen")))
    assert (state.validators.etag, state.failures, state.last_success_at) == ('"1"', 0, now)
    assert state.next_due_at > now
    assert outcomes == [outcome]


async def test_a_dead_network_blames_no_source(
    build: Callable[..., StoringIntake], make_poll: Any, make_source: Any, make_state: Any, database: SqlDatabase,
    now: Any,
) -> None:  # fmt: skip
    """When no host can be reached, no source is blamed, those included that failed before it was known."""
    intake = build(network=NetworkWatch(hosts=3))
    polls = [
        make_poll(source=make_source(id=name), state=make_state(source_id=SourceId(name), failures=1))
        for name in ("a", "b", "c")
    ]
    for poll in polls:
        await intake.finish(poll, PollOutcome(source_id=poll.source.id, answer=Answer.DNS))
    for poll in polls:
        with database.unit_of_work() as uow:
            state = uow.sources.get(poll.source.id)
        assert state is not None
        assert (state.failures, state.next_due_at) == (1, now + NetworkWatch.retry_after)


async def test_a_failing_source_is_counted(
    intake: StoringIntake, known_poll: Any, database: SqlDatabase, now: Any
) -> None:
    """A refusal is remembered with its class and its sentence."""
    outcome = PollOutcome(source_id="lianwen", answer=Answer.BLOCKED, status=412, detail="a challenge page")
    await intake.finish(known_poll, outcome)
    state = read(database, lambda uow: uow.sources.get(SourceId("lianwen")))
    assert (state.failures, state.last_answer, state.last_detail) == (1, Answer.BLOCKED, "a challenge page")
    assert state.next_due_at >= now + timedelta(hours=1)
