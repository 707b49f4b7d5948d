"""Marks of the walls that stand between crawlers and pages: recognised so as to say so, never circumvented.

A mark counts only on an answer that shows no content, because articles write about walls too; that judgement is
`crawler.answers`'. Sources: the threads named in docs/sources-kinds.md, and the vendors' own pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_IN_BODY = (
    (b"__jsl_clearance", "Jia Su Le (加速乐) challenge"),
    (b"wzwschallenge", "wzws (网站卫士) challenge"),
    (b"wzws-waf", "wzws (网站卫士) challenge"),
    (b"HOY_TR", "HOY_TR script-cookie challenge"),
    (b"acw_sc__v2", "Aliyun WAF challenge"),
    (b"errors.aliyun.com", "Aliyun WAF refusal"),
    (b"_cf_chl_opt", "Cloudflare challenge"),
    (b"cf-error-details", "Cloudflare refusal"),
    (b"geo.captcha-delivery.com", "DataDome challenge"),
    (b"px-captcha", "PerimeterX challenge"),
)
_ON_BARE_PAGES = (
    (b"$_ts", "Rui Shu (瑞数) challenge"),
    (b"aliyun_waf", "Aliyun WAF challenge"),
    (b"/cdn-cgi/challenge-platform/", "Cloudflare challenge"),
    (b"_Incapsula_Resource", "Imperva challenge"),
    (b"TencentCaptcha", "Tencent captcha"),
    (b"safedog", "Safedog (安全狗) refusal"),
)
"""Marks that these walls also leave on pages they let through."""
_TITLES = (
    ("just a moment", "Cloudflare challenge"),
    ("attention required", "Cloudflare refusal"),
    ("access denied", "refusal of a firewall"),
    ("access to this page has been denied", "refusal of a firewall"),
    ("request rejected", "refusal of a firewall"),
    ("security check", "security check"),
    ("访问被拦截", "refusal of a firewall"),
    ("访问拦截", "refusal of a firewall"),
    ("安全拦截", "refusal of a firewall"),
    ("访问被拒绝", "refusal of a firewall"),
    ("拒绝访问", "refusal of a firewall"),
    ("网站防火墙", "refusal of a firewall"),
    ("安全验证", "security check"),
    ("人机验证", "security check"),
    ("滑动验证", "security check"),
    ("访问验证", "security check"),
    ("验证码", "security check"),
)
_COOKIES = (("__jsl", "Jia Su Le (加速乐) challenge"), ("acw_sc__v", "Aliyun WAF challenge"))
_SEARCHED = 262_144
"""Bytes of a body in which marks are looked for; challenge pages are smaller."""


def challenge_in_headers(headers: Mapping[str, str]) -> str:
    """Name the wall that response headers alone prove; empty for none.

    Args:
        headers: Lower-case names.
    """
    return "Cloudflare challenge" if headers.get("cf-mitigated", "").lower() == "challenge" else ""


def challenge_in_cookies(headers: Mapping[str, str]) -> str:
    """Name the wall that the cookies of an answer belong to; empty for none."""
    cookies = headers.get("set-cookie", "")
    return next((name for mark, name in _COOKIES if mark in cookies), "")


def challenge_in_body(body: bytes, *, bare: bool) -> str:
    """Name the wall whose marks are in a body; empty for none.

    Args:
        body: The answer's bytes.
        bare: Whether it shows a reader nothing at all, or came with an error status.
    """
    head = body[:_SEARCHED]
    marks = (*_IN_BODY, *_ON_BARE_PAGES) if bare else _IN_BODY
    return next((name for mark, name in marks if mark in head), "")


def challenge_in_title(title: str) -> str:
    """Name the wall that a page's title speaks for; empty for none."""
    words = title.lower()
    return next((name for mark, name in _TITLES if mark in words), "")
