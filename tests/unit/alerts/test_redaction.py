"""Secrets stay in."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.redaction import Redactor


@pytest.mark.parametrize(
    ("url", "text", "redacted"),
    [
        ("slack://T0AAA/B0BBB/tok3nsecret", "POST /services/T0AAA/B0BBB/tok3nsecret", "POST /services/***"),
        ("slack://T0AAA/B0BBB/tok3nsecret", "invalid tok3nsecret of T0AAA", "invalid *** of ***"),
        ("tgram://123456:AAsecret/-100200", "bot123456:AAsecret chat -100200", "bot***:*** chat ***"),
        ("json://user:passw0rd@example.org/hook", "user:passw0rd@example.org refused", "***:***@*** refused"),
        ("ntfys://host/topic?token=tk_abcdef", "bad token tk_abcdef", "bad token ***"),
        ("mailtos://me:p%40ssword@example.org", "535 p@ssword p%40ssword", "535 *** ***"),
        (
            "mailtos://me:hunter22@example.org?to=a@b.org",
            "550 <a@b.org> at example.org",
            "550 <a@b.org> at example.org",
        ),
        ("mailto://host?pass=hunter22", "hunter22", "***"),
        ("terminal:", "nothing", "nothing"),
    ],
)
def test_parts_of_the_address_are_masked(url: str, text: str, redacted: str) -> None:
    """Tokens, passwords, hosts and paths go; what an operator needs of a mail address stays."""
    assert Redactor(url)(text) == redacted


@given(secret=st.text(st.characters(min_codepoint=33, max_codepoint=0x9FFF, categories=["L", "N", "P"]), min_size=4))
def test_a_password_is_masked_in_either_spelling(secret: str) -> None:
    """Quoted in the address or bare in an error, a password is masked."""
    redact = Redactor(f"mailtos://user:{quote(secret, safe='')}@example.org")
    assert redact(f"[{secret}]") == redact(f"[{quote(secret, safe='')}]") == "[***]"
