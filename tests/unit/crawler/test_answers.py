"""How servers answer when they do not give what was asked for; every page here is written for its test."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.outcome import Answer
from crawler.answers import Expected, classify_answer
from crawler.pageshape import page_shape

if TYPE_CHECKING:
    from collections.abc import Mapping

URL = "https://www.example.gov.cn/zwgk/1.html"
TEXT = "<p>为贯彻落实有关部署，加快培育发展新动能，现就有关事项通知如下，请结合实际认真组织实施。</p>" * 12
FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title></channel></rss>"

RUI_SHU = b"""<!DOCTYPE html><html><head><meta id="mX" content="q1" r="m"><script src="/a1b2/c3.js"></script>
<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;</script></head><body></body></html>"""
JSL_FIRST = (
    b"<script>document.cookie=('_')+('_')+('j')+('s')+('l');location.href=location.pathname+location.search</script>"
)
JSL_SECOND = b"<script>var go={'tn':'__jsl_clearance_s','wt':1500};document.cookie=go.tn;location.reload()</script>"
WZWS = b"<html><body><script>var wzwschallenge='RANDOM'; eval(1)</script><p>Please wait</p></body></html>"
WZWS_WAF = b"<html><head><script src='/wzws-waf-cgi/x.js'></script></head><body></body></html>"
HOY_TR = b"<html><body><script>document.cookie='HOY_TR=abc'; window.location.reload();</script></body></html>"
ALIYUN = b"<html><script>function set(n,v){document.cookie=n+'='+v}set('acw_sc__v2',1)</script></html>"
ALIYUN_405 = b"<html><title>405</title><a href='https://errors.aliyun.com/x'>Your request was blocked</a></html>"
CLOUDFLARE = b"<title>Just a moment...</title><script>window._cf_chl_opt={}</script>Verify you are human"
CF_BLOCK = (
    "<html><head><title>Attention Required! | Cloudflare</title></head><body>Sorry, you have been blocked</body></html>"
)
SCRIPT_202 = b"<html><head><script>(function(){var a=1;})();</script></head><body></body></html>"
REDIRECT = b"<script>location.href='../zcfb/tz/index.html';</script>"
META_REFRESH = b"<html><head><meta http-equiv='refresh' content='0; url=/index.html'></head></html>"
COOKIE_LOOP = b"<html><script>document.cookie='k=v';window.location.reload();</script></html>"
SHELL = b"""<!doctype html><html><head><title>App</title><script src="/static/js/main.js"></script></head>
<body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body></html>"""
LOGIN = "<html><title>用户登录</title><form><input name='u'><input type='password' name='p'></form></html>"
NOT_FOUND = "<html><title>页面不存在</title><body>您访问的页面不存在或已被删除，5秒后返回首页</body></html>"
ERROR_EN = "<html><title>404 - Page Not Found</title><body>Sorry, we could not find it.</body></html>"
BLOCKED_ZH = "<html><title>访问被拦截</title><body>您的请求疑似攻击行为，事件编号 123</body></html>"
ARTICLE = f"<html><title>关于印发行动计划的通知</title><body>{TEXT}</body></html>"
SHORT = f"<html><title>任免通知</title><body>{TEXT[: len(TEXT) // 12]}</body></html>"
ABOUT_WALLS = (
    f"<html><title>Just a moment: how acw_sc__v2 works</title><body>{TEXT}<script>$_ts=1</script></body></html>"
)
BLOCKS = {
    "firewall": "<title>提示</title><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>",
    "网站防火墙": "<title>网站防火墙</title><p>您的请求被拒绝，请返回。</p>",
    "创宇盾": "<title>提示信息</title><p>当前访问因触发规则暂不能继续，由创宇盾提供防护。</p>",
    "安全狗": "<p>您所提交的请求含有不允许的内容。网站安全狗</p>",
    "Aliyun": "<p>很抱歉，由于您访问的地址有可能对网站造成安全威胁，请求未能继续。</p>",
    "EdgeOne": "<title>Restricted</title><p>This request is restricted by a policy of Tencent Cloud EdgeOne.</p>",
    "Akamai": "<title>Access Denied</title><p>No access.</p><p>https://errors.edgesuite.net/18.1</p>",
    "Imperva": "<p>Request unsuccessful. Incapsula incident ID: 12-34</p>",
    "DataDome": "<title>example.com</title><script src='https://geo.captcha-delivery.com/c.js'></script><p>wait</p>",
    "PerimeterX": "<title>Denied</title><div id='px-captcha'></div><p>Press and hold.</p>",
    "AWS": "<script src='https://x.awswaf.com/challenge.js'></script><p>wait</p>",
    "Qianxin": "<p>拦截</p><script src='//wangzhan.qianxin.com/x.js'></script>",
    "F5": "<title>Rejected</title><p>The requested URL was rejected. Support ID: 1</p>",
    "Vercel": "<title>Vercel Security Checkpoint</title><p>Please wait</p>",
    "Sucuri": "<title>Blocked</title><p>See https://sucuri.net/x for details.</p>",
    "security check": "<title>请稍候</title><p>正在进行浏览器安全检查，请稍候</p>",
}
"""Pages of walls by what they are called, in our own words."""
SLOW = "<html><title>提示</title><body>您的访问过于频繁，请十分钟后再来。</body></html>"
PORTAL = "<html><title>无线网络认证</title><body>请输入手机号<input name='phone'></body></html>"
WISPR = "<html><!-- <WISPAccessGatewayParam></WISPAccessGatewayParam> --><body>Welcome, guest</body></html>"
GUARDED = SHORT.replace(
    "</body>", "<script src='/cdn-cgi/challenge-platform/x.js'></script><script>$_ts={}</script></body>"
)


def classify(
    body: bytes | str = b"",
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    expected: Expected = Expected.PAGE,
) -> tuple[Answer, str]:
    """Classify one answer."""
    raw = body.encode() if isinstance(body, str) else body
    return classify_answer(status=status, headers=headers or {}, body=raw, url=URL, expected=expected)


@pytest.mark.parametrize("expected", Expected)
@pytest.mark.parametrize(
    ("status", "headers", "body", "wall"),
    [
        (412, {}, RUI_SHU, "瑞数"),
        (412, {}, b"", "瑞数"),
        (200, {}, RUI_SHU, "瑞数"),
        (202, {}, RUI_SHU, "瑞数"),
        (521, {"set-cookie": "__jsluid_s=1; path=/"}, JSL_FIRST, "加速乐"),
        (521, {}, JSL_SECOND, "加速乐"),
        (521, {}, b"", "加速乐"),
        (200, {"set-cookie": "__jsluid_s=1"}, JSL_FIRST, "加速乐"),
        (200, {}, JSL_SECOND, "加速乐"),
        (200, {}, WZWS, "wzws"),
        (200, {}, WZWS_WAF, "wzws"),
        (200, {}, HOY_TR, "HOY_TR"),
        (200, {}, ALIYUN, "Aliyun"),
        (405, {}, ALIYUN_405, "Aliyun"),
        (403, {"cf-mitigated": "challenge", "server": "cloudflare"}, CLOUDFLARE, "Cloudflare"),
        (503, {"server": "cloudflare"}, CLOUDFLARE, "Cloudflare"),
        (200, {}, CLOUDFLARE, "Cloudflare"),
        (403, {}, CF_BLOCK, "Cloudflare"),
        (500, {}, BLOCKED_ZH, "firewall"),
        (202, {}, SCRIPT_202, "scripts"),
        (202, {}, b"", "empty"),
        (200, {}, COOKIE_LOOP, "sets a cookie"),
        (200, {}, BLOCKED_ZH, "firewall"),
        (200, {}, LOGIN, "login"),
        (401, {}, b"", "login"),
        (403, {}, b"Forbidden", "refuses"),
        (418, {}, b"", "refuses"),
        (566, {}, b"", "EdgeOne"),
        (451, {}, b"", "legal"),
    ],
)
def test_walls_are_recognised(
    status: int, headers: Mapping[str, str], body: bytes | str, wall: str, expected: Expected
) -> None:
    """Challenges, captchas, refusals and login walls are `blocked`, by name, whatever was asked for."""
    answer, detail = classify(body, status=status, headers=headers, expected=expected)
    assert answer is Answer.BLOCKED
    assert wall in detail


@pytest.mark.parametrize(
    ("status", "headers", "answer"),
    [
        (304, {}, Answer.NOT_MODIFIED),
        (404, {}, Answer.GONE),
        (410, {}, Answer.GONE),
        (429, {}, Answer.RATE_LIMITED),
        (500, {}, Answer.HTTP_ERROR),
        (502, {}, Answer.HTTP_ERROR),
        (503, {}, Answer.HTTP_ERROR),
        (503, {"retry-after": "60"}, Answer.RATE_LIMITED),
        (511, {}, Answer.REFUSED),
        (405, {}, Answer.HTTP_ERROR),
        (521, {"server": "cloudflare"}, Answer.HTTP_ERROR),
        (400, {}, Answer.HTTP_ERROR),
        (302, {}, Answer.HTTP_ERROR),
        (204, {}, Answer.EMPTY),
        (200, {}, Answer.EMPTY),
    ],
)
def test_statuses_have_their_classes(status: int, headers: Mapping[str, str], answer: Answer) -> None:
    """A bare status is told by its number, and said in words unless nothing is wrong."""
    found, detail = classify(b"\n", status=status, headers=headers)
    assert found is answer
    assert bool(detail) == (answer is not Answer.NOT_MODIFIED)


@pytest.mark.parametrize("expected", Expected)
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (REDIRECT, "leads on to ../zcfb/tz/index.html"),
        (META_REFRESH, "leads on to /index.html"),
        (SHELL, "app shell"),
        (SHELL.replace(b"</head>", b"<script>document.cookie='a=1';location.href='/m'</script></head>"), "app shell"),
        (SCRIPT_202, "page of scripts"),
        (NOT_FOUND, "error page titled “页面不存在”"),
        (ERROR_EN, "error page titled “404 - Page Not Found”"),
        ("<html><body></body></html>", "without any text"),
        ("<title>系统维护中</title><p>网站正在升级改造，暂停服务</p>", "maintenance page titled"),
        ("<title>Example</title><p>We are down for scheduled maintenance.</p>", "maintenance page"),
        ("<title>example.com</title><p>This domain name is for sale. Make an offer today.</p>", "parked domain"),
        ("<title>域名停放</title><p>该域名已过期，请联系注册商</p>", "parked domain"),
        ("<html><script src='https://d1.parkingcrew.net/x.js'></script><p>Related links</p></html>", "parked domain"),
        ("<title>提示</title><p>您访问的文章不存在或已被删除</p>", "error page"),
        (
            "<meta http-equiv='refresh' content='3;url=http://new.example.cn/'><p>本网站已迁移至新域名，页面将在三秒之后自动跳转</p>",
            "leads on to http://new.example.cn/",
        ),
    ],
)
def test_pages_that_stand_in_for_others(body: bytes | str, said: str, expected: Expected) -> None:
    """Script redirects, app shells and friendly error pages with status 200 are soft-404."""
    answer, detail = classify(body, expected=expected)
    assert answer is Answer.SOFT_404
    assert said in detail


@pytest.mark.parametrize("expected", Expected)
@pytest.mark.parametrize("status", [200, 403, 405])
@pytest.mark.parametrize(("wall", "body"), BLOCKS.items())
def test_pages_of_firewalls(wall: str, body: str, status: int, expected: Expected) -> None:
    """Every known firewall is named by its page, whatever status it comes with, and in GBK as well."""
    for raw in (body.encode(), body.encode("gb18030")):
        answer, detail = classify(raw, status=status, expected=expected)
        assert answer is Answer.BLOCKED
        assert wall in detail or (wall == "网站防火墙" and "firewall" in detail)


@pytest.mark.parametrize("expected", Expected)
@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, SLOW, {}),
        (403, SLOW, {}),
        (503, SLOW, {}),
        (200, "<title>Too Many Requests</title><p>Try later</p>", {}),
        (200, '{"code": 429, "message": "rate limit exceeded"}', {}),
        (503, "<p>Busy</p>", {"retry-after": "120"}),
    ],
)
def test_pleas_to_slow_down(status: int, body: str, headers: Mapping[str, str], expected: Expected) -> None:
    """A page, a message or a Retry-After that asks for a slower pace is `rate-limited`, whatever its status."""
    if body.startswith("{") and expected in (Expected.PAGE, Expected.LISTING):
        return
    assert classify(body, status=status, headers=headers, expected=expected)[0] is Answer.RATE_LIMITED


@pytest.mark.parametrize("expected", Expected)
@pytest.mark.parametrize("body", [PORTAL, WISPR])
def test_a_captive_portal_is_our_own_networks_fault(body: str, expected: Expected) -> None:
    """The gate of a wireless network counts as no connection, so that no source is blamed."""
    answer, detail = classify(body, expected=expected)
    assert answer.is_network
    assert "captive portal" in detail


def test_a_login_that_an_address_leads_to() -> None:
    """A redirect to a passport or single sign-on page is a login wall, however much the page shows."""
    body = ARTICLE.replace("</body>", "<input type=password></body>")
    for url in (
        "https://passport.example.cn/?to=/1",
        "https://sso.example.gov.cn/a",
        "https://www.example.cn/cas/login?service=x",
        "https://www.example.cn/login.html",
    ):
        answer, detail = classify_answer(status=200, headers={}, body=body.encode(), url=url, expected=Expected.LISTING)
        assert (answer, detail) == (Answer.BLOCKED, f"leads to a login at {url}")
    assert classify(body) == (Answer.OK, "")


def test_maintenance_behind_an_error_says_so() -> None:
    """A 503 that announces maintenance is a passing error of the server, by name, also with a Retry-After."""
    body = "<title>系统维护</title><p>网站正在维护，请稍后访问</p>"
    answer, detail = classify(body, status=503, headers={"retry-after": "3600"})
    assert (answer, detail) == (Answer.HTTP_ERROR, "the site is under maintenance (status 503)")


def test_cookies_of_a_wall_do_not_make_a_servers_fault_a_challenge() -> None:
    """Walls set their cookies on everything: a 502 with one is a fault of the server, a 403 or 400 is not."""
    headers = {"set-cookie": "a=1; path=/, __jsluid_s=abc; path=/"}
    assert classify(status=502, headers=headers)[0] is Answer.HTTP_ERROR
    assert "加速乐" in classify(status=403, headers=headers)[1]
    rui_shu = {"set-cookie": "sid=1; path=/, neCYtZEjo8Gm80S=x; HttpOnly"}
    assert "瑞数" in classify(status=400, headers=rui_shu)[1]


@pytest.mark.parametrize(
    "title",
    [
        "关于开展网络安全检查的通知",
        "关于本网站系统维护期间业务办理的公告",
        "关于启用新域名的公告",
        "关于规范短信息服务的通知",
        "404号议案的答复",
        "关于拒绝访问限制条款的说明",
    ],
)
def test_a_notice_about_such_things_is_no_wall(title: str) -> None:
    """A short notice about walls, domains and maintenance is content, with the menus of its site around it."""
    text = TEXT[: len(TEXT) // 12 * 6]
    body = f"<html><title>{title}</title><body><h1>{title}</h1>{text}</body></html>"
    assert 250 < page_shape(body).visible < 400
    assert classify(body) == (Answer.OK, "")


@pytest.mark.parametrize("expected", [Expected.FEED, Expected.JSON])
def test_a_page_in_place_of_data(expected: Expected) -> None:
    """An ordinary page where a feed or JSON was asked for is soft-404, by its title."""
    answer, detail = classify(ARTICLE, expected=expected)
    assert answer is Answer.SOFT_404
    assert "an HTML page titled “关于印发行动计划的通知” in place of" in detail


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (FEED, Expected.FEED),
        (b"\xef\xbb\xbf" + FEED, Expected.FEED),
        (b"Warning: x\n" + FEED, Expected.FEED),
        (b"<!DOCTYPE html><html><body>" + FEED[21:] + b"</body></html>", Expected.FEED),
        (b'{"version": "https://jsonfeed.org/version/1", "items": []}', Expected.FEED),
        (b"<opml version='2.0'/>", Expected.FEED),
        (b'{"code": 500}', Expected.JSON),
        ('{"rows": [{"title": "关于访问过于频繁的说明"}]}', Expected.JSON),
        (b"cb([])", Expected.JSON),
        (ARTICLE, Expected.PAGE),
        (ARTICLE, Expected.LISTING),
        (ARTICLE.encode("gbk").decode("latin-1").encode("latin-1"), Expected.PAGE),
        (SHORT, Expected.PAGE),
        (GUARDED, Expected.PAGE),
        (ABOUT_WALLS, Expected.PAGE),
        (ARTICLE.replace("关于印发行动计划的通知", "404 号文件：页面不存在的权利"), Expected.PAGE),
        (ARTICLE.replace("</body>", "<input type=password></body>"), Expected.PAGE),
    ],
)
def test_what_is_worth_parsing(body: bytes | str, expected: Expected) -> None:
    """Content of the right kind is `ok`, also when it writes about walls, sits behind one, or is short."""
    assert classify(body, expected=expected) == (Answer.OK, "")


@pytest.mark.parametrize(
    "carrier",
    [
        "<script type='text/xml'><recordset><record><![CDATA[<li><a href='/1'>x</a></li>]]></record></script>",
        "<script id='__NEXT_DATA__' type='application/json'>{}</script>",
        "<script>window.__NUXT__=1</script>",
    ],
)
def test_a_list_in_a_script_is_worth_parsing(carrier: str) -> None:
    """A list that shows nothing but carries its rows is left to its parser; an article's page is a shell then."""
    body = f"<html><title>通知公告</title><body><div id='app'></div>{carrier}</body></html>"
    assert classify(body, expected=Expected.LISTING) == (Answer.OK, "")
    assert classify(body, expected=Expected.PAGE)[0] is Answer.SOFT_404
    error = body.replace("通知公告", "页面不存在")
    assert classify(error, expected=Expected.LISTING)[0] is Answer.SOFT_404


