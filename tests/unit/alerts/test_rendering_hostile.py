"""Whatever titles, names and addresses hold, no service reads them as anything but words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from alerts.rendering import ChannelRenderer
from core.alert import AlertKind
from core.message import ChannelKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.alert import Told
    from core.message import Content, Part

    Make = Callable[..., Any]

RENDERER = ChannelRenderer()
HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(1)">',
    "[click](https://evil.example) **bold** _it_ `code` <!channel> <@U1> <https://evil.example|safe>",
    "@everyone @here @channel @all @所有人 <at id=all></at> <at user_id='all'> <@&1> <#2>",
    "line one\r\nBcc: everybody@example.org\r\n\r\nbody",
    "\u202egnp.exe\u202c \u2066x\u2069 \x1b[31m\x00",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "长" * 5000,
    "\ud83d broken",
    '"},{"tag":"at","id":"all"}',
    "</b></td></table><!-- ]]>",
    "![x](https://evil.example/i.png) # head\n> quote\n~~~",
    "<font color='red'>x</font> &lt;b&gt; &#60;i&#62;",
)
TELEGRAM_TAGS = {"b", "i", "u", "s", "a", "code", "pre", "blockquote"}
"""Of those that Telegram's HTML has; another one, or one left open, gets the message refused."""
MAIL_TAGS = {
    "html", "head", "meta", "title", "style", "body", "table", "tr", "td", "div", "span", "a", "b", "br",
}  # fmt: skip
ZERO_WIDTH = "\u200b"


class Markup(HTMLParser):
    """Collects tags, attributes and text of a piece of HTML, and checks that it is balanced."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(markup)
        self.close()
        assert self.open == []

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
def make_hostile(make_full: Make, make_classification: Make, make_source: Make) -> Make:
    """Maker of told items in which every text from outside is the given one."""

    def make(words: str) -> Told:
        told: Told = make_full()
        assert told.story is not None
        assert told.story.primary is not None
        judged = make_classification(
            gloss=words, reason=words, translation=words, summary=(words, f"{words}!"), documents=(words,),
            document_numbers=(words,), evidence=(replace(make_classification().evidence[0], text=words),),
            jurisdiction=words,
        )  # fmt: skip
        item = replace(told.item, title=words, issuer=words, url=f"https://x.example/{words}", classification=judged)
        story = replace(
            told.story,
            story=replace(told.story.story, title=words, gloss=words, jurisdiction=words),
            primary=replace(told.story.primary, title=words),
            outlets=tuple(replace(one, name=words, url=words) for one in told.story.outlets),
            kin=tuple((relation, later, replace(other, title=words)) for relation, later, other in told.story.kin),
        )
        return replace(told, item=item, source=make_source(name=words, name_en=words), reason=words, story=story)

    return make


def contents(told: Told, words: str, make_content: Make, notice: Content) -> tuple[Content, ...]:
    """Return the told item as alert, update, digest and a notice of the same words."""
    return (
        make_content(told),
        make_content(told, kind=AlertKind.UPDATE, possible_repeat=True),
        make_content(told, kind=AlertKind.DIGEST),
        replace(notice, subject=words, body=f"{words}\n{words}"),
    )


@pytest.mark.parametrize("kind", ChannelKind)
def test_hostile_words_stay_words(
    kind: ChannelKind, make_hostile: Make, make_content: Make, make_form: Make, notice: Content
) -> None:
    """Markup, mentions, mail headers, direction marks, templates and floods do nothing in any service."""
    for words in HOSTILE:
        for content in contents(make_hostile(words), words, make_content, notice):
            language = "zh" if content.kind is AlertKind.UPDATE else "en"
            for part in RENDERER.render(content, make_form(kind, language=language)):
                assert_harmless(part, kind)


@pytest.mark.parametrize("kind", ChannelKind)
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.characters(codec=None), max_size=40) | st.text("<>[]()*_`@#|\\&;:!~{}%\"'a1 /\n", max_size=60))
def test_any_words_stay_words(
    kind: ChannelKind, words: str, make_hostile: Make, make_content: Make, make_form: Make, notice: Content
) -> None:
    """No text at all breaks any service's message."""
    for content in contents(make_hostile(words), words, make_content, notice):
        for part in RENDERER.render(content, make_form(kind)):
            assert_harmless(part, kind)


