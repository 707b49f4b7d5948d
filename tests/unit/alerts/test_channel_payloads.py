"""The JSON of each chat service."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from alerts.channel_payloads import (
    discord_message,
    feishu_message,
    ntfy_message,
    slack_message,
    telegram_message,
    webhook_message,
)
from core.message import Part

PART = Part(number=1, count=1, subject="红头 <1>", body="*b* &amp; c", text="b & c", thread="story-1")


def section(text: str) -> dict[str, Any]:
    """Return a Slack section."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def header(text: str) -> dict[str, Any]:
    """Return a Slack header."""
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


@pytest.mark.parametrize(
    "blocks",
    [
        [header("h" * 150), section("s" * 3000), {"type": "divider"}],
        [section("s")] * 50,
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "f"}]}],
    ],
)
def test_blocks_within_slacks_limits_are_kept(blocks: list[dict[str, Any]]) -> None:
    """Blocks and fallback text of a part are sent as they are, without unfolding links."""
    sent = slack_message(replace(PART, data={"text": "fallback", "blocks": blocks}))
    assert (sent["text"], sent["blocks"], sent["unfurl_links"]) == ("fallback", blocks, False)


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        "no list",
        ["no block"],
        [header("h" * 151)],
        [header("")],
        [section("s" * 3001)],
        [section("")],
        [section("s")] * 51,
        [{"type": "header"}],
    ],
)
def test_blocks_that_slack_would_refuse_are_made_anew(blocks: object) -> None:
    """The body is put into blocks of its own, and nothing of it is lost."""
    sent: Any = slack_message(replace(PART, data={"blocks": blocks}))
    assert sent["blocks"] == [header("红头 &lt;1&gt;"), section("*b* &amp; c")]


def test_a_part_of_text_alone_is_sent_as_text() -> None:
    """Without markup the text is shown as it is, not read as markup."""
    sent: Any = slack_message(replace(PART, body=""))
    assert sent["blocks"][1]["text"] == {"type": "plain_text", "text": "b & c"}


def test_a_card_is_the_parts_own_or_made_of_it() -> None:
    """Feishu gets the card of the data, whatever else stands there, or one of subject and body."""
    own: Any = feishu_message(replace(PART, data={"card": {"elements": []}, "x": 1}))
    made: Any = feishu_message(PART)
    assert own == {"msg_type": "interactive", "card": {"elements": []}}
    assert made["card"]["header"]["title"]["content"] == PART.subject
    assert PART.body in str(made["card"]["elements"])


def test_ntfy_takes_extras_only_where_they_are() -> None:
    """Empty links and tags are left out, and what ntfy does not know is not sent."""
    sent = ntfy_message(replace(PART, data={"click": "", "tags": ["scroll"], "x": 1}), topic="t")
    assert sent == {"topic": "t", "title": PART.subject, "message": PART.body, "tags": ["scroll"]}


def test_a_webhook_without_data_tells_the_words() -> None:
    """A part that nobody drew for webhooks still says subject, text, thread and number."""
    assert webhook_message(replace(PART, data={"version": 1})) == {"version": 1}
    assert webhook_message(PART) == {
        "subject": PART.subject,
        "text": PART.text,
        "thread": "story-1",
        "part": {"number": 1, "count": 1},
    }


def test_markup_modes() -> None:
    """Telegram is told whether it is HTML; Discord that nobody is to be called."""
    assert telegram_message("<b>x</b>", is_html=True) == {"text": "<b>x</b>", "parse_mode": "HTML"}
    assert telegram_message("x", is_html=False) == {"text": "x"}
    assert discord_message(PART)["allowed_mentions"] == {"parse": []}
