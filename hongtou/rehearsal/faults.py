"""What can go wrong at a site of the rehearsal web: faults that real sites have shown, switched on by name."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from core.source import SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hongtou.rehearsal.sites.site import Page


class SiteFault(StrEnum):
    """One way of a site not to give what it is asked for."""

    UNAVAILABLE = "unavailable"
    """503."""
    CLOSED = "closed"
    """The connection is closed without an answer."""
    HANG = "hang"
    """No answer comes until the fault is healed."""
    CHALLENGE = "challenge"
    """412 and a script page, as of 瑞数."""
    CHALLENGE_521 = "challenge-521"
    """521 and a script that sets a cookie, as of 加速乐."""
    CLOUDFLARE = "cloudflare"
    """403 and Cloudflare's challenge header."""
    LOGIN = "login"
    """200 and a login form."""
    APP_SHELL = "app-shell"
    """200 and a page that shows nothing without scripts."""
    HTML_FOR_FEED = "html-for-feed"
    """200 and an ordinary page."""
    GONE = "gone"
    """404."""
    GONE_FOR_GOOD = "gone-for-good"
    """410."""
    EMPTY = "empty"
    """A well-formed list without a row."""
    REBUILT = "rebuilt"
    """The list in new markup, or under new names: what is configured finds nothing."""
    GARBLED = "garbled"
    """Bytes that are no text."""
    TOO_LARGE = "too-large"
    """Seven million bytes."""
    REDIRECT_LOOP = "redirect-loop"
    RATE_LIMITED = "rate-limited"
    """429 with a Retry-After."""
    ROBOTS = "robots"
    """robots.txt forbids everything."""
    INDEX_FOR_ARTICLE = "index-for-article"
    """The list is there; every article's page is the site's index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer; status 0 closes the connection without one."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


ROBOTS_PATH = "/robots.txt"
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
_LARGE = 7_000_000
_RUI_SHU = """<!DOCTYPE html><html><head><meta charset="utf-8"><meta id="k2Yv8" content="r7Qd0mZ1x" r="m">
<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=20231;$_ts.cd="qEk4rehearsal0cAqrq";</script>
<script src="/a1b2c3d4/e5f6.js" r="m"></script></head><body></body></html>"""
"""In the shape of the script challenge that many .gov.cn sites answer crawlers with; its tokens mean nothing."""
_JIA_SU_LE = """<script>document.cookie="__jsl_clearance_s=1686794400.1|0|rehearsal%3D;max-age=3600;path=/";
location.href=location.pathname+location.search</script>"""
_LOGIN = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>用户登录</title></head><body>
<form action="/login" method="post"><input name="user"><input type="password" name="word"><button>登录</button></form>
</body></html>"""
_APP_SHELL = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>演练</title>
<script defer src="/assets/app.6f2c.js"></script></head><body><div id="app"></div></body></html>"""
_PROSE = (
    "本站致力于为读者提供准确的资讯，读者可以在各栏目中浏览近期的文章，也可以通过检索页面查找较早的内容。",
    "我们欢迎各界来稿，来稿请注明作者与联系方式，编辑部会在七个工作日内答复，录用与否均会告知作者本人。",
    "转载本站内容请注明出处，并保留原文链接；商业用途请事先与编辑部联系，取得书面许可之后方可使用。",
)
_ABOUT = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>关于我们</title></head><body><h1>关于我们</h1>'
    f"{''.join(f'<p>{sentence}</p>' for sentence in _PROSE)}</body></html>"
)
_COLUMNS = (
    "要闻",
    "政务公开",
    "办事服务",
    "互动交流",
    "数据开放",
    "专题专栏",
    "机构设置",
    "法规规章",
    "规划计划",
    "人事信息",
)
_INDEX = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>网站首页</title></head><body><ul>'
    + "".join(f"<li><a href='/c{number}/'>{name}</a></li>" for number, name in enumerate(_COLUMNS))
    + "</ul><ul>"
    + "".join(f"<li><a href='/c1/{number}.html'>{name}栏目更新</a></li>" for number, name in enumerate(_COLUMNS))
    + "</ul></body></html>"
)
_NO_ITEMS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>演练</title>
<link>http://127.0.0.1/</link><description>演练</description></channel></rss>"""

