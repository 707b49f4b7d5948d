"""When flagged items are looked at again, and what the looks mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.item import BodyOrigin, ItemId
from core.outcome import Answer
from core.recheck import (
    CONFIRM_AFTER,
    MAX_RETRIES,
    Look,
    Recheck,
    RecheckPlan,
    Sight,
    after_look,
    leads_to_index,
    look_at_article,
    look_without_page,
    next_step,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

HOUR = timedelta(hours=1)
MISSING_ANSWERS = (Answer.GONE, Answer.SOFT_404, Answer.EMPTY, Answer.PARSE)
NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)
PLAN = RecheckPlan()
PRESENT = Look(sight=Sight.PRESENT)
MISSING = Look(sight=Sight.MISSING, reason="the server says that it is gone")
UNCLEAR = Look(sight=Sight.UNCLEAR, reason="timeout")
LISTS = ("https://lianwen.example/news/list.html",)
PLAN_TEXT = (
    "为加快推动区块链技术和产业创新发展，市政府办公厅印发三年行动计划，提出到2025年建成公共服务平台，培育一批骨干企业，"
    "形成可复制推广的经验做法，并要求各区各部门结合实际认真贯彻落实，定期报告进展情况。各区要建立协调机制，细化任务分工，"
    "加强资金保障，完善标准体系，强化安全监管，营造良好的发展环境，确保各项任务按期完成并取得实效。"
)
OTHER_TEXT = (
    "The weather service expects light rain over the coast during the weekend, with temperatures close to the seasonal "
    "average; fishing boats are asked to return to port before Friday evening, and ferries may run late on both days."
)


def looked(recheck: Recheck, look: Look, *, first: datetime, now: datetime) -> Recheck:
    """Look once without jitter."""
    return after_look(recheck, look, PLAN, first_seen_at=first, now=now, jitter=0.0)


def test_looks_thin_out(now: datetime) -> None:
    """While the page stands, an item is looked at an hour, six hours, one, 3, 7, 14 and 30 days after it was found."""
    recheck = Recheck(item_id=ItemId(1), due_at=now + PLAN.steps[0])
    ages = []
    while recheck.due_at is not None:
        ages.append((recheck.due_at - now) / HOUR)
        recheck = looked(recheck, PRESENT, first=now, now=recheck.due_at)
    assert ages == [1, 6, 24, 72, 168, 336, 720]
    assert recheck.looks == 7
    assert not recheck.is_removed


def test_missed_steps_are_not_made_up_for(now: datetime) -> None:
    """After two days off, one look is enough, and the next is on the third day."""
    assert next_step(PLAN, first_seen_at=now, now=now + 48 * HOUR) == now + 72 * HOUR
    assert next_step(PLAN, first_seen_at=now, now=now + 720 * HOUR) is None


def test_a_page_is_removed_at_the_second_miss(now: datetime) -> None:
    """The first miss is confirmed soon; the second in a row removes it, with time and reason."""
    doubted = looked(Recheck(item_id=ItemId(1), due_at=now), MISSING, first=now, now=now + 24 * HOUR)
    assert not doubted.is_removed
    assert doubted.due_at == now + 24 * HOUR + CONFIRM_AFTER
    removed = looked(doubted, MISSING, first=now, now=doubted.due_at)
    assert (removed.removed_at, removed.removal) == (doubted.due_at, MISSING.reason)
    assert (removed.removals, removed.missing, removed.due_at) == (1, 2, now + 72 * HOUR)
    again = looked(removed, MISSING, first=now, now=now + 72 * HOUR)
    assert (again.removed_at, again.removals) == (removed.removed_at, 1)


def test_a_miss_after_the_schedule_is_still_confirmed(now: datetime) -> None:
    """The last look of the schedule may begin a doubt; it is settled an hour later."""
    at = now + 720 * HOUR
    assert looked(Recheck(item_id=ItemId(1), due_at=at), MISSING, first=now, now=at).due_at == at + CONFIRM_AFTER


def test_one_miss_is_forgotten_when_the_page_is_there(now: datetime) -> None:
    """Two misses with a sight between are not two in a row."""
    recheck = Recheck(item_id=ItemId(1), due_at=now)
    for hours, look in enumerate((MISSING, PRESENT, MISSING), start=1):
        recheck = looked(recheck, look, first=now, now=now + hours * HOUR)
    assert not recheck.is_removed
    assert recheck.missing == 1
    assert recheck.returned_at is None


def test_an_outage_neither_confirms_nor_clears(now: datetime) -> None:
    """A miss, an outage and a miss remove the page; an outage alone never does."""
    recheck = Recheck(item_id=ItemId(1), due_at=now)
    for hours, look in enumerate((MISSING, UNCLEAR, UNCLEAR, UNCLEAR), start=1):
        recheck = looked(recheck, look, first=now, now=now + hours * HOUR)
        assert not recheck.is_removed
    assert (recheck.missing, recheck.failures, recheck.looks) == (1, 3, 1)
    assert looked(recheck, MISSING, first=now, now=now + 5 * HOUR).is_removed


def test_looks_that_tell_nothing_slow_down_and_end(now: datetime) -> None:
    """The gap doubles from an hour; after six the schedule goes on, and at its end the item is let go."""
    late = now + 720 * HOUR
    recheck = Recheck(item_id=ItemId(1), due_at=late)
    gaps = []
    for _ in range(MAX_RETRIES):
        assert recheck.due_at is not None
        at = recheck.due_at
        recheck = looked(recheck, UNCLEAR, first=now, now=at)
        assert recheck.due_at is not None
        gaps.append((recheck.due_at - at) / HOUR)
    assert gaps == [1, 2, 4, 8, 16, 24]
    assert recheck.due_at is not None
    assert looked(recheck, UNCLEAR, first=now, now=recheck.due_at).due_at is None


def test_a_page_that_returns_is_recorded(now: datetime) -> None:
    """It counts as there again, remembers when it returned, and can be removed a second time."""
    removed = Recheck(item_id=ItemId(1), due_at=now, missing=2, removed_at=now, removal="gone", removals=1)
    back = looked(removed, PRESENT, first=now, now=now + HOUR)
    assert (back.is_removed, back.removal, back.returned_at, back.removals) == (False, "", now + HOUR, 1)
    for hours in (2, 3):
        back = looked(back, MISSING, first=now, now=now + hours * HOUR)
    assert (back.is_removed, back.removals, back.returned_at) == (True, 2, now + HOUR)


def test_jitter_only_delays(now: datetime) -> None:
    """Items found together are not looked at together: up to a tenth of the wait is added."""
    recheck = Recheck(item_id=ItemId(1), due_at=now)
    late = after_look(recheck, PRESENT, PLAN, first_seen_at=now, now=now + HOUR, jitter=0.5)
    assert late.due_at == now + 6 * HOUR + 5 * HOUR * 0.05


@given(
    st.lists(st.sampled_from([PRESENT, MISSING, UNCLEAR]), max_size=40),
    st.floats(min_value=0, max_value=1, exclude_max=True),
)
def test_due_times_move_forward_and_removals_take_two_misses(looks: list[Look], jitter: float) -> None:
    """Whatever is seen, the next look is later than this one, and no removal follows fewer than two misses."""
    recheck = Recheck(item_id=ItemId(1), due_at=NOW)
    misses = 0
    for look in looks:
        if recheck.due_at is None:
            break
        at = recheck.due_at
        misses = {Sight.MISSING: misses + 1, Sight.PRESENT: 0, Sight.UNCLEAR: misses}[look.sight]
        recheck = after_look(recheck, look, PLAN, first_seen_at=NOW, now=at, jitter=jitter)
        assert recheck.due_at is None or recheck.due_at > at
        assert recheck.is_removed == (misses >= 2)


@pytest.mark.parametrize(
    ("answer", "sight"),
    [
        (Answer.GONE, Sight.MISSING),
        (Answer.SOFT_404, Sight.MISSING),
        (Answer.EMPTY, Sight.MISSING),
        (Answer.PARSE, Sight.MISSING),
        *((answer, Sight.UNCLEAR) for answer in Answer if answer not in MISSING_ANSWERS),
    ],
)
def test_only_what_is_said_of_the_page_counts(answer: Answer, sight: Sight) -> None:
    """404, 410, an error page and an empty body miss the page; challenges, outages and robots.txt tell nothing."""
    assert look_without_page(answer).sight is sight
    assert look_without_page(answer).reason


@pytest.mark.parametrize(
    ("fresh", "reason"),
    [
        ({}, ""),
        ({"text": PLAN_TEXT.replace("2025", "2026")}, ""),
        ({"text": PLAN_TEXT[:60]}, ""),
        ({"text": "本页已删除。"}, "its text was emptied"),
        ({"text": "", "body_origin": BodyOrigin.NONE}, "its text was emptied"),
        ({"text": "摘要" * 80, "body_origin": BodyOrigin.LIST}, "its text was emptied"),
        ({"title": "Weekend weather", "text": OTHER_TEXT}, "another page stands in its place: “Weekend weather”"),
        ({"text": OTHER_TEXT}, ""),
        ({"title": "某市修订区块链产业行动计划"}, ""),
        ({"url": "https://lianwen.example/", "title": "链闻", "text": OTHER_TEXT}, "it is redirected to https://lianwen.example/"),
        ({"url": "https://lianwen.example/news/1-plan.html"}, ""),
        ({"url": "https://lianwen.example/news/"}, ""),
    ],
    ids=[
        "same", "edited", "shortened", "notice", "none", "list-only", "replaced", "same title", "new title", "home",
        "moved", "slug gone",
    ],
)  # fmt: skip
def test_what_a_page_tells(
    make_item: Callable[..., Any], make_article: Callable[..., Any], fresh: dict[str, Any], reason: str
) -> None:
    """An edit, a shorter text or a new address is the page; an emptied, replaced or redirected one is missing."""
    stored = make_item(text=PLAN_TEXT)
    look = look_at_article(stored, make_article(**{"text": PLAN_TEXT, **fresh}), lists=LISTS)
    assert look == Look(sight=Sight.MISSING if reason else Sight.PRESENT, reason=reason)


def test_a_short_flash_is_never_emptied(make_item: Callable[..., Any], make_article: Callable[..., Any]) -> None:
    """Of a line or two, a page that shows less tells nothing."""
    look = look_at_article(make_item(text="一句话快讯"), make_article(text="", body_origin=BodyOrigin.NONE), lists=())
    assert look.sight is Sight.PRESENT


def test_a_text_from_the_list_is_not_looked_for_on_the_page(
    make_item: Callable[..., Any], make_article: Callable[..., Any]
) -> None:
    """A page that only ever showed a teaser is not emptied by showing it."""
    stored = make_item(text=PLAN_TEXT, body_origin=BodyOrigin.LIST)
    assert look_at_article(stored, make_article(text="登录后阅读全文"), lists=()).sight is Sight.PRESENT


@pytest.mark.parametrize(
    ("answered", "is_index"),
    [
        ("https://lianwen.example/news/7", False),
        ("http://www.lianwen.example/news/7/", False),
        ("https://lianwen.example/", True),
        ("https://lianwen.example/index.html", True),
        ("https://m.lianwen.example/", True),
        ("https://lianwen.example/news/", True),
        ("https://lianwen.example/news/list.html", True),
        ("https://lianwen.example/archive/7", False),
        ("https://lianwen.example/news/71", False),
        ("https://lianwen.example/news/?id=7", False),
        ("https://other.example/news", False),
        ("https://other.example/", True),
        ("", False),
    ],
)
def test_redirects_to_an_index(answered: str, is_index: bool) -> None:
    """The front page, the folder above and the source's list are indexes; another spelling or article is none."""
    assert leads_to_index("https://lianwen.example/news/7", answered, lists=LISTS) is is_index