def assert_harmless(part: Part, kind: ChannelKind) -> None:
    """Check that a part is whole and holds no marks but those of the templates."""
    assert len(part.subject.splitlines()) == 1
    assert "49" not in part.subject
    for text in (part.subject, part.body, part.text, json.dumps(dict(part.data), ensure_ascii=False)):
        text.encode()
        assert not {"\u202e", "\u2066", "\x1b", "\x00", "\r"} & set(text)
    assert not re.search("@(everyone|here|channel|all|所有人)", part.text)
    if kind not in (ChannelKind.WEBHOOK, ChannelKind.TERMINAL):
        said = (part.body, json.dumps(dict(part.data), ensure_ascii=False))
        assert not any(re.search("@(everyone|here|channel|all|所有人)", text) for text in said)
    if kind in CHECKS:
        CHECKS[kind](part)


def _mail(part: Part) -> None:
    page = Markup(part.body)
    assert page.tags <= MAIL_TAGS
    assert all(link.startswith("https://") and "evil" not in link.partition("x.example")[0] for link in page.links)
    assert not any(name.startswith("on") for name in page.attributes)
    xhtml = re.sub(r"<(meta[^>]*|br)>", r"<\1/>", part.body.removeprefix("<!DOCTYPE html>")).replace("&nbsp;", " ")
    etree.fromstring(xhtml.encode())  # raises where a tag, an attribute or an entity is not whole


def _telegram(part: Part) -> None:
    page = Markup(part.body)
    assert page.tags <= TELEGRAM_TAGS
    assert page.attributes <= {"href", "expandable"}
    etree.fromstring(f"<x>{part.body.replace('<blockquote expandable>', '<blockquote>')}</x>")


def _slack(part: Part) -> None:
    assert not re.search(r"<(?!https?://)", part.body)
    assert not re.search(r"<https?://(?!x\.example|shgov\.example)", part.body)
    assert not re.search(r"&(?!amp;|lt;|gt;)", part.body)
    blocks: Any = part.data["blocks"]
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks)


def _discord(part: Part) -> None:
    # What stands escaped, or is the target of a link of ours, goes; nothing that Discord acts on may be left.
    shown = re.sub(r"\\.", "", part.body)
    shown = re.sub(r"\]\(<https://(?:x|shgov)\.example[^\s<>]*>\)", "](url)", shown)
    assert "<" not in shown
    assert "`" not in shown
    assert re.fullmatch(r"(?:[^\[\]]|\[[^\[\]]*\]\(url\))*", shown)


def _feishu(part: Part) -> None:
    left = re.sub(r"\]\(https://(?:x|shgov)\.example[^\s()]*\)", "](url)", part.body)
    left = left.replace("<font color='grey'>", "").replace("</font>", "")
    assert "<" not in left
    assert re.fullmatch(r"(?:[^\[\]]|\[[^\[\]]*\]\(url\))*", left)


def _markdown(part: Part) -> None:
    left = re.sub(r"\\.", "", part.body).replace('<font color="comment">', "").replace("</font>", "")
    assert not re.search(r"<[a-zA-Z/!@]", left)
    assert not re.search(r"\]\((?!https://(?:x|shgov)\.example)", left)


def _webhook(part: Part) -> None:
    assert json.loads(part.body) == part.data


CHECKS: dict[ChannelKind, Callable[[Part], None]] = {
    ChannelKind.EMAIL: _mail,
    ChannelKind.TELEGRAM: _telegram,
    ChannelKind.SLACK: _slack,
    ChannelKind.DISCORD: _discord,
    ChannelKind.FEISHU: _feishu,
    ChannelKind.DINGTALK: _markdown,
    ChannelKind.WECOM: _markdown,
    ChannelKind.WEBHOOK: _webhook,
}


def test_an_address_that_is_none_is_no_link(make_told: Make, make_content: Make, make_form: Make) -> None:
    """Only http and https become links, in every service."""
    for kind in ChannelKind:
        (part,) = RENDERER.render(make_content(make_told(url="javascript:alert(1)")), make_form(kind))
        assert "javascript" not in part.body
        assert "javascript" not in part.text
