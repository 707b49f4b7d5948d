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
from crawler import challenges, standins
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
    566: "EdgeOne (腾讯云) refusal",
    567: "EdgeOne (腾讯云) refusal",
    999: "refuses crawlers",
}
"""Statuses that are aimed at us; 412 and 521 by the habit of Chinese government sites. Cloudflare's own 521 is not."""
_LOGIN_ADDRESS = re.compile(
    r"//(?:[^/?#]*\.)?(?:passport|sso|login|cas|uaa)\.[^/?#]+|/(?:login|sign-?in|passport|sso|cas|oauth2?)(?:[/.?;]|$)",
    re.IGNORECASE,
)
_DOCUMENT_TITLE = re.compile(r"关于.+的|(?:通知|公告|公示|办法|意见|规定|答复|说明|解读)(?:\s*[-_|].*)?$")
"""Titles of notices, which may be about walls and maintenance."""
_CARRIERS = (
    "<recordset", "<datastore", "<nextgroup", "<record><![CDATA[", "__NEXT_DATA__", "__NUXT__", "__INITIAL_STATE__",
    "application/json", "application/ld+json",
)  # fmt: skip
"""Where a list that shows nothing without scripts holds its rows: worth a look; the parser says if it was in vain."""
_MACHINE_READ = {Expected.FEED: "a feed", Expected.JSON: "JSON"}
_HEAD = 65_536
"""Bytes of an error's body that are looked at."""
_MESSAGE = 2_000
"""Characters up to which JSON is a message rather than a list."""
_CARELESS = 30
"""Visible characters up to which a page shows nothing: a loading line, a copyright sign."""
_SPARSE = 250
"""Visible characters up to which the words of a page, and not its title only, may say that it stands in for another:
walls say what they are in fewer, and short notices come with the menus of their site."""


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
    return _by_body(headers, body, url=url, expected=expected)


def _by_status(
    status: int, headers: Mapping[str, str], body: bytes, *, url: str, expected: Expected
) -> tuple[Answer, str]:
    if status in (404, 410):
        return Answer.GONE, f"{url} is gone (status {status})"
    if status == 202:
        answer, detail = _by_body(headers, body, url=url, expected=expected)
        return (answer if answer is Answer.OK else Answer.BLOCKED), detail and f"{detail} (status 202)"
    if status == 511:
        return Answer.REFUSED, "the network that Hongtou runs in asks for a login (status 511)"
    text = _text_of(headers, body)
    shape = page_shape(text)
    if status == 429 or standins.asks_to_slow_down(f"{shape.title}\n{shape.words}"):
        return Answer.RATE_LIMITED, f"too many requests (status {status})"
    wall = _wall_behind_error(headers, body, shape, status=status)
    if status == 521 and not wall and headers.get("server", "").lower() == "cloudflare":
        return Answer.HTTP_ERROR, "Cloudflare cannot reach the site (status 521)"
    if wall or status in _REFUSALS:
        return Answer.BLOCKED, f"{wall or _REFUSALS[status]} (status {status})"
    return _error_of(status, headers, shape)


def _error_of(status: int, headers: Mapping[str, str], shape: PageShape) -> tuple[Answer, str]:
    """Tell an overload, which has its own wait, from maintenance and from other errors."""
    if standins.speaks_of_maintenance(f"{shape.title}\n{shape.words}"):
        return Answer.HTTP_ERROR, f"the site is under maintenance (status {status})"
    if status == 503 and headers.get("retry-after", "").strip():
        return Answer.RATE_LIMITED, "the server asks to come back later (status 503)"
    return Answer.HTTP_ERROR, f"the server answered with status {status}"


def _text_of(headers: Mapping[str, str], body: bytes) -> str:
    """Return the text of an error's body, empty when it is none."""
    try:
        return decode(body[:_HEAD], content_type=headers.get("content-type", "")).text if body.strip() else ""
    except DecodeError:
        return ""


