"""Builds Slack messages of blocks within Slack's limits. Pure."""

from __future__ import annotations

from alerts.parts import split_mrkdwn, split_text
from alerts.wording import clip, mrkdwn

MAX_HEADER = 150
"""Characters of a header block; Slack's reference of the header block."""
MAX_SECTION = 3000
"""Characters of a section's text; Slack's reference of the section block."""
MAX_MESSAGE = 12_000
"""Characters of sections in one message. Slack allows 50 blocks, but refuses long ones before that with
`msg_blocks_too_long`; four full sections have been safe, and read well."""
_ELLIPSIS_ROOM = 1


def slack_payload(subject: str, body: str, *, header: str = "", markup: bool = True) -> dict[str, object]:
    """Return the JSON of a message: a header block with the subject, sections with the body, and a fallback text.

    Args:
        subject: One line of plain text; clipped to the header's limit.
        body: Escaped mrkdwn, or plain text; at most `MAX_MESSAGE` characters.
        header: For the header block, where that is not the subject.
        markup: Whether `body` is mrkdwn.
    """
    sections = split_mrkdwn(body, MAX_SECTION) if markup else split_text(body, MAX_SECTION)
    kind = "mrkdwn" if markup else "plain_text"
    blocks: list[dict[str, object]] = [{"type": "section", "text": {"type": kind, "text": text}} for text in sections]
    if header or subject:
        blocks.insert(0, {"type": "header", "text": {"type": "plain_text", "text": header_text(header or subject)}})
    return {"text": mrkdwn(clip(subject, MAX_HEADER)), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def header_text(subject: str) -> str:
    """Return the subject escaped, and clipped so that it fits a header block even so."""
    length = MAX_HEADER
    while len(escaped := mrkdwn(clip(subject, length))) > MAX_HEADER:
        length -= max(_ELLIPSIS_ROOM, (len(escaped) - MAX_HEADER) // 4)
    return escaped
