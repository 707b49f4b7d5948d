"""How each service marks text up, and how other people's words are kept from doing so. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from html import escape as escape_html
from typing import TYPE_CHECKING

from alerts.wording import defused, mrkdwn, mrkdwn_link
from core.message import ChannelKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SHUT = "\u200b"
"""Zero-width space: put into a mark, it keeps the letters and takes the meaning."""
_DISCORD_MARKS = re.compile(r"([\\*_~`|>#\[\]()<])")
_LARK_MARKS = re.compile(r"[&<>*~_`#\[\]()\\!]")
_DINGTALK_MARKS = re.compile(r"([\\*_~`\[\]#])")
_OPENED = re.compile(r"<(?=[a-zA-Z/!@])")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkStyle:
    """How one service writes."""

    escape: Callable[[str], str]
    """Makes any line of text say itself and nothing else."""
    link: Callable[[str, str], str]
    """Turns address (safe, not empty) and label, neither escaped, into a link within a line."""
    headline: Callable[[str, str], str]
    """The same for the line that a story begins with; the address may be empty."""
    strong: tuple[str, str] = ("", "")
    """What stands before and after strong text."""
    muted: tuple[str, str] = ("", "")
    """The same of side remarks."""
    line_break: str = "\n"
    """What makes a new line within a paragraph."""
    has_links: bool = True
    """Whether words can be links; without, addresses stand on lines of their own."""


def style_of(kind: ChannelKind) -> MarkStyle:
    """Return how a service writes; mail's is that of its HTML part."""
    return _STYLES[kind]


def _bare(text: str) -> str:
    return text


def _json(text: str) -> str:
    """Escape for the inside of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _slack(text: str) -> str:
    """Escape for Slack, and for chats that take Slack's messages but read `@channel` in text as a mention."""
    return mrkdwn(defused(text))


def _html(text: str) -> str:
    return escape_html(defused(text))


def _discord(text: str) -> str:
    """Escape for Discord: a backslash before a mark shows it. Source: Discord's markdown guide."""
    return _DISCORD_MARKS.sub(r"\\\1", defused(text))


def _lark(text: str) -> str:
    """Escape for Feishu's markdown, which reads HTML entities. Source: Feishu's guide to card markdown."""
    return _LARK_MARKS.sub(lambda mark: f"&#{ord(mark[0])};", defused(text))


def _dingtalk(text: str) -> str:
    return _OPENED.sub(f"<{_SHUT}", _DINGTALK_MARKS.sub(r"\\\1", defused(text)))


def _wecom(text: str) -> str:
    """Escape for WeCom's markdown, which has no escapes: marks are parted by an invisible space."""
    parted = _OPENED.sub(f"<{_SHUT}", defused(text))
    return parted.replace("**", f"*{_SHUT}*").replace("`", f"`{_SHUT}")


def _address(url: str) -> str:
    """Return an address in which nothing ends a markdown link or begins a mark."""
    for mark, code in (
        ("(", "%28"),
        (")", "%29"),
        ("[", "%5B"),
        ("]", "%5D"),
        ("*", "%2A"),
        ("`", "%60"),
        ("\\", "%5C"),
    ):
        url = url.replace(mark, code)
    return url


def _plain_link(url: str, label: str) -> str:
    return f"{defused(label)} {url}"


def _plain_headline(_url: str, label: str) -> str:
    return defused(label)


def _bare_link(url: str, label: str) -> str:
    return f"{label} {url}"


def _bare_headline(_url: str, label: str) -> str:
    return label


def _slack_link(url: str, label: str) -> str:
    return mrkdwn_link(url, defused(label))


def _slack_headline(url: str, label: str) -> str:
    return f"*{_slack_link(url, label)}*" if url else f"*{_slack(label)}*"


def _html_link(url: str, label: str) -> str:
    return f'<a href="{escape_html(url)}">{_html(label)}</a>'


def _html_headline(url: str, label: str) -> str:
    return f"<b>{_html_link(url, label) if url else _html(label)}</b>"


def _discord_link(url: str, label: str) -> str:
    """Return a link without a preview of its page below, which would drown the message."""
    return f"[{_discord(label)}](<{_address(url)}>)"


def _discord_headline(url: str, label: str) -> str:
    return f"**{_discord_link(url, label) if url else _discord(label)}**"


def _lark_link(url: str, label: str) -> str:
    return f"[{_lark(label)}]({_address(url)})"


def _lark_headline(url: str, label: str) -> str:
    return f"**{_lark_link(url, label) if url else _lark(label)}**"


def _dingtalk_link(url: str, label: str) -> str:
    return f"[{_dingtalk(label)}]({_address(url)})"


def _dingtalk_headline(url: str, label: str) -> str:
    return f"**{_dingtalk_link(url, label) if url else _dingtalk(label)}**"


def _wecom_link(url: str, label: str) -> str:
    """Return a link; brackets in its label would end it, and become full-width ones."""
    shown = _wecom(label).replace("[", "［").replace("]", "］")
    return f"[{shown}]({_address(url)})"


def _wecom_headline(url: str, label: str) -> str:
    return f"**{_wecom_link(url, label) if url else _wecom(label)}**"


_PLAIN = MarkStyle(escape=defused, link=_plain_link, headline=_plain_headline, has_links=False)
_BARE = MarkStyle(escape=_bare, link=_bare_link, headline=_bare_headline, has_links=False)
_STYLES: Mapping[ChannelKind, MarkStyle] = {
    ChannelKind.EMAIL: MarkStyle(escape=_html, link=_html_link, headline=_html_headline, strong=("<b>", "</b>")),
    ChannelKind.SLACK: MarkStyle(
        escape=_slack, link=_slack_link, headline=_slack_headline, strong=("*", "*"), muted=("_", "_")
    ),
    ChannelKind.TELEGRAM: MarkStyle(
        escape=_html, link=_html_link, headline=_html_headline, strong=("<b>", "</b>"), muted=("<i>", "</i>")
    ),
    ChannelKind.DISCORD: MarkStyle(
        escape=_discord, link=_discord_link, headline=_discord_headline, strong=("**", "**"), muted=("-# ", "")
    ),
    ChannelKind.FEISHU: MarkStyle(
        escape=_lark,
        link=_lark_link,
        headline=_lark_headline,
        strong=("**", "**"),
        muted=("<font color='grey'>", "</font>"),
    ),
    ChannelKind.DINGTALK: MarkStyle(
        escape=_dingtalk,
        link=_dingtalk_link,
        headline=_dingtalk_headline,
        strong=("**", "**"),
        line_break="  \n",
    ),
    ChannelKind.WECOM: MarkStyle(
        escape=_wecom,
        link=_wecom_link,
        headline=_wecom_headline,
        strong=("**", "**"),
        muted=('<font color="comment">', "</font>"),
    ),
    ChannelKind.NTFY: _PLAIN,
    ChannelKind.OTHER: _PLAIN,
    ChannelKind.WEBHOOK: replace(_BARE, escape=_json),
    ChannelKind.TERMINAL: _BARE,
}
PLAIN_STYLE = _PLAIN
"""Of the plain text beside the markup."""