def _wall_behind_error(headers: Mapping[str, str], body: bytes, shape: PageShape, *, status: int) -> str:
    """Name the wall behind an error status. Walls let a server's own faults through with their cookies on them."""
    of_server = status >= 500 and status != 521
    return (
        challenges.challenge_in_body(body, bare=True)
        or ("" if of_server else challenges.challenge_in_cookies(headers))
        or challenges.challenge_in_words(shape.title)
        or challenges.challenge_in_words(shape.words)
    )


def _by_body(headers: Mapping[str, str], body: bytes, *, url: str, expected: Expected) -> tuple[Answer, str]:
    if not body.strip():
        return Answer.EMPTY, "the body is empty"
    try:
        text = decode(body, content_type=headers.get("content-type", "")).text
    except DecodeError as error:
        return Answer.DECODE, str(error)
    if _is_as_expected(text, expected):
        return _by_message(text)
    shape = page_shape(text)
    if shape.asks_login and _LOGIN_ADDRESS.search(url):
        return Answer.BLOCKED, f"leads to a login at {url}"
    problem = None if shape.shows_content else _problem(body, text, shape, headers=headers, expected=expected)
    if problem:
        return problem
    if expected in _MACHINE_READ:
        return Answer.SOFT_404, f"{sniff.describe(text)} in place of {_MACHINE_READ[expected]}"
    return Answer.OK, ""


def _by_message(text: str) -> tuple[Answer, str]:
    """Tell a JSON answer that holds nothing but a plea to slow down from one worth parsing."""
    said = sniff.describe(text) if len(text) <= _MESSAGE and text.lstrip()[:1] == "{" else ""
    return (Answer.RATE_LIMITED, said) if standins.asks_to_slow_down(said) else (Answer.OK, "")


def _is_as_expected(text: str, expected: Expected) -> bool:
    """Whether a feed or JSON was asked for, and the text is no HTML; what it is then, its parser can say best."""
    if expected in (Expected.LISTING, Expected.PAGE):
        return False
    if text.lstrip()[:1] != "<":
        return True
    return expected is Expected.FEED and (not sniff.is_html(text) or sniff.feed_start(text) >= 0)


def _problem(
    body: bytes, text: str, shape: PageShape, *, headers: Mapping[str, str], expected: Expected
) -> tuple[Answer, str] | None:
    """Tell what is wrong with a page that shows little; None when it may just be short."""
    is_sparse = shape.visible <= _SPARSE
    words = shape.words if is_sparse else ""
    title = shape.title if is_sparse or not _DOCUMENT_TITLE.search(shape.title) else ""
    said = standins.by_words(title, words, text)
    if said:
        return said
    wall = _wall(body, shape, headers, said=f"{title}\n{words}")
    if wall:
        return Answer.BLOCKED, wall
    nothing = standins.stand_in(title, words, text)
    if not nothing and not (expected is Expected.LISTING and any(mark in text for mark in _CARRIERS)):
        nothing = _nothing(shape, words)
    return (Answer.SOFT_404, nothing) if nothing else None


def _wall(body: bytes, shape: PageShape, headers: Mapping[str, str], *, said: str) -> str:
    """Name what stands before a page that shows little; empty when nothing does."""
    bare = shape.visible <= _CARELESS
    wall = challenges.challenge_in_body(body, bare=bare) or challenges.challenge_in_words(said)
    if wall:
        return wall
    if shape.asks_login:
        return f"asks for a login: “{shape.title}”" if shape.title else "asks for a login"
    if bare and shape.sets_cookie and shape.target and not shape.app_root:
        return challenges.challenge_in_cookies(headers) or "a script that sets a cookie and loads the page again"
    return ""


def _nothing(shape: PageShape, words: str) -> str:
    """Say what a page that shows next to nothing is made of; empty when it may be content."""
    if shape.target and standins.speaks_of_moving(words):
        return f"a page that leads on to {shape.target}"
    if shape.visible > _CARELESS:
        return ""
    if shape.app_root:
        return "an app shell that shows nothing without scripts"
    if shape.target:
        return f"a page that leads on to {shape.target} by script"
    return "a page of scripts that shows nothing" if shape.scripts else "a page without any text"
