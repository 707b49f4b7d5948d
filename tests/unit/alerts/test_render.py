"""Messages in all their forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.render import MAX_SUBJECT, TemplateRenderer
from core.alert import RouteId, Told
from core.classification import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.alert import Message

    Make = Callable[..., Any]

RENDERER = TemplateRenderer()
NOW = datetime(2023, 6, 14, 17, 0, tzinfo=UTC)
HOSTILE = [
    '<script>alert(1)</script><img src=x onerror="alert(1)">',
    "[click](https://evil.example) *bold* _it_ `code` <!channel> <@U1> <https://evil.example|safe>",
    "line one\r\nBcc: everybody@example.org\r\n\r\nbody",
    "\u202egnp.exe\u202c \u2066x\u2069 \x1b[31m\x00",
    "{{ 7 * 7 }} {% raw %}",
    "长" * 5000,
    "\ud83d broken",
]


class Page(HTMLParser):
    """Collects the tags, links and visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links.extend(value or "" for name, value in attrs if name in ("href", "src"))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that a tag closes the last one opened."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


@pytest.fixture
def told(make_item: Make, make_source: Make, make_classification: Make) -> Callable[..., Told]:
    """Give a maker of told items; `topic` and `place` choose where a digest lists them."""

    def make(n: int = 1, *, topic: str = "blockchain", place: str = "cn-sh", **fields: Any) -> Told:
        judged = make_classification(topics=(topic,), jurisdiction=place)
        return Told(item=make_item(n, classification=judged, **fields), source=make_source(), reason="act plan")

    return make


def digest(items: list[Told], *, renderer: TemplateRenderer = RENDERER, repeat: bool = False) -> Message:
    """Render a digest of route desk."""
    return renderer.digest(items, route=RouteId("desk"), now=NOW, possible_repeat=repeat)


def test_an_item_tells_what_who_when_and_why(told: Callable[..., Told]) -> None:
    """Every form holds the title, the link, the source, the date, the reason and the route."""
    message = RENDERER.item(told(), possible_repeat=False)
    assert message.subject == "[Hongtou] cn-sh plan: 某市发布区块链产业行动计划（第1版）"
    for form in (message.text, message.html, message.markdown):
        for words in (
            "某市发布区块链产业行动计划（第1版）",
            "https://lianwen.example/news/1",
            "链闻 (Chain Gazette)",
            "2023-06-15 09:30 Shanghai (2023-06-15 01:30 UTC)",
            "blockchain",
            "A plan of an authority about blockchain.",
            "区块链",
            "0.90",
            "act plan",
        ):
            assert words in form
        assert "ossible repeat" not in form
    assert "<https://lianwen.example/news/1|某市发布区块链产业行动计划（第1版）>" in message.markdown
    assert Page(message.html).links == ["https://lianwen.example/news/1"]


def test_gloss_and_stage_are_told(told: Callable[..., Told], make_classification: Make) -> None:
    """A gloss stands under the title in items and digests, the stage in items; neither leaves a mark when unknown."""
    bare = told()
    judged = make_classification(
        gloss="City issues <blockchain> plan", stage=Stage.DRAFT, comments_until=date(2025, 8, 10)
    )
    full = replace(bare, item=replace(bare.item, classification=judged))
    for message in (RENDERER.item(full, possible_repeat=False), digest([full])):
        for form in (message.text, Page(message.html).text, message.markdown.replace("&lt;", "<").replace("&gt;", ">")):
            assert form.index("第1版") < form.index("City issues <blockchain> plan") < form.index("Chain Gazette")
    whole = RENDERER.item(full, possible_repeat=False)
    for form in (whole.text, Page(whole.html).text, whole.markdown):
        assert "draft, comments until 2025-08-10" in form
    empty = RENDERER.item(bare, possible_repeat=False)
    assert not any("Stage" in form for form in (empty.text, empty.html, empty.markdown))


def test_words_of_a_model_are_told_as_such(told: Callable[..., Told], make_classification: Make) -> None:
    """Title and summary stand under the gloss in every form, escaped, and marked as made by a machine."""
    judged = make_classification(
        gloss="a gloss", translation="A <b>plan</b> & more", summary=("It was <i>issued</i>.", "Soon.")
    )
    bare = told()
    full = replace(bare, item=replace(bare.item, classification=judged))
    for message in (RENDERER.item(full, possible_repeat=False), digest([full])):
        for form in (message.text, Page(message.html).text, message.markdown):
            words = (
                form.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
                .replace("_By machine:_", "By machine:")
            )
            places = [
                words.index(part)
                for part in ("a gloss", "By machine: A <b>plan</b> & more", "It was <i>issued</i>.", "Soon.")
            ]
            assert places == sorted(places)
        assert "A &lt;b&gt;plan&lt;/b&gt; &amp; more" in message.html
        assert "A &lt;b&gt;plan&lt;/b&gt; &amp; more" in message.markdown
    empty = RENDERER.item(bare, possible_repeat=False)
    assert not any("machine" in form for form in (empty.text, empty.html, empty.markdown))


def test_a_possible_repeat_is_marked(told: Callable[..., Told]) -> None:
    """Subject and every form say that it may have come before."""
    for message in (RENDERER.item(told(), possible_repeat=True), digest([told()], repeat=True)):
        assert message.subject.endswith("(possible repeat)")
        assert all("Possible repeat:" in form for form in (message.text, message.html, message.markdown))


