"""Pages that stand in for what was asked for and are no wall: error pages, maintenance, parked domains, stubs. Pure.

Each rule looks at the title and the text of a page that shows little, because articles write about all of this too.
"""

from __future__ import annotations

import re

from core.outcome import Answer

_TOO_OFTEN = re.compile(
    r"(?:访问|请求|操作|点击|查询|刷新)(?:次数)?(?:过于|太|过)(?:频繁|快|多)|访问频[率次](?:过高|超限|限制)|超[出过](?:访问|请求|调用)(?:频[率次]|次数)"
    r"|too many requests|rate limit(?:ed| exceeded| reached)|请稍后再访问",
    re.IGNORECASE,
)
_CAPTIVE = re.compile(
    r"captive portal|(?:上网|网络(?:接入)?|portal|无线(?:网络)?|wi-?fi)\s?(?:认证|登录)"
    r"|(?:wi-?fi|hotspot|network) (?:login|sign[ -]?in|authentication)",
    re.IGNORECASE,
)
_WISPR = "WISPAccessGatewayParam"
"""Root element by which gates of wireless networks speak to machines (WISPr 1.0, appendix D)."""
_ERROR_TITLE = re.compile(
    r"\b(?:404|not found|page (?:not found|unavailable)|error page)\b"
    r"|(?:页面|網頁|网页|頁面|内容|文章)(?:不存在|已删除|未找到|找不到|丢失)|找不到(?:页面|网页|頁面)"
    r"|出错了|错误页|错误提示|系统错误|服务器错误",
    re.IGNORECASE,
)
_ERROR_WORDS = re.compile(
    r"(?:访问|请求|查看|浏览)的?(?:页面|网页|文章|内容|信息|资源)(?:已经?)?(?:不存在|被?删除|被?移除|失效|找不到)"
    r"|(?:文章|内容|信息|页面)(?:已经?)?(?:不存在|被删除)(?:或|，|。|！|$)|(?:没有|未能?)找到(?:您|你)(?:要|所)?(?:访问|请求|查找)"
    r"|the page you (?:are looking for|requested) (?:could not be|was not|cannot be|does not|doesn.t|can.t be)",
    re.IGNORECASE,
)
_MAINTENANCE = re.compile(
    r"(?:系统|网站|站点|平台|服务器?|栏目|本站)(?:正在|正|暂停|临时|例行|升级|进行|处于){0,3}(?:维护|升级改造|升级中|改版中|建设中)"
    r"|(?:暂停|停止)(?:对外)?服务|site is (?:currently )?offline"
    r"|(?:down|closed|undergoing|under|for) (?:for )?(?:scheduled )?maintenance",
    re.IGNORECASE,
)
_PARKED = re.compile(
    r"(?:domain|域名)(?: name)?\s?.{0,60}(?:for sale|parked|has expired|出售|转让|停放|已?过期|未(?:备案|绑定|解析))"
    r"|buy this domain",
    re.IGNORECASE,
)
_PARKING = ("sedoparking", "parkingcrew", "hugedomains.com", "bodis.com", "afternic.com", "dan.com/buy-domain")
"""Parts of addresses of services that show pages for domains without a site."""
_MOVED = re.compile(
    r"跳转|已(?:经)?(?:迁移|搬迁|更换|改版)|新(?:网址|域名|网站|站)"
    r"|redirect|(?:has|have|been) moved|click here|continue to",
    re.IGNORECASE,
)


def asks_to_slow_down(words: str) -> bool:
    """Whether a title, a message or the text of a page that shows little says that we came too often."""
    return _TOO_OFTEN.search(words) is not None


def speaks_of_maintenance(words: str) -> bool:
    """Whether a title or the text of a page that shows little announces a pause of the site."""
    return _MAINTENANCE.search(words) is not None


def speaks_of_moving(words: str) -> bool:
    """Whether the text of a page that shows little sends its reader elsewhere."""
    return _MOVED.search(words) is not None


def stand_in(title: str, words: str, markup: str) -> str:
    """Say what a page that shows little is in place of content; empty when it may be content.

    Args:
        title: The page's title.
        words: Its visible text, on one line.
        markup: The whole of it, for the addresses of parking services.
    """
    named = f" titled “{title}”" if title else ""
    if _ERROR_TITLE.search(title) or _ERROR_WORDS.search(words):
        return f"an error page{named}"
    if speaks_of_maintenance(title) or speaks_of_maintenance(words):
        return f"a maintenance page{named}"
    if _PARKED.search(f"{title}\n{words}") or any(mark in markup for mark in _PARKING):
        return f"the page of a parked domain{named}"
    return ""


def by_words(title: str, words: str, markup: str) -> tuple[Answer, str] | None:
    """Tell a page that says itself that the trouble is our pace or our own network; None for all others."""
    said = f"{title}\n{words}"
    if asks_to_slow_down(said):
        return Answer.RATE_LIMITED, f"a page that asks to slow down: “{title or words[:60]}”"
    if _CAPTIVE.search(said) or _WISPR in markup:
        return Answer.REFUSED, "the login page of the network that Hongtou runs in (captive portal)"
    return None