def test_accepted_with_content_is_content() -> None:
    """Status 202 with a whole article is an answer like any other."""
    assert classify(ARTICLE, status=202) == (Answer.OK, "")


def test_no_text_is_a_class_of_its_own() -> None:
    """A body that is no text is told apart from an empty one."""
    assert classify(b"\x1f\x8b\x08\x00") == (Answer.DECODE, "not text but gzip data")


@given(st.integers(100, 999), st.binary(max_size=200), st.sampled_from(Expected))
def test_any_answer_has_a_class(status: int, body: bytes, expected: Expected) -> None:
    """Any status and bytes are classified, with a reason whenever something is wrong."""
    answer, detail = classify(body, status=status, expected=expected)
    assert bool(detail) == (answer not in (Answer.OK, Answer.NOT_MODIFIED))


@pytest.mark.parametrize("junk", ["domain ", "域名", "location='", "<a ", "访问访问被", "<record>"])
def test_long_noise_is_judged_in_seconds(junk: str) -> None:
    """A page that repeats the beginning of a mark costs no more than its length."""
    body = f"<html><title>{junk * 99}</title><p>y</p><script>{junk * (2_000_000 // len(junk))}</script></html>"
    began = time.perf_counter()
    for expected in (Expected.LISTING, Expected.PAGE):
        assert classify(body, expected=expected)[1]
    assert time.perf_counter() - began < 4
