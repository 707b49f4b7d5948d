"""The fifteen kinds of complaint about programs of this sort, by weight; each must not happen here.

They are numbered as in what users of the peers report most: missed items, repeats, silent failures, cut messages, and
so on. Each is told end to end on the parts of the program; the fine points are in the tests of those parts.
"""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import threading
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from core.alert import AlertKind, AlertState
from core.errors import ConfigError, InstanceLockedError
from core.item import DateOrigin
from core.outcome import Answer, DeliveryReport, DeliveryVerdict
from core.source import SourceKind
from scheduler.ticks import Ticker
from storage.lock import InstanceLock

if TYPE_CHECKING:
    from pathlib import Path

DOWN = DeliveryReport(verdict=DeliveryVerdict.TRANSIENT, detail="down")
NO = DeliveryReport(verdict=DeliveryVerdict.REJECTED, detail="no such mailbox")
SENT, HELD, DEAD = AlertState.SENT, AlertState.HELD, AlertState.DEAD
DIGEST = {"channels": ["desk"], "cadence": "digest", "cron": "0 8,12,18 * * *"}


async def test_01_items_at_day_and_run_borders(hongtou: Any, clock: Any) -> None:
    """News of 23:58 and 00:03, with a restart between, is told once each, and by no later run again."""
    await hongtou.known("gazette")
    clock.advance(datetime(clock.at.year, clock.at.month, clock.at.day, 15, 58, tzinfo=UTC) - clock.at)
    first = hongtou.news(1)
    await hongtou.poll("gazette", hongtou.feed(first))
    hongtou.restart()
    clock.advance(minutes=5)
    second = hongtou.news(2)
    await hongtou.poll("gazette", hongtou.feed(second, first))
    told = await hongtou.deliver()
    assert [sum(one["title"] in subject for subject in told) for one in (first, second)] == [1, 1]
    for _ in range(3):
        clock.advance(hours=8)
        hongtou.restart()
        await hongtou.poll("gazette", hongtou.feed(second, first, hongtou.news(0, title=f"晴 {clock.at}", text="晴")))
        assert await hongtou.deliver() == []


async def test_01_a_digest_holds_everything_since_the_last_delivered_one(hongtou: Any, clock: Any) -> None:
    """Hourly polls, digests at 8, 12 and 18: each holds all hours; one that dies is told by the next."""
    hongtou.configure(routes={"now": DIGEST, "daily": {"enabled": False}})
    await hongtou.known("gazette")
    await hongtou.deliver()
    news: list[dict[str, str]] = []
    for n in range(1, 4):
        clock.advance(minutes=40)
        news.insert(0, hongtou.news(n))
        await hongtou.poll("gazette", hongtou.feed(*news))
    hongtou.channels.script = [NO]
    clock.advance(hours=2)
    assert await hongtou.deliver() == []
    news.insert(0, hongtou.news(4))
    await hongtou.poll("gazette", hongtou.feed(*news))
    clock.advance(hours=7)
    await hongtou.deliver()
    assert [one["title"] in hongtou.told for one in news] == [True] * 4
    assert hongtou.states() == [SENT] * 4
    assert sorted(hongtou.states(AlertKind.DIGEST)) == [DEAD, SENT]
    assert hongtou.missing() == 0


async def test_02_repeats_after_restart_or_mode_switch(hongtou: Any) -> None:
    """Neither restarts, nor another cadence, nor an edited route tells a second time what was told."""
    await hongtou.known("gazette")
    first, second = hongtou.news(1), hongtou.news(2)
    await hongtou.poll("gazette", hongtou.feed(first, second))
    assert len(await hongtou.deliver()) == 2
    for route in ({"channels": ["desk"]}, DIGEST, {"channels": ["desk"], "match": {"topics": ["blockchain"]}}):
        hongtou.configure(routes={"now": route, "daily": {"enabled": False}})
        first["title"] += "（续）"  # an edit, so that the routes are asked again
        await hongtou.poll("gazette", hongtou.feed(first, second))
        hongtou.clock.advance(days=1)
        assert await hongtou.deliver() == []
    assert hongtou.states() == [SENT, SENT]


