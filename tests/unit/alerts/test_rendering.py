"""Contents in the form of every channel."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from alerts.rendering import ChannelRenderer
from core.alert import AlertKind
from core.message import ChannelKind, Content, DigestFrame
from core.notices import NoticeKind
from core.stories import StoryChange

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.message import Part

    Make = Callable[..., Any]

RENDERER = ChannelRenderer()
FACTS = (
    "某市发布区块链产业行动计划（第1版）",
    "City issues blockchain plan 1",
    "By machine: A city's plan",
    "It was issued.",
    "https://lianwen.example/news/1",
    "链闻 (Chain Gazette)",
    "Shanghai",
    "2023-06-15 09:30 Shanghai (01:30 UTC)",
    "blockchain",
    "draft, comments until 2023-07-01 (16 days left)",
    "元宇宙产业行动计划",
    "沪府办发〔2023〕10号",
    "A plan of an authority about blockchain.",
    "区块链",
    "0.95",
    "act plan",
    "上海市行动计划全文1",
    "https://shgov.example/1",
    "Outlet 1",
    "+1 h 20 min",
    "https://outlet3.example/a",
    "final form of 元宇宙行动计划（征求意见稿）",
)
"""What an alert of an item with a whole story tells."""


def plain(markup: str) -> str:
    """Return markup without what escapes put into it."""
    for mark, meant in (("&#x27;", "'"), ("&amp;", "&"), ("\\", ""), ("&#40;", "("), ("&#41;", ")")):
        markup = markup.replace(mark, meant)
    return markup


def only(parts: tuple[Part, ...]) -> Part:
    """Return the one part."""
    (part,) = parts
    return part


@pytest.mark.parametrize("kind", ChannelKind)
def test_an_item_tells_all_there_is_to_say(
    kind: ChannelKind, make_full: Make, make_content: Make, make_form: Make
) -> None:
    """What, who, where, when, act, stage, why, documents, outlets with lead and kin are in every form."""
    part = only(RENDERER.render(make_content(make_full()), make_form(kind)))
    assert part.subject == "[Hongtou] Shanghai · plan: 某市发布区块链产业行动计划（第1版）"
    assert part.thread == "story-1"
    assert part.items == 1
    for fact in FACTS:
        assert fact in part.text
        if kind is not ChannelKind.WEBHOOK:
            assert fact in plain(part.body)


def test_the_primary_document_comes_before_the_outlets(make_full: Make, make_content: Make, make_form: Make) -> None:
    """Links lead to the item, then to the authority's document, then to the reports in order of time."""
    for kind in (ChannelKind.EMAIL, ChannelKind.SLACK, ChannelKind.OTHER):
        part = only(RENDERER.render(make_content(make_full()), make_form(kind)))
        for form in (part.body, part.text):
            places = [form.index(host) for host in ("lianwen.example", "shgov.example", "outlet1.ex", "outlet3.ex")]
            assert places == sorted(places)


@pytest.mark.parametrize("kind", ChannelKind)
def test_an_item_without_a_story_is_told(kind: ChannelKind, make_content: Make, make_form: Make) -> None:
    """What is not known leaves no mark."""
    part = only(RENDERER.render(make_content(), make_form(kind)))
    assert "某市发布区块链产业行动计划" in part.body
    assert not any(word in part.text for word in ("Stage", "Reports", "Primary", "Related", "machine"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (StoryChange.NEW_LANGUAGE, "First report in Chinese"),
        (StoryChange.PRIMARY_FOUND, "The authority's own document was found"),
        (StoryChange.REPORT, "Another report"),
        (None, "New in a known story"),
    ],
)
def test_an_update_says_what_is_new(
    change: StoryChange | None, said: str, make_full: Make, make_content: Make, make_form: Make
) -> None:
    """Subject and body of every form say it, in the thread of the story."""
    content = make_content(make_full(), kind=AlertKind.UPDATE, change=change)
    for kind in (ChannelKind.EMAIL, ChannelKind.OTHER, ChannelKind.TELEGRAM):
        part = only(RENDERER.render(content, make_form(kind)))
        assert part.subject.startswith(f"[Hongtou] {said}: ")
        assert said in plain(part.body)
        assert said in part.text
        assert part.thread == "story-1"