def test_an_item_without_link_has_none(told: Callable[..., Told]) -> None:
    """An address that is no http(s) address is not shown and not linked."""
    message = RENDERER.item(told(url="javascript:alert(1)"), possible_repeat=False)
    assert not any("javascript" in form for form in (message.text, message.html, message.markdown))
    assert Page(message.html).links == []


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(
    told: Callable[..., Told], make_source: Make, make_classification: Make, words: str
) -> None:
    """Markup, mail headers, direction marks, templates and floods in a title, source or reason do nothing."""
    item = told(title=words, issuer=words, author=words).item
    judged = make_classification(gloss=words, reason=words, translation=words, summary=(words, f"{words}!"))
    item = replace(item, classification=judged)
    hostile = Told(item=item, source=make_source(name=words, name_en=words), reason=words)
    for message in (
        RENDERER.item(hostile, possible_repeat=False),
        digest([hostile]),
        RENDERER.notice(words, words),
    ):
        assert_harmless(message)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.characters(codec=None), max_size=60))
def test_any_words_stay_words(told: Callable[..., Told], words: str) -> None:
    """No title at all breaks any form."""
    item = told(title=words, url=f"https://example.org/{words}")
    for message in (RENDERER.item(item, possible_repeat=True), digest([item, item]), RENDERER.notice(words, words)):
        assert_harmless(message)


def assert_harmless(message: Message) -> None:
    """Check that a message is whole and holds nothing but what the templates put there."""
    assert len(message.subject) <= MAX_SUBJECT
    assert len(message.subject.splitlines()) == 1
    page = Page(message.html)
    assert page.open == []
    assert page.tags <= {"html", "head", "meta", "title", "body", "table", "tr", "td", "div", "a", "b"}
    assert not any(name.startswith("on") for name in page.attributes)
    assert all(link.startswith("https://") for link in page.links)
    assert "evil.example" not in " ".join(page.links)
    assert "49" not in message.subject
    for form in (message.text, message.html, message.markdown):
        form.encode()
        assert not {"\u202e", "\u2066", "\x1b", "\x00", "\r"} & set(form)
    assert not any(opened in message.markdown for opened in ("<!", "<@", "<https://evil"))
    assert max(len(line) for line in message.text.split("\n")) < 2000


def test_a_digest_is_grouped_and_counted(told: Callable[..., Told]) -> None:
    """The largest topic comes first, one place's items stand together, and every count is told."""
    items = [
        told(1, topic="ai", place="hk"),
        told(2, topic="blockchain", place="cn-sh"),
        told(3, topic="blockchain", place="hk"),
        told(4, topic="blockchain", place="cn-sh"),
    ]
    message = digest(items)
    assert message.subject == "[Hongtou] desk digest 2023-06-15: 4 items (blockchain 3, ai 1)"
    for form in (message.text, Page(message.html).text, message.markdown):
        order = [form.index(words) for words in ("blockchain", "第2版", "第4版", "第3版", "第1版")]
        assert order == sorted(order)
        assert "4 items" in form
        assert "more" not in form


def test_a_digest_over_its_cap_says_how_many_more(told: Callable[..., Told]) -> None:
    """Items over the cap are counted, and not told."""
    message = digest([told(n) for n in range(1, 6)], renderer=TemplateRenderer(max_per_digest=2))
    assert "5 items" in message.subject
    for form in (message.text, message.html, message.markdown):
        assert "… and 3 more" in form
        assert "第3版" not in form


def test_a_digest_of_one_is_singular(told: Callable[..., Told]) -> None:
    """One item is not "1 items"."""
    assert digest([told()]).subject == "[Hongtou] desk digest 2023-06-15: 1 item (blockchain 1)"


def test_an_empty_line_stands_between_items_only(told: Callable[..., Told]) -> None:
    """Long digests are cut at empty lines, so that no item may hold one."""
    message = digest([told(n) for n in range(1, 4)])
    for form in (message.text, message.markdown):
        paragraphs = form.split("\n\n")
        assert len(paragraphs) == 5  # heading, topic, three items
        assert all(paragraph.strip() for paragraph in paragraphs)


def test_a_notice_keeps_its_lines() -> None:
    """Lines of a notice stay lines, and its text is escaped."""
    message = RENDERER.notice("Source down", "first <line>\n\nsecond & line")
    assert message.subject == "[Hongtou] Source down"
    assert message.text == "Source down\n\nfirst <line>\n\nsecond & line"
    assert message.markdown == "*Source down*\n\nfirst &lt;line&gt;\n\nsecond &amp; line"
    assert "first &lt;line&gt;" in message.html


def test_a_message_told_again_as_a_notice_has_one_prefix() -> None:
    """The subject of a message that was too long can be a notice's subject."""
    assert RENDERER.notice("[Hongtou] cn-sh plan: x", "y").subject == "[Hongtou] cn-sh plan: x"


def test_an_endless_notice_is_bounded() -> None:
    """A notice that carries a whole log is cut."""
    assert len(RENDERER.notice("s", "x" * 900 + "\n" * 50 + "y\n" * 100_000).text) < 10_000


def test_html_suits_light_and_dark(told: Callable[..., Told]) -> None:
    """Colours of text and ground are the reader's, and layout tables are marked as such."""
    html = RENDERER.item(told(), possible_repeat=False).html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "background" not in html
    assert html.count("<table") == html.count('<table role="presentation"')
    assert html.startswith("<!DOCTYPE html>")
