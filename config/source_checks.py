"""Accepts or refuses the single values of a source entry: selectors, JSON paths, addresses, patterns, charsets.

Each check returns the value unchanged, or raises a `ValueError` whose text says what would be right.
"""

from __future__ import annotations

import codecs
import re
from urllib.parse import urlsplit

from cssselect import HTMLTranslator, SelectorError, parse

from config.fields import JURISDICTION_PATTERN

_ENDING = re.compile(r"::(attr\(\s*[\w:-]+\s*\)|text)\s*$")
_CONTAINS = re.compile(r":contains\s*\(")
"""lxml evaluates it by a function of its own, whose name is freed after the first page: the next page reads whatever
stands there then (lxml 6, seen as UnicodeDecodeError and XPathFunctionError)."""
_PLACE = re.compile(r"\{[^{}]+\}")
_PATH = re.compile(r"(\$|\$?\.?[^\s.\[\]|$]+)(\.[^\s.\[\]|]+|\[(\*|\d+)\])*")


def check_selector(value: str) -> str:
    """Accept a CSS selector, with `::attr(name)` or `::text` at its very end; empty is accepted too.

    Raises:
        ValueError: It does not parse, or uses what cannot be evaluated.
    """
    css = _ENDING.sub("", value).strip()
    if _CONTAINS.search(css):
        raise ValueError("may not use `:contains()`, which cannot be evaluated safely; select by class or attribute")
    try:
        for selector in parse(css) if css else ():
            if selector.pseudo_element is not None:
                raise ValueError("may have `::attr(name)` or `::text` at its very end only, and nothing else with `::`")
            HTMLTranslator().selector_to_xpath(selector)
    except SelectorError as error:
        raise ValueError(f"is no CSS selector: {error}") from None
    return value


def check_path(value: str) -> str:
    """Accept JSON paths such as `data.rows[*]`, `$[*]` or `a.b | c`; empty is accepted too.

    Raises:
        ValueError: It has another form.
    """
    for path in value.split(" | ") if value else ():
        if not _PATH.fullmatch(path.strip()):
            raise ValueError(f"{path!r} is no path; write dotted keys with [*] or [0], such as data.rows[*].title")
    return value


def check_url(value: str) -> str:
    """Accept an absolute http or https address.

    Raises:
        ValueError: It is none.
    """
    try:
        parts = urlsplit(value)
        is_absolute = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_absolute = False
    if not is_absolute:
        raise ValueError("must be an absolute address that begins with https:// or http://")
    return value


def check_jurisdiction(value: str) -> str:
    """Accept a jurisdiction code; empty is accepted too.

    Raises:
        ValueError: It has another shape.
    """
    if value and not re.fullmatch(JURISDICTION_PATTERN, value):
        raise ValueError(f"{value!r} is no jurisdiction; use a lower-case code such as cn, cn-sh or hk")
    return value


def check_template(value: str) -> str:
    """Accept an address with `{field}` places; empty is accepted too.

    Raises:
        ValueError: A brace has no partner, or there is no field.
    """
    rest = _PLACE.sub("", value)
    if value and (rest == value or "{" in rest or "}" in rest):
        raise ValueError("needs a {field} that is filled from the row, such as https://example.org/doc/{id}.html")
    return value


def check_title_pattern(value: str) -> str:
    """Accept a regular expression with at least one group; empty is accepted too.

    Raises:
        ValueError: It does not compile, or has no group.
    """
    try:
        groups = re.compile(value).groups
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    if value and not groups:
        raise ValueError("needs a group in round brackets, whose text becomes the title")
    return value


def check_encoding(value: str) -> str:
    """Accept a charset that Python knows; empty is accepted too.

    Raises:
        ValueError: It is unknown.
    """
    try:
        codecs.lookup(value or "utf-8")
    except (LookupError, ValueError):
        raise ValueError(f"{value!r} is no charset; use a name such as utf-8, gb18030 or big5") from None
    return value