async def test_02_a_repeat_that_cannot_be_ruled_out_says_so(hongtou: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a crash between the channel's yes and our commit, the one message comes again, and is marked."""
    await hongtou.known("gazette")
    await hongtou.poll("gazette", hongtou.feed(hongtou.news(1), hongtou.news(2)))
    with monkeypatch.context() as broken:
        broken.setattr(hongtou.dispatcher._deliverer, "_accept", crash)
        with pytest.raises(Crash):
            await hongtou.deliver()
    hongtou.restart()
    await hongtou.deliver()
    subjects = [part.subject for _, part in hongtou.channels.sent]
    assert ["(possible repeat)" in subject for subject in subjects][:2] == [False, True]
    assert subjects[1].removesuffix(" (possible repeat)") == subjects[0]
    assert hongtou.states() == [SENT, SENT]


async def test_03_a_source_that_fails_is_told_once_reminded_of_and_its_end_told(hongtou: Any, clock: Any) -> None:
    """Three weeks of errors are a notice, reminders and a recovery, by what is wrong; not silence, not a flood."""
    await hongtou.known("gazette")
    for _ in range(21 * 4):
        clock.advance(hours=6)
        await hongtou.poll("gazette", b"<html>no</html>", status=404)
        await hongtou.review()
    await hongtou.deliver()
    failing = len(hongtou.channels.sent)
    assert 2 <= failing <= 5
    assert "gone" in hongtou.told.lower()
    await hongtou.poll("gazette", hongtou.feed(hongtou.news(1)))
    await hongtou.review()
    await hongtou.deliver()
    notices = [part.subject for _, part in hongtou.channels.sent if "出台" not in part.subject]
    assert len(notices) == failing + 1


async def test_04_message_limits_cut_nothing(hongtou: Any, clock: Any, story_finder: Any) -> None:
    """Thirty stories for a channel that takes 1500 characters come in parts, whole; a part that fails comes alone."""
    hongtou.link_by(story_finder)
    hongtou.configure(
        routes={"now": DIGEST, "daily": {"enabled": False}},
        channels={"desk": {"url": "tgram://123456789:abcdefghijklmnopqrstuvwxyz_12345678/4711", "max_size": 1500}},
    )
    await hongtou.known("gazette")
    await hongtou.deliver()
    news = [hongtou.news(n) for n in range(1, 31)]
    await hongtou.poll("gazette", hongtou.feed(*news))
    clock.advance(hours=12)
    yes = DeliveryReport(verdict=DeliveryVerdict.ACCEPTED)
    hongtou.channels.script = [yes, DOWN]
    await hongtou.deliver()
    assert len(hongtou.channels.sent) == 1
    clock.advance(minutes=1)
    await hongtou.deliver()
    parts = [part for _, part in hongtou.channels.sent]
    assert len(parts) > 2
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert max(len(part.body.encode("utf-16-le")) // 2 for part in parts) <= 1500
    bodies = "\n".join(part.body for part in parts)
    assert [bodies.count(one["link"] + '"') for one in news] == [1] * 30
    assert all(part.body.count("<b>") == part.body.count("</b>") for part in parts)


async def test_04_what_a_channel_finds_too_long_is_told_more_briefly(hongtou: Any) -> None:
    """A refusal for length is not tried again as it is: the next message is shorter, and arrives."""
    await hongtou.known("gazette")
    await hongtou.poll("gazette", hongtou.feed(hongtou.news(1, text="某市区块链行动计划。" * 400)))
    hongtou.channels.script = [DeliveryReport(verdict=DeliveryVerdict.TOO_LONG, detail="413")]
    assert len(await hongtou.deliver()) == 1
    assert hongtou.states() == [SENT]


async def test_05_one_story_from_many_sites_is_one_alert(hongtou: Any) -> None:
    """Five outlets with the same report are told once, and the story knows them all."""
    for name in "abcde":
        await hongtou.known(name)
    one = hongtou.news(1, text="上海市人民政府办公厅印发《上海市区块链产业发展三年行动计划》，提出培育企业120家。" * 3)
    for name in "abcde":
        await hongtou.poll(name, hongtou.feed(one | {"link": f"https://{name}.example/x", "guid": f"{name}-x"}))
    assert len(await hongtou.deliver()) == 1
    found = {item.story_id for item in hongtou.items() if "出台" in item.title}
    assert len(found) == 1
    with hongtou.database.reading() as uow:
        story = uow.stories.get(found.pop())
    assert (story.items, story.sources) == (5, 5)


async def test_06_short_latin_words_match_whole_words_only(hongtou: Any) -> None:
    """`AI`, `US` and `mac` are not found within other words; Chinese ones are found anywhere."""
    route = {"channels": ["desk"], "match": {"query": "(US OR mac OR NFT OR 沙盒)"}}
    hongtou.configure(routes={"now": route, "daily": {"enabled": False}})
    await hongtou.known("gazette")
    plain = hongtou.news(1, text="某市发布区块链产业发展行动计划, focus on machine industry, status, bus.")
    sandbox = hongtou.news(2, text="某区发布区块链产业发展行动计划，设立监管沙盒试点。")
    token = hongtou.news(3, text="某县发布区块链产业发展行动计划，禁止NFT炒作。")
    await hongtou.poll("gazette", hongtou.feed(plain, sandbox, token))
    await hongtou.deliver()
    assert [one["link"] in hongtou.told for one in (plain, sandbox, token)] == [False, True, True]


async def test_07_a_first_run_does_not_flood(hongtou: Any, clock: Any, story_finder: Any) -> None:
    """A backlog of three sources is one summary after a lull; what is old is stored without a word."""
    hongtou.link_by(story_finder)
    for name in "abc":
        hongtou.source(name)
    for number, name in enumerate("abc"):
        fresh = [hongtou.news(number * 10 + n) for n in range(1, 9)]
        old = format_datetime(clock.now() - timedelta(days=5))
        ancient = [hongtou.news(100 + number * 10 + n, date=old) for n in range(1, 9)]
        await hongtou.poll(name, hongtou.feed(*fresh, *ancient))
        clock.advance(minutes=2)
        assert await hongtou.deliver() == []
    clock.advance(minutes=11)
    told = await hongtou.deliver()
    assert len(told) == 1
    assert len(hongtou.items()) == 48
    assert hongtou.states() == [SENT] * 24
    assert await hongtou.deliver() == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_07_five_thousand_items_of_a_first_run_are_one_summary_a_channel(
    hongtou: Any, clock: Any, story_finder: Any
) -> None:
    """Ten sources with five hundred fresh items each, through the intake, with the storm breaker as it is shipped."""
    two = {name: {"url": f"mailto://127.0.0.1:9?from=a@example.org&to={name}@example.org"} for name in ("desk", "room")}
    route = {"channels": ["desk", "room"]}
    hongtou.configure(channels=two, routes={"now": route, "daily": {"enabled": False}}, alerts={})
    hongtou.link_by(story_finder)
    for number in range(10):
        name = f"gazette{number}"
        hongtou.source(name)
        news = [hongtou.news(number * 500 + n) for n in range(500)]
        await hongtou.poll(name, hongtou.feed(*news))
        clock.advance(minutes=1)
        assert await hongtou.deliver() == []
    clock.advance(minutes=11)
    await hongtou.deliver()
    clock.advance(hours=1)
    await hongtou.deliver()
    assert len(hongtou.items()) == 5000
    assert hongtou.states() == [SENT] * 10_000
    assert hongtou.states(AlertKind.DIGEST) == [SENT, SENT]
    assert len([part for _, part in hongtou.channels.sent]) <= 2 * 10
    assert hongtou.missing() == 0


async def test_08_edited_titles_and_guids_are_not_new(hongtou: Any, clock: Any) -> None:
    """A typo mended in the title, and a new guid for the same address, are revisions: nothing is told again."""
    await hongtou.known("gazette")
    one = hongtou.news(1)
    await hongtou.poll("gazette", hongtou.feed(one))
    assert len(await hongtou.deliver()) == 1
    for change in (
        {"title": one["title"] + "（全文）"},
        {"guid": "quite-another"},
        {"guid": "third", "title": "更正：" + one["title"]},
    ):
        clock.advance(hours=1)
        await hongtou.poll("gazette", hongtou.feed(one | change))
        assert await hongtou.deliver() == []
    [item] = [item for item in hongtou.items() if "出台" in item.title]
    assert item.revision > 1


async def test_08_items_that_share_a_broken_guid_are_all_kept(hongtou: Any, story_finder: Any) -> None:
    """Ten items with one guid between them are ten items."""
    hongtou.link_by(story_finder)
    await hongtou.known("gazette")
    await hongtou.poll("gazette", hongtou.feed(*[hongtou.news(n, guid="same") for n in range(1, 11)]))
    assert len(hongtou.items()) == 11
    assert len(await hongtou.deliver()) == 10


async def test_09_a_job_that_hangs_stops_no_other(hongtou: Any) -> None:
    """A stuck job is cut at its deadline and runs again; others tick on, and a stuck channel holds no other up."""
    ticker, ran = Ticker(), []

    async def hang() -> None:
        ran.append("hang")
        await asyncio.sleep(3600)

    async def work() -> None:
        ran.append("work")

    ticker.add("hang", timedelta(seconds=0.1), hang, deadline=timedelta(seconds=0.05))
    ticker.add("work", timedelta(seconds=0.1), work)
    ticker.start()
    for _ in range(100):
        await asyncio.sleep(0.05)
        if ran.count("hang") >= 2 and ran.count("work") >= 2:
            break
    await ticker.stop()
    assert min(ran.count("hang"), ran.count("work")) >= 2
    assert hongtou.missing() == 0


async def test_09_a_message_no_channel_can_take_stops_no_other(hongtou: Any) -> None:
    """One that dies is told of, and those behind it go out."""
    await hongtou.known("gazette")
    await hongtou.poll("gazette", hongtou.feed(*[hongtou.news(n) for n in (1, 2, 3)]))
    hongtou.channels.script = [NO]
    await hongtou.deliver()
    assert sorted(hongtou.states()) == [DEAD, SENT, SENT]


@pytest.mark.parametrize(
    ("charset", "declared", "header"),
    [
        ("gb18030", "gb2312", ""),
        ("gbk", "gbk", "text/xml"),
        ("big5", "big5", "text/xml; charset=big5"),
        ("utf-8", "utf-8", "text/xml; charset=gb2312"),
        ("gb18030", "utf-8", "text/xml; charset=gbk"),
    ],
)
async def test_10_wrong_encodings_are_read_right(hongtou: Any, charset: str, declared: str, header: str) -> None:
    """Titles come out whole whatever the page or its header calls them, and say the same in the alert."""
    await hongtou.known("gazette")
    title = "香港發布區塊鏈產業發展行動計劃" if charset == "big5" else "深圳市印发区块链产业发展行动计划"
    body = hongtou.feed(hongtou.news(1, title=title, text=title * 3), charset=charset, declared=declared)
    headers = {"content-type": header} if header else {}
    assert await hongtou.poll("gazette", body, **headers) is Answer.OK
    assert title in [item.title for item in hongtou.items()]
    await hongtou.deliver()
    assert title in hongtou.told
    assert "\ufffd" not in hongtou.told


async def test_11_wrong_zones_and_future_dates(hongtou: Any, clock: Any) -> None:
    """A time without a zone is the source's, not UTC; one in the future is replaced by when it was first seen."""
    await hongtou.known("gazette")
    local = (clock.at + timedelta(hours=8) - timedelta(minutes=30)).strftime("%Y-%m-%d %H:%M:%S")
    ahead = format_datetime(clock.at + timedelta(days=40))
    await hongtou.poll("gazette", hongtou.feed(hongtou.news(1, date=local), hongtou.news(2, date=ahead)))
    first, second = (item.published for item in hongtou.items() if "出台" in item.title)
    assert first.at == clock.at - timedelta(minutes=30)
    assert (second.at, second.origin) == (clock.at, DateOrigin.FIRST_SEEN)
    assert len(await hongtou.deliver()) == 2


@pytest.mark.parametrize(("status", "wall"), [(412, "瑞数"), (521, "加速乐"), (403, "refuses")])
async def test_12_a_wall_is_blocked_not_empty(hongtou: Any, clock: Any, status: int, wall: str) -> None:
    """A challenge is told as one, once, with its name; the source is asked more slowly, and counts as failing."""
    await hongtou.known("ministry", kind=SourceKind.LISTING, url="https://ministry.example/list")
    for _ in range(12):
        assert await hongtou.poll("ministry", b"<html><script>x()</script></html>", status=status) is Answer.BLOCKED
        await hongtou.review()
        clock.advance(hours=6)
    assert len(await hongtou.deliver()) == 1
    assert wall in hongtou.told
    assert "refuses us" in hongtou.told


async def test_13_memory_does_not_grow(hongtou: Any, clock: Any) -> None:
    """Thirty more rounds of polls, alerts and deliveries leave next to nothing behind."""
    await hongtou.known("gazette")

    async def rounds(count: int) -> int:
        for _ in range(count):
            clock.advance(minutes=20)
            await hongtou.poll("gazette", hongtou.feed(hongtou.news(clock.at.toordinal() % 900, guid=str(clock.at))))
            await hongtou.deliver()
            hongtou.channels.sent.clear()
        gc.collect()  # what only waits to be collected is not left behind
        return tracemalloc.get_traced_memory()[0]

    await rounds(10)
    tracemalloc.start()
    try:
        early = await rounds(15)
        late = await rounds(30)
    finally:
        tracemalloc.stop()
    assert late - early < 1_000_000


async def test_14_a_locked_database_is_waited_for(hongtou: Any, tmp_path: Path) -> None:
    """While another program holds the database, nothing is lost: the write waits for it."""
    await hongtou.known("gazette")
    other = sqlite3.connect(tmp_path / "hongtou.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    ending = threading.Timer(0.7, other.rollback)
    ending.start()
    await hongtou.poll("gazette", hongtou.feed(hongtou.news(1)))
    ending.join()
    other.close()
    assert len(await hongtou.deliver()) == 1


def test_14_a_second_instance_refuses_to_start(tmp_path: Path) -> None:
    """Two programs never write one database."""
    with InstanceLock(tmp_path), pytest.raises(InstanceLockedError):
        InstanceLock(tmp_path).acquire()


async def test_14_what_was_told_is_still_known_when_it_is_pruned(hongtou: Any, clock: Any) -> None:
    """Tidying up forgets no key: what is edited later is not told a second time."""
    await hongtou.known("gazette")
    await hongtou.poll("gazette", hongtou.feed(hongtou.news(1)))
    await hongtou.deliver()
    clock.advance(days=2)
    with hongtou.database.unit_of_work() as uow:
        assert uow.outbox.prune(before=clock.now(), now=clock.now(), limit=99) == 1
        uow.commit()
    await hongtou.poll("gazette", hongtou.feed(hongtou.news(1, title="更新：深圳元宇宙实施方案全文")))
    assert await hongtou.deliver() == []
    assert hongtou.missing() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rutes": {}}, "routes"),
        ({"routes": {"now": {"match": {"topics": ["blokchain"]}}}}, "blockchain"),
        ({"routes": {"now": {"channels": ["dsek"]}}}, "desk"),
        ({"routes": {"now": {"match": {"query": "(a"}}}}, "query"),
        ({"routes": {"now": {"zone": "Asia/Shanghia"}}}, "Asia/Shangh"),
        ({"alerts": {"timeout": "sometime"}}, "timeout"),
    ],
)
async def test_15_an_edit_that_is_wrong_is_refused_with_what_was_meant(
    hongtou: Any, changes: dict[str, Any], said: str
) -> None:
    """Misspelt keys, topics, channels, zones and queries are told where they are; what ran goes on running."""
    with pytest.raises(ConfigError) as refused:
        hongtou.configure(**changes)
    assert said in str(refused.value)
    await hongtou.known("gazette")
    await hongtou.poll("gazette", hongtou.feed(hongtou.news(1)))
    assert len(await hongtou.deliver()) == 1


async def test_15_an_edit_counts_for_the_very_next_item(hongtou: Any) -> None:
    """A route that is narrowed tells no more what it does not want, and a channel's new size holds at once."""
    await hongtou.known("gazette")
    wants = {"channels": ["desk"], "match": {"jurisdictions": ["hk"]}}
    hongtou.configure(routes={"now": wants, "daily": {"enabled": False}})
    await hongtou.poll("gazette", hongtou.feed(hongtou.news(1)))
    assert await hongtou.deliver() == []
    hongtou.configure()
    await hongtou.poll("gazette", hongtou.feed(hongtou.news(2), hongtou.news(1)))
    assert len(await hongtou.deliver()) == 1


class Crash(BaseException):
    """The end of a process."""


def crash(*_: object) -> None:
    """End the process, as far as one test can."""
    raise Crash


def test_every_kind_has_its_test() -> None:
    """The fifteen kinds are all here."""
    numbers = {name[5:7] for name in globals() if name.startswith("test_") and name[5:7].isdigit()}
    assert numbers == {f"{number:02}" for number in range(1, 16)}
