"""Marks of walls in headers, cookies, bodies and titles."""

from __future__ import annotations

from crawler.challenges import challenge_in_body, challenge_in_cookies, challenge_in_headers, challenge_in_words


def test_headers_prove_cloudflare() -> None:
    """`cf-mitigated: challenge` is proof; the server's name alone is none."""
    assert challenge_in_headers({"cf-mitigated": "challenge"}) == "Cloudflare challenge"
    assert challenge_in_headers({"server": "cloudflare"}) == ""
    assert challenge_in_headers({"x-amzn-waf-action": "captcha"}) == "AWS WAF challenge"


def test_cookies_of_walls() -> None:
    """Jia Su Le's and Aliyun's challenge cookies are known; Aliyun's load balancer sets another on every answer."""
    assert "加速乐" in challenge_in_cookies({"set-cookie": "__jsluid_s=abc"})
    assert "Aliyun" in challenge_in_cookies({"set-cookie": "a=1, acw_sc__v3=x"})
    assert challenge_in_cookies({"set-cookie": "acw_tc=abc"}) == ""
    assert "瑞数" in challenge_in_cookies({"set-cookie": "JSESSIONID=1; path=/, FSSBBIl1UgzbN7N443O=x"})
    assert challenge_in_cookies({}) == ""


def test_marks_that_also_stand_on_ordinary_pages() -> None:
    """Scripts that walls leave on pages they let through count on bare pages only."""
    body = b"<script>$_ts={}</script>"
    assert challenge_in_body(body, bare=False) == ""
    assert "瑞数" in challenge_in_body(body, bare=True)
    assert "wzws" in challenge_in_body(b"var wzwschallenge", bare=False)


def test_titles_of_walls() -> None:
    """Titles are compared without case, anywhere in them."""
    assert challenge_in_words("Site - JUST A MOMENT...") == "Cloudflare challenge"
    assert challenge_in_words("某网站 安全验证") == "security check"
    assert challenge_in_words("关于加强安全检查的通知") == ""
