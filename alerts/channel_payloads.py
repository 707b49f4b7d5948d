"""Puts parts into the JSON that each chat service takes, within its limits. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from alerts.feishu_card import feishu_card
from alerts.slack_payload import MAX_HEADER, MAX_SECTION, slack_payload
from alerts.wording import clip

if TYPE_CHECKING:
    from core.message import Part

Payload = dict[str, object]
_MAX_BLOCKS = 50
"""Blocks in one message; Slack's reference of blocks."""
_SUPPRESS_EMBEDS = 4
"""Discord's message flag 1 << 2: no previews of the pages linked to."""


def slack_message(part: Part) -> Payload:
    """Return the part's own blocks where Slack would take them, else blocks made of its body."""
    blocks = part.data.get("blocks")
    if isinstance(blocks, Sequence) and 0 < len(blocks) <= _MAX_BLOCKS and all(map(_is_within_slack, blocks)):
        return {"text": clip(part.subject, MAX_HEADER), "unfurl_links": False, "unfurl_media": False, **part.data}
    return slack_payload(part.subject, part.body or part.text, markup=bool(part.body))


def _is_within_slack(block: object) -> bool:
    """Say whether a block keeps to the limits of Slack's reference; a message with one that does not is refused."""
    if not isinstance(block, Mapping):
        return False
    text = block.get("text")
    said = text.get("text") if isinstance(text, Mapping) else None
    if block.get("type") == "header":
        return isinstance(said, str) and 0 < len(said) <= MAX_HEADER
    if block.get("type") == "section" and said is not None:
        return isinstance(said, str) and 0 < len(said) <= MAX_SECTION
    return True


def discord_message(part: Part) -> Payload:
    """Return markdown that calls nobody and unfolds no links."""
    return {"content": part.body, "allowed_mentions": {"parse": []}, "flags": _SUPPRESS_EMBEDS}


def telegram_message(text: str, *, is_html: bool) -> Payload:
    """Return a text in Telegram's HTML, or as it is."""
    return {"text": text, **({"parse_mode": "HTML"} if is_html else {})}


def feishu_message(part: Part) -> Payload:
    """Return the part's own card, else one of its subject and body."""
    if isinstance(part.data.get("card"), Mapping):
        return {"msg_type": "interactive", "card": part.data["card"]}
    return feishu_card(part.subject, part.body or part.text, content="")


def dingtalk_message(part: Part, *, mobiles: Sequence[str] = ()) -> Payload:
    """Return markdown; the title is what the list of chats shows.

    Args:
        part: What to tell.
        mobiles: Telephone numbers of those to be called.
    """
    return {
        "msgtype": "markdown",
        "markdown": {"title": part.subject, "text": part.body},
        "at": {"atMobiles": list(mobiles), "isAtAll": False},
    }


def wecom_message(part: Part) -> Payload:
    """Return markdown."""
    return {"msgtype": "markdown", "markdown": {"content": part.body}}


def ntfy_message(part: Part, *, topic: str) -> Payload:
    """Return a message with what the part's data say of `click`, `tags` and `priority`.

    Source: ntfy's documentation, "Publish as JSON".
    """
    extras = {name: part.data[name] for name in ("click", "tags", "priority") if part.data.get(name)}
    return {"topic": topic, "title": part.subject, "message": part.body, **extras}


def webhook_message(part: Part) -> Payload:
    """Return the part's own payload, else its words."""
    if part.data:
        return dict(part.data)
    return {
        "subject": part.subject,
        "text": part.text or part.body,
        "thread": part.thread,
        "part": {"number": part.number, "count": part.count},
    }
