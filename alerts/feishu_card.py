"""Builds Feishu's message cards. Pure."""

from __future__ import annotations

from alerts.wording import clip

_MAX_HEADER = 200
"""Characters of a card's head; longer ones are hidden by the client behind two lines."""
_COLOURS = {"item": "red", "update": "orange", "digest": "blue", "notice": "yellow", "recovery": "green"}
"""By content; of the colours that a card's head can have."""


def feishu_card(heading: str, body: str, *, content: str) -> dict[str, object]:
    """Return the JSON of a message: a card with a coloured head and one element of markdown.

    Args:
        heading: One line of plain text.
        body: Escaped markdown of Feishu's.
        content: Of `alerts.template_sets.CONTENTS`; chooses the colour.

    Source: Feishu's guide to cards, structure of a card and its markdown element.
    """
    return {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {
                "title": {"tag": "plain_text", "content": clip(heading, _MAX_HEADER)},
                "template": _COLOURS.get(content, "grey"),
            },
            "elements": [{"tag": "markdown", "content": body}],
        },
    }