@pytest.mark.parametrize("kind", ChannelKind)
def test_a_digest_tells_stories_and_what_surrounds_them(
    kind: ChannelKind, make_full: Make, make_told: Make, make_content: Make, make_form: Make, frame: DigestFrame
) -> None:
    """Counts, reason, stories, quiet sources, silenced alerts and the week are told."""
    told = (make_full(1), make_told(2), make_told(3, topic="ai"))
    part = only(RENDERER.render(make_content(*told, frame=frame), make_form(kind)))
    assert part.subject == "[Hongtou] desk digest 2023-06-15: 3 stories (blockchain 2, AI 1)"
    assert part.items == 3
    assert part.thread == ""
    forms = (part.text,) if kind is ChannelKind.WEBHOOK else (part.text, plain(part.body))
    for form in forms:
        for words in (
            "blockchain 2, AI 1",
            "11 alerts came during quiet hours",
            "2023-06-14 10:00 Shanghai",
            "上海市行动计划全文1",
            "（第2版）",
            "（第3版）",
            "+3 outlets · first report +1 h 20 min",
            "34 relevant stories",
            "某局: blocked since 2023-06-10",
            "2 alerts were silenced",
        ):
            assert words in form
        assert form.index("（第2版）") < form.index("AI (1)") < form.index("（第3版）")


def test_a_digest_tells_a_story_once(make_told: Make, make_content: Make, make_form: Make) -> None:
    """Several items of one story are one entry, with every reason for which it was wanted."""
    first = make_told(1, story_id=1, reason="topic blockchain")
    second = make_told(2, story_id=1, reason="act plan")
    part = only(RENDERER.render(make_content(first, second), make_form(ChannelKind.OTHER)))
    assert part.items == 1
    assert "1 story" in part.body
    assert "第2版" not in part.body


@pytest.mark.parametrize("kind", ChannelKind)
def test_a_notice_keeps_its_lines(kind: ChannelKind, notice: Content, make_form: Make) -> None:
    """Subject and lines of a notice are told in every form."""
    part = only(RENDERER.render(notice, make_form(kind)))
    assert part.subject == "[Hongtou] Source down"
    assert part.text.endswith("first <line>\n\nsecond & line")
    assert part.items == 0


def test_recovery_and_test_are_notices(notice: Content, make_form: Make) -> None:
    """They are told by the notice's templates, and mails say what they are."""
    for kind, what, said in (
        (AlertKind.NOTICE, NoticeKind.RECOVERY, "Recovered"),
        (AlertKind.TEST, None, "Test"),
        (AlertKind.NOTICE, NoticeKind.DISK, "Operator notice"),
    ):
        part = only(RENDERER.render(replace(notice, kind=kind, notice=what), make_form()))
        assert said in part.body


@pytest.mark.parametrize("kind", ChannelKind)
def test_a_possible_repeat_is_marked(kind: ChannelKind, make_content: Make, make_form: Make) -> None:
    """Subject and text say that it may have come before."""
    part = only(RENDERER.render(make_content(possible_repeat=True), make_form(kind)))
    assert part.subject.endswith("(possible repeat)")
    assert "Possible repeat:" in part.text


def test_a_tap_leads_to_the_item_and_notices_bear_a_sign(
    make_content: Make, make_told: Make, make_form: Make, notice: Content
) -> None:
    """A tap opens the item, or the dashboard for a digest; notices and recoveries show a picture."""
    form = make_form(ChannelKind.NTFY, max_title=200)
    assert only(RENDERER.render(make_content(), form)).data == {"click": "https://lianwen.example/news/1"}
    digest = make_content(make_told(1), make_told(2))
    assert only(RENDERER.render(digest, form)).data == {}
    local = ChannelRenderer(base_url="https://h.example")
    assert only(local.render(digest, form)).data == {"click": "https://h.example/stories"}
    assert only(RENDERER.render(notice, form)).data == {"tags": ["warning"]}
    well = replace(notice, notice=NoticeKind.RECOVERY)
    assert only(RENDERER.render(well, form)).data == {"tags": ["white_check_mark"]}


