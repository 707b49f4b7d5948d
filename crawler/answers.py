"""How a server answered: each way of not giving what was asked for has its own class and its own cure.

Judges status, headers and the outward shape of the body. Whether a list or an article can be read from an `OK` answer
is for the parsers to say.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from core.errors import DecodeError
from core.outcome import Answer
from crawler import challenges
from crawler.decode import decode
from crawler.lists import sniff
from crawler.pageshape import PageShape, page_shape

if TYPE_CHECKING:
    from collections.abc import Mapping


class Expected(StrEnum):
    """What was asked for."""

    FEED = "feed"
    JSON = "json"
    LISTING = "listing"
    """An HTML list page."""
    PAGE = "page"
    """The page of an article."""


_REFUSALS = {
    401: "asks for a login",
    403: "refuses access",
    412: "Rui Shu (瑞数) challenge",
    418: "refuses crawlers",
    451: "withheld for legal reasons",
    521: "Jia Su Le (加速乐) challenge",
    999: "refuses crawlers",
}
"""Statuses that are aimed at us; 412 and 521 by the habit of Chinese government sites. Cloudflare's own 521 is not."""
_ERROR_TITLE = re.compile(
    r"\b(?:404|not found|page (?:not found|unavailable)|error page)\b"
    r"|(?:页面|網頁|网页|頁面|内容|文章)(?:不存在|已删除|未找到|找不到|丢失)|找不到(?:页面|网页|頁面)"
    r"|出错了|错误页|错误提示|系统错误|服务器错误",
    re.IGNORECASE,
)
_MACHINE_READ = {Expected.FEED: "a feed", Expected.JSON: "JSON"}
_HEAD = 8_192
_CARELESS = 30
"""Visible characters up to which a page shows nothing: a loading line, a copyright sign."""


def classify_answer(
    *, status: int, headers: Mapping[str, str], body: bytes, url: str, expected: Expected
) -> tuple[Answer, str]:
    """Tell how a server answered.

    Args:
        status: HTTP status.
        headers: Lower-case names; of a header that came more than once, the values joined.
        body: As it came, any Content-Encoding undone.
        url: The address after redirects, for messages.
        expected: What was asked for.

    Returns:
        The class, and one sentence for a person that is empty for `OK` and `NOT_MODIFIED`. `OK` means that the body
        is worth parsing.
    """
    if status == 304:
        return Answer.NOT_MODIFIED, ""
    wall = challenges.challenge_in_headers(headers)
    if wall:
        return Answer.BLOCKED, f"{wall} (status {status})"
    if not 200 <= status < 300 or status == 202:
        return _by_status(status, headers, body, url=url, expected=expected)
    return _by_body(headers, body, expected=expected)


def _by_status(
    status: int, headers: Mapping[str, str], body: bytes, *, url: str, expected: Expected
) -> tuple[Answer, str]:
    if status in (404, 410):
        return Answer.GONE, f"{url} is gone (status {status})"
    if status == 429:
        return Answer.RATE_LIMITED, "too many requests (status 429)"
    if status == 202:
        answer, detail = _by_body(headers, body, expected=expected)
        return (answer if answer is Answer.OK else Answer.BLOCKED), detail and f"{detail} (status 202)"
    wall = _wall_behind_error(headers, body)
    if status == 521 and not wall and headers.get("server", "").lower() == "cloudflare":
        return Answer.HTTP_ERROR, "Cloudflare cannot reach the site (status 521)"
    if wall or status in _REFUSALS:
        return Answer.BLOCKED, f"{wall or _REFUSALS[status]} (status {status})"
    return Answer.HTTP_ERROR, f"the server answered with status {status}"


def _wall_behind_error(headers: Mapping[str, str], body: bytes) -> str:
    title = sniff.page_title(body[:_HEAD].decode("utf-8", "ignore"))
    return (
        challenges.challenge_in_body(body, bare=True)
        or challenges.challenge_in_cookies(headers)
        or challenges.challenge_in_title(title)
    )


def _by_body(headers: Mapping[str, str], body: bytes, *, expected: Expected) -> tuple[Answer, str]:
    if not body.strip():
        return Answer.EMPTY, "the body is empty"
    try:
        text = decode(body, content_type=headers.get("content-type", "")).text
    except DecodeError as error:
        return Answer.DECODE, str(error)
    if _is_as_expected(text, expected):
        return Answer.OK, ""
    shape = page_shape(text)
    problem = None if shape.shows_content else _problem(body, shape, headers)
    if problem:
        return problem
    if expected in _MACHINE_READ:
        return Answer.SOFT_404, f"{sniff.describe(text)} in place of {_MACHINE_READ[expected]}"
    return Answer.OK, ""


def _is_as_expected(text: str, expected: Expected) -> bool:
    """Whether a feed or JSON was asked for, and the text is no HTML; what it is then, its parser can say best."""
    if expected in (Expected.LISTING, Expected.PAGE):
        return False
    if text.lstrip()[:1] != "<":
        return True
    return expected is Expected.FEED and (not sniff.is_html(text) or sniff.feed_start(text) >= 0)


def _problem(body: bytes, shape: PageShape, headers: Mapping[str, str]) -> tuple[Answer, str] | None:
    """Tell what is wrong with a page that shows little; None when it may just be short."""
    wall = _wall(body, shape, headers)
    if wall:
        return Answer.BLOCKED, wall
    nothing = _nothing(shape)
    return (Answer.SOFT_404, nothing) if nothing else None


def _wall(body: bytes, shape: PageShape, headers: Mapping[str, str]) -> str:
    """Name what stands before a page that shows next to nothing; empty when nothing does."""
    bare = shape.visible <= _CARELESS
    wall = challenges.challenge_in_body(body, bare=bare) or challenges.challenge_in_title(shape.title)
    if wall:
        return wall
    if shape.asks_login:
        return f"asks for a login: “{shape.title}”" if shape.title else "asks for a login"
    if bare and shape.sets_cookie and shape.target and not shape.app_root:
        return challenges.challenge_in_cookies(headers) or "a script that sets a cookie and loads the page again"
    return ""


def _nothing(shape: PageShape) -> str:
    """Say what stands in place of content on a page that shows next to nothing; empty when it may be content."""
    if _ERROR_TITLE.search(shape.title):
        return f"an error page titled “{shape.title}”"
    if shape.visible > _CARELESS:
        return ""
    if shape.app_root:
        return "an app shell that shows nothing without scripts"
    if shape.target:
        return f"a page that leads on to {shape.target} by script"
    return "a page of scripts that shows nothing" if shape.scripts else "a page without any text"
