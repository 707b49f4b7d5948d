"""Makes other people's words safe to put into one line, a link, or Slack's markup. Pure."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_JOINERS = "\u200c\u200d"
"""Zero-width joiners, the only format characters that words need (Persian, emoji)."""
_MENTION = re.compile(r"@(?=everyone|here|channel|all|所有人)", re.IGNORECASE)
MAX_URL = 1500
"""Longest address that is made a link, in characters; Slack refuses blocks of more than 3000 in all."""


def one_line(text: str, limit: int = 300) -> str:
    """Return text on one line without control, direction and other invisible characters, clipped.

    Line breaks would start a new mail header or digest row, direction marks would turn the rest of the line around,
    and lone surrogates cannot be encoded at all.

    Args:
        text: Any text.
        limit: Longest result in characters, 1 or more; a clipped one ends in `…`.
    """
    kept = "".join(_plain(character) for character in text)
    return clip(" ".join(kept.split()), limit)


def clip(text: str, limit: int) -> str:
    """Return text of at most `limit` characters, ending in `…` when something was left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cs" or (category == "Cf" and character not in _JOINERS):
        return ""
    return character


def safe_url(url: str) -> str:
    """Return the address when it may be a link: http or https, with a host, not absurdly long; else nothing."""
    candidate = "".join(character for character in url.strip() if unicodedata.category(character)[0] != "C")
    try:
        parts = urlsplit(candidate)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host or len(candidate) > MAX_URL:
        return ""
    quoted = candidate.replace(" ", "%20").replace('"', "%22").replace("<", "%3C").replace(">", "%3E")
    return _MENTION.sub("%40", quoted)  # chats find mentions in addresses as well


def defused(text: str) -> str:
    """Return plain text in which chat servers that read it as markdown find no mention of all and no hidden link.

    Discord and Mattermost do, also where Apprise says text: a title of `@everyone` would ring every phone, and one of
    `[bank](https://…)` show a link in disguise. An invisible space keeps the words and takes the meaning.
    """
    return _MENTION.sub("@\u200b", text).replace("](", "]\u200b(").replace("<@", "<\u200b@")


def mrkdwn(text: str) -> str:
    """Escape text for Slack's mrkdwn, where only `&`, `<` and `>` have a meaning that text can trigger by itself.

    Source: Slack's guide to formatting text, "Escaping text". `@here` and `<!channel>` stay words: mentions are only
    made from angle brackets.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn_link(url: str, label: str) -> str:
    """Return a Slack link, or the bare label when the address may not be a link."""
    target = safe_url(url)
    if not target:
        return mrkdwn(label)
    return f"<{mrkdwn(target).replace('|', '%7C')}|{mrkdwn(label) or mrkdwn(target)}>"
