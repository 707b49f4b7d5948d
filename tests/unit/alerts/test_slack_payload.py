"""Slack messages within Slack's limits."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from alerts.slack_payload import MAX_HEADER, MAX_SECTION, header_text, slack_payload


def test_a_short_message() -> None:
    """A subject becomes header and fallback text, a body one section."""
    assert slack_payload("a & b", "*x*") == {
        "text": "a &amp; b",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "a &amp; b"}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "*x*"}},
        ],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_plain_text_and_no_subject() -> None:
    """An empty header is refused by Slack, so there is none; plain text is marked so."""
    payload = slack_payload("", "a\n\nb", markup=False)
    assert payload["blocks"] == [{"type": "section", "text": {"type": "plain_text", "text": "a\n\nb"}}]


def test_long_bodies_become_sections() -> None:
    """No section is longer than Slack takes."""
    payload = slack_payload("s", "\n\n".join("元" * 700 for _ in range(10)))
    blocks = payload["blocks"]
    assert isinstance(blocks, list)
    assert [len(block["text"]["text"]) <= MAX_SECTION for block in blocks] == [True] * 4


@given(st.text(st.sampled_from("&<>元a "), max_size=400))
@example("&" * 300)
@example("a" * 149 + "&")
def test_a_header_fits_when_escaped(subject: str) -> None:
    """However many characters need escaping, the header holds and ends in whole entities."""
    text = header_text(subject)
    assert len(text) <= MAX_HEADER
    assert not text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "").count("&")