_ANYWHERE: Mapping[SiteFault, Reply] = {
    SiteFault.UNAVAILABLE: Reply(status=503, body=b"Service Unavailable", headers=_TEXT),
    SiteFault.CLOSED: Reply(status=0),
    SiteFault.HANG: Reply(status=0),
    SiteFault.CHALLENGE: Reply(status=412, body=_RUI_SHU.encode(), headers=_HTML),
    SiteFault.CHALLENGE_521: Reply(status=521, body=_JIA_SU_LE.encode(), headers=_HTML),
    SiteFault.CLOUDFLARE: Reply(
        status=403, body=b"<html><title>Just a moment...</title></html>", headers={**_HTML, "cf-mitigated": "challenge"}
    ),
    SiteFault.LOGIN: Reply(status=200, body=_LOGIN.encode(), headers=_HTML),
    SiteFault.APP_SHELL: Reply(status=200, body=_APP_SHELL.encode(), headers=_HTML),
    SiteFault.HTML_FOR_FEED: Reply(status=200, body=_ABOUT.encode(), headers=_HTML),
    SiteFault.GONE: Reply(status=404, body=b"<html><body><h1>404</h1></body></html>", headers=_HTML),
    SiteFault.GONE_FOR_GOOD: Reply(status=410, body=b"<html><body><h1>410</h1></body></html>", headers=_HTML),
    SiteFault.GARBLED: Reply(
        status=200, body=b"".join(hashlib.sha256(bytes([n])).digest() for n in range(200)), headers=_HTML
    ),
    SiteFault.TOO_LARGE: Reply(status=200, body=b" " * _LARGE, headers=_HTML),
    SiteFault.REDIRECT_LOOP: Reply(status=302, headers={**_TEXT, "Location": "/again"}),
    SiteFault.RATE_LIMITED: Reply(status=429, body=b"slow down", headers={**_TEXT, "Retry-After": "120"}),
}


def faulty_reply(
    fault: SiteFault, *, path: str, list_path: str, kind: SourceKind, listing: Callable[[], Page]
) -> Reply | None:
    """Return what a site with a fault answers; None where the fault changes nothing.

    Args:
        fault: What is wrong with the site.
        path: What is asked for.
        list_path: Where the site's list is.
        kind: How its list is read.
        listing: Makes its list as it would be.
    """
    if path == ROBOTS_PATH:
        forbids = Reply(status=200, body=b"User-agent: *\nDisallow: /\n", headers=_TEXT)
        return forbids if fault is SiteFault.ROBOTS else None
    if fault is SiteFault.INDEX_FOR_ARTICLE and path != list_path:
        return Reply(status=200, body=_INDEX.encode(), headers=_HTML)
    if fault in (SiteFault.EMPTY, SiteFault.REBUILT):
        return _changed_list(fault, kind, listing()) if path == list_path else None
    return _ANYWHERE.get(fault)


def _changed_list(fault: SiteFault, kind: SourceKind, page: Page) -> Reply:
    headers = {"Content-Type": page.content_type}
    if fault is SiteFault.EMPTY and kind is SourceKind.FEED:
        return Reply(status=200, body=_NO_ITEMS.encode(), headers=headers)
    change = _EMPTIED if fault is SiteFault.EMPTY else _REBUILT
    body = page.body
    for pattern, new in change:
        body = pattern.sub(new, body)
    return Reply(status=200, body=body, headers=headers)


_EMPTIED = (
    (re.compile(rb"<(li|tr|dd)\b.*?</\1>", re.DOTALL), b""),
    (re.compile(rb"</body>"), f"<p>暂无相关信息。</p><p>{_PROSE[0]}</p></body>".encode()),
    (re.compile(rb"\[\s*\{.*\}\s*\]", re.DOTALL), b"[]"),
)
"""HTML that says so instead of its rows, JSON with an empty array where the objects were."""
_REBUILT = (
    (re.compile(rb"<(/?)(?:ul|table|dl)\b"), rb"<\1section"),
    (re.compile(rb"<(/?)(?:li|tr|dd)\b"), rb"<\1article"),
    (re.compile(rb'\b(class|id)="[^"]*"'), rb'\1="v2"'),
    (re.compile(rb'"(\w+)":'), rb'"v2_\1":'),
    (re.compile(rb"<(/?)(?:item|entry)\b"), rb"<\1record"),
)
"""Other elements and classes, other keys, other names of entries."""