def test_mail_suits_every_reader(make_full: Make, make_content: Make, make_form: Make) -> None:
    """Light and dark are both meant, nothing is loaded from elsewhere, and layout tables are marked as such."""
    for content in (make_content(make_full()), make_content(make_full(1), make_full(2))):
        page = only(RENDERER.render(content, make_form())).body
        assert '<meta name="color-scheme" content="light dark">' in page
        assert "@media (prefers-color-scheme: dark)" in page
        assert page.count("<table") == page.count('<table role="presentation"')
        assert not any(mark in page for mark in ("<img", "<script", "<link", "url(", "@import"))
        assert page.startswith("<!DOCTYPE html>")


def test_every_colour_of_text_in_mail_changes_in_the_dark(
    make_full: Make, make_content: Make, make_form: Make, frame: DigestFrame, notice: Content
) -> None:
    """What has a colour of its own also has a class that the style sheet darkens or lightens."""
    full = make_full()
    for content in (make_content(full), make_content(full, make_full(2), frame=frame), notice):
        page = only(RENDERER.render(content, make_form())).body
        body = page.partition("<body")[2]
        coloured = [tag for tag in re.findall(r"<[a-z]+[^>]*>", body) if re.search(r"[\";]color:#", tag)]
        assert len(coloured) > 4
        assert all(re.search(r'class="[^"]*\b(text|soft|link)\b', tag) for tag in coloured)


def test_the_week_is_a_chart_of_table_cells(make_told: Make, make_content: Make, make_form: Make) -> None:
    """Bars are cells with a width and a ground, in proportion to the fullest day; an empty day has none."""
    frame = DigestFrame(since=None, week=(("2023-06-13", 10), ("2023-06-14", 0), ("2023-06-15", 5)))
    page = only(RENDERER.render(make_content(make_told(1), make_told(2), frame=frame), make_form())).body
    assert re.findall(r'bgcolor="#c62828" width="(\d+)"', page) == ["220", "110"]


def test_words_are_chinese_where_that_is_asked_for(
    make_full: Make, make_content: Make, make_form: Make, frame: DigestFrame
) -> None:
    """No phrase of ours is left in English; titles and names stay as they are."""
    contents = (make_content(make_full()), make_content(make_full(1), make_full(2), frame=frame))
    for content in contents:
        for kind in ChannelKind:
            part = only(RENDERER.render(content, make_form(kind, language="zh")))
            for word in (
                "From",
                "Published",
                "Reports",
                "stories",
                "outlets",
                "Shanghai",
                "blockchain",
                "draft",
                "since",
            ):
                assert word not in part.text


@pytest.mark.parametrize(
    ("kind", "max_title", "is_headed"),
    [
        (ChannelKind.EMAIL, 250, True),
        (ChannelKind.DINGTALK, 300, True),
        (ChannelKind.TELEGRAM, 0, True),
        (ChannelKind.OTHER, 0, True),
        (ChannelKind.OTHER, 100, False),
        (ChannelKind.NTFY, 250, False),
        (ChannelKind.SLACK, 150, False),
        (ChannelKind.FEISHU, 300, False),
    ],
)
def test_a_body_begins_with_a_heading_where_no_title_stands_above(
    kind: ChannelKind, max_title: int, is_headed: bool, make_content: Make, make_form: Make
) -> None:
    """Slack and Feishu have a head of their own, ntfy a title; others begin with place and act."""
    part = only(RENDERER.render(make_content(), make_form(kind, max_title=max_title)))
    assert ("Shanghai · plan" in part.body) is is_headed
    if kind in (ChannelKind.SLACK, ChannelKind.FEISHU):
        assert "Shanghai · plan" in str(part.data)
