"""Words of others, made safe."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.wording import MAX_URL, clip, defused, mrkdwn, mrkdwn_link, one_line, safe_url

ANY_TEXT = st.text(st.characters(codec=None), max_size=400)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\nBcc: x@example.org", "a Bcc: x@example.org"),
        ("\u202etxt.exe\u202c 标题\u200b\ufeff", "txt.exe 标题"),
        ("a\u2028b\u2029c\x00d\x1b[31m", "a b c d [31m"),
        ("\ud800x", "x"),
        ("👩‍💻 می‌خواهم", "👩‍💻 می‌خواهم"),
        ("   ", ""),
    ],
)
def test_one_line(text: str, line: str) -> None:
    """Breaks become spaces, invisible direction marks go, joiners that words need stay."""
    assert one_line(text) == line


@given(text=ANY_TEXT, limit=st.integers(1, 50))
def test_a_line_is_a_line(text: str, limit: int) -> None:
    """Whatever comes in, one printable, encodable line of bounded length comes out."""
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in line)
    line.encode()


@pytest.mark.parametrize(("limit", "clipped"), [(5, "abcde"), (4, "abc…"), (1, "…")])
def test_clip(limit: int, clipped: str) -> None:
    """What does not fit ends in an ellipsis within the limit."""
    assert clip("abcde", limit) == clipped


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/",
        "//example.org/",
        "http:///path",
        "https://[broken",
        "java\nscript:alert(1)",
        "",
        "https://example.org/" + "x" * MAX_URL,
    ],
)
def test_what_may_not_be_a_link(url: str) -> None:
    """Only http and https with a host, of sane length, become links."""
    assert safe_url(url) == ""


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://例子.中国/a?b=1&c=2#d", "https://例子.中国/a?b=1&c=2#d"),
        (' HTTP://example.org/a b"<c>\n', "HTTP://example.org/a%20b%22%3Cc%3E"),
    ],
)
def test_what_may_be_a_link(url: str, safe: str) -> None:
    """Addresses are kept, with what could end an attribute or a Slack link encoded."""
    assert safe_url(url) == safe


def test_no_mention_and_no_hidden_link_in_text() -> None:
    """Words that would ring every phone or hide a link are kept, without their power; addresses stay whole."""
    text = "@everyone @HERE <@123> [bank](https://evil.example) a@b.org https://medium.com/@me"
    told = defused(text)
    assert told.replace("\u200b", "") == text
    assert not any(power in told for power in ("@everyone", "@HERE", "<@", "]("))
    assert "a@b.org https://medium.com/@me" in told


def test_a_slack_link() -> None:
    """Address and label are escaped, and a pipe in the address cannot begin the label."""
    link = mrkdwn_link("https://example.org/?a=1&b=x|y", "<!channel> & 标题")
    assert link == "<https://example.org/?a=1&amp;b=x%7Cy|&lt;!channel&gt; &amp; 标题>"


def test_a_slack_link_that_may_not_be_one() -> None:
    """Without a usable address the label stands alone; without a label the address does."""
    assert mrkdwn_link("javascript:x", "<b>") == "&lt;b&gt;"
    assert mrkdwn_link("https://example.org/", "") == "<https://example.org/|https://example.org/>"


@given(text=ANY_TEXT)
def test_slack_markup_cannot_be_opened(text: str) -> None:
    """Escaped text holds no angle bracket, so no mention and no link."""
    assert not {"<", ">"} & set(mrkdwn(text))
