"""Marks of the walls that stand between crawlers and pages: recognised so as to say so, never circumvented.

A mark counts only on an answer that shows no content, because articles write about walls too; that judgement is
`crawler.answers`'. Sources: the threads named in docs/sources-kinds.md, and the vendors' own pages.
"""

from __future__ import annotations

import re
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
    (b"errors.edgesuite.net", "Akamai refusal"),
    (b"AwsWafIntegration", "AWS WAF challenge"),
    (b"awswaf.com", "AWS WAF challenge"),
    (b"wangzhan.qianxin.com", "Qianxin (奇安信) refusal"),
    (b"365cyd.com", "Chuang Yu Dun (创宇盾) refusal"),
    (b"yunaq.com", "Chuang Yu Dun (创宇盾) refusal"),
    (b"sucuri.net", "Sucuri refusal"),
)
_ON_BARE_PAGES = (
    (b"$_ts", "Rui Shu (瑞数) challenge"),
    (b"aliyun_waf", "Aliyun WAF challenge"),
    (b"/cdn-cgi/challenge-platform/", "Cloudflare challenge"),
    (b"_Incapsula_Resource", "Imperva challenge"),
    (b"TencentCaptcha", "Tencent captcha"),
    (b"EO_Bot", "EdgeOne (腾讯云) challenge"),
    (b"safedog", "Safedog (安全狗) refusal"),
    (b"yunsuo", "Yunsuo (云锁) challenge"),
    (b"/_vercel/security/", "Vercel challenge"),
)
"""Marks that these walls also leave on pages they let through."""
_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"just a moment", "Cloudflare challenge"),
        (r"attention required", "Cloudflare refusal"),
        (r"incapsula incident id|powered by imperva", "Imperva refusal"),
        (r"创宇盾|知道创宇", "Chuang Yu Dun (创宇盾) refusal"),
        (r"网站安全狗|安全狗", "Safedog (安全狗) refusal"),
        (r"edgeone", "EdgeOne (腾讯云) refusal"),
        (r"有可能对网站造成安全威胁", "Aliyun WAF refusal"),
        (r"vercel security checkpoint", "Vercel challenge"),
        (r"you don'?t have permission to access .{0,200}reference #", "Akamai refusal"),
        (r"requested url was rejected|请求的(?:URL|网址)被拒绝", "F5 refusal"),
        (r"(?:^|\n)access denied|access to this page has been denied|request rejected", "refusal of a firewall"),
        (r"网站(?:应用)?防火墙|web应用防火墙|云防护", "refusal of a firewall"),
        (
            r"(?:访问|请求|操作|安全)(?:已)?被?(?:拦截|阻断)|访问被拒绝|拒绝访问|(?:IP|地址)(?:已)?被(?:封禁|限制)",
            "refusal of a firewall",
        ),
        (r"不合法(?:的)?参数|疑似(?:黑客)?攻击|异常访问行为", "refusal of a firewall"),
        (r"(?:checking|verifying|verify) (?:your browser|you are (?:a )?human)", "security check"),
        (r"security check|(?:安全|人机|滑动|访问|身份)验证|验证码|浏览器安全检查", "security check"),
        (r"(?:enable|turn on) (?:javascript and )?cookies to continue", "security check"),
    )
)
"""Words in the title, or in all of a page that shows little, in the walls' own or the usual wording."""
_COOKIES = (
    ("__jsl", "Jia Su Le (加速乐) challenge"),
    ("acw_sc__v", "Aliyun WAF challenge"),
    ("HOY_TR", "HOY_TR script-cookie challenge"),
    ("wzws_", "wzws (网站卫士) challenge"),
    ("EO_Bot", "EdgeOne (腾讯云) challenge"),
    ("HWWAFSES", "Huawei Cloud WAF challenge"),
    ("yunsuo_session", "Yunsuo (云锁) challenge"),
    ("datadome=", "DataDome challenge"),
    ("incap_ses", "Imperva challenge"),
    ("_abck=", "Akamai challenge"),
)
_RUI_SHU_COOKIE = re.compile(r"(?:^|[\s,])[A-Za-z0-9]{8,20}(?:80|443)[OPST]=")
"""Rui Shu names its two cookies at random, and ends the names in the port and a letter."""
_PROOFS = (
    ("cf-mitigated", "challenge", "Cloudflare challenge"),
    ("x-vercel-mitigated", "challenge", "Vercel challenge"),
    ("x-amzn-waf-action", "challenge", "AWS WAF challenge"),
    ("x-amzn-waf-action", "captcha", "AWS WAF challenge"),
)
_SEARCHED = 262_144
"""Bytes of a body in which marks are looked for; challenge pages are smaller."""


def challenge_in_headers(headers: Mapping[str, str]) -> str:
    """Name the wall that response headers alone prove; empty for none.

    Args:
        headers: Lower-case names.
    """
    return next((name for header, value, name in _PROOFS if headers.get(header, "").lower() == value), "")


def challenge_in_cookies(headers: Mapping[str, str]) -> str:
    """Name the wall that the cookies of an answer belong to; empty for none."""
    cookies = headers.get("set-cookie", "")
    if _RUI_SHU_COOKIE.search(cookies):
        return "Rui Shu (瑞数) challenge"
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


def challenge_in_words(words: str) -> str:
    """Name the wall that a title, or the text of a page that shows little, speaks for; empty for none."""
    return next((name for pattern, name in _WORDS if pattern.search(words)), "")
