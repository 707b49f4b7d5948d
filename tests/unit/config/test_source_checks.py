"""Single values of a source entry: what is accepted, what is refused, in which words."""

from __future__ import annotations

import pytest

from config.source_checks import (
    check_encoding,
    check_jurisdiction,
    check_path,
    check_selector,
    check_template,
    check_title_pattern,
    check_url,
)


@pytest.mark.parametrize(
    "value",
    ["", "a", "ul.list > li", "li:has(span.time)", "a::attr(href)", "h2, a", "::attr(data-url)", "a::text",
     "a[href*='/t20']", "li:nth-child(2)"],
)  # fmt: skip
def test_selectors_are_accepted(value: str) -> None:
    """CSS with `::attr(name)` or `::text` at its end, or nothing at all, is kept as it is."""
    assert check_selector(value) == value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a[", "is no CSS selector: Expected ident"),
        ("a:foo", "is no CSS selector: The pseudo-class :foo is unknown"),
        ("a::attr(href), b", "at its very end only"),
        ("a::before", "at its very end only"),
        ("//div/a", "is no CSS selector"),
        ("li, p:contains('成文日期')::text", r"may not use `:contains\(\)`"),
    ],
)
def test_what_is_no_selector_is_refused(value: str, message: str) -> None:
    """Broken CSS, XPath and pseudo-elements that cannot be taken are told when the file is loaded."""
    with pytest.raises(ValueError, match=message):
        check_selector(value)


@pytest.mark.parametrize(
    "value",
    ["", "$", "$[*]", "title", "data.rows[*]", "data.results[0].groupData[0].data", "list[*].lives[*]", "a | b.c | $.d",
     "$.data", "TITLE", "标题", "date-gmt", "extra.topic_url"],
)  # fmt: skip
def test_paths_are_accepted(value: str) -> None:
    """Dotted keys with `[*]` and `[0]`, and alternatives, are kept as they are."""
    assert check_path(value) == value


@pytest.mark.parametrize("value", ["a b", "a..b", "a[", "a[x]", "a | ", "$$", "a.", "a[*", "[]"])
def test_what_is_no_path_is_refused(value: str) -> None:
    """Other query languages and slips are told with the form that is right."""
    with pytest.raises(ValueError, match="is no path; write dotted keys"):
        check_path(value)


def test_addresses_are_absolute() -> None:
    """Http and https with a host are accepted, nothing else."""
    assert check_url("https://x.example/a?b=c") == "https://x.example/a?b=c"
    for value in ("", "x.example", "ftp://x.example", "https://", "file:///etc/passwd", "https://[x"):
        with pytest.raises(ValueError, match="must be an absolute address"):
            check_url(value)


def test_jurisdictions_are_codes() -> None:
    """Lower-case codes with up to two parts, or none."""
    for value in ("", "cn", "cn-sh", "cn-gd-sz", "intl"):
        assert check_jurisdiction(value) == value
    for value in ("CN", "China", "cn_sh", "c", "cn-"):
        with pytest.raises(ValueError, match="no jurisdiction"):
            check_jurisdiction(value)


def test_templates_have_a_place() -> None:
    """An address without a field would be the same for every row."""
    for value in ("", "https://x.example/{id}.html", "https://x.example/{a.b[0]}"):
        assert check_template(value) == value
    for value in ("https://x.example/", "https://x.example/{}", "https://x.example/{id", "https://x.example/{{id}}"):
        with pytest.raises(ValueError, match=r"needs a \{field\}"):
            check_template(value)


def test_title_patterns_have_a_group() -> None:
    """A pattern without a group has no title to give."""
    assert check_title_pattern("") == ""
    assert check_title_pattern("^【(.+?)】") == "^【(.+?)】"
    with pytest.raises(ValueError, match="is no regular expression"):
        check_title_pattern("(")
    with pytest.raises(ValueError, match="needs a group"):
        check_title_pattern("x")


def test_charsets_are_known() -> None:
    """Names that Python knows, or none."""
    assert check_encoding("gb18030") == "gb18030"
    assert check_encoding("") == ""
    for value in ("klingon", "a\0b"):
        with pytest.raises(ValueError, match="is no charset"):
            check_encoding(value)
