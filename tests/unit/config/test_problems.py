"""Problems in words: what is wrong, where, and what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.layers import dotted
from config.problems import in_file_order, suggest
from core.errors import ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.yamlfile import KeyPath


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("crawll: {}", "crawll: unknown key; did you mean `crawl`?"),
        ("log: {zzz: 1}", "log.zzz: unknown key; known here: level, format"),
        ("routes: {a: {continue_: true}}", "routes.a.continue_: unknown key; did you mean `continue`?"),
        ("routes: {a: {match: {jurisdiction: [cn]}}}",
         "routes.a.match.jurisdiction: unknown key; did you mean `jurisdictions`?"),
        ("log: {level: infos}", "log.level: must be one of debug, info, warning, error; did you mean `info`?"),
        ("log: {level: 5}", "log.level: must be one of debug, info, warning, error"),
        ("crawl: 5", "crawl: must hold keys below it, such as `user_agent`"),
        ("channels: {desk: 'json://hunter2'}", "channels.desk: must hold keys below it, such as `url`"),
        ("channels: [a]", "channels: must hold keys below it, indented"),
        ("watch: {groups: hk}", "watch.groups: must be a list, such as [a, b]"),
        ("watch: {groups: [true]}",
         "watch.groups[0]: must be text, and an unquoted true or false is none; put quotes round it"),
        ("watch: {only: [8]}", "watch.only[0]: must be text, and an unquoted number is none; put quotes round it"),
        ("watch: {only: [[a]]}", "watch.only[0]: must be text on one line"),
        ("watch: {only: [hk-sfc-news, ]}\nlog: {level: x}",
         "log.level: must be one of debug, info, warning, error"),
        ("watch:\n  only:\n    -\n",
         "watch.only[0]: must be text, and this is empty; remove the `-`, or write the text after it"),
        ("crawl: {retries: 9}", "crawl.retries: must be at most 5"),
        ("crawl: {retries: -1}", "crawl.retries: must be at least 0"),
        ("crawl: {retries: many}", "crawl.retries: must be a whole number"),
        ("crawl: {retries: 1.5}", "crawl.retries: must be a whole number"),
        ("crawl: {obey_robots: perhaps}", "crawl.obey_robots: must be true or false"),
        ("crawl: {obey_robots: [1]}", "crawl.obey_robots: must be true or false"),
        ("crawl: {user_agent: 红头}", "crawl.user_agent: must be printable ASCII on one line"),
        ("crawl: {timeout: 5 min}",
         "crawl.timeout: '5 min' is no duration; write a number and a unit, such as 90s, 5m, 6h, 2d or 1w"),
        ("classify: {threshold: 1}", "classify.threshold: must be less than 1"),
        ("classify: {threshold: 0}", "classify.threshold: must be more than 0"),
        ("classify: {threshold: high}", "classify.threshold: must be a number"),
        ("channels: {desk: {}}", "channels.desk.url: is required; or give `url_file`"),
        ("channels: {My Desk: {url: 'json://x'}}",
         "channels.My Desk: must be lower-case letters, digits and hyphens, starting with a letter or digit"),
        (f"routes: {{{'x' * 65}: {{}}}}", f"routes.{'x' * 65}: must be no longer than 64 characters"),
        ("routes: {a: {zone: Mars}}",
         "routes.a.zone: 'Mars' is no time zone; use an IANA name such as Asia/Shanghai or UTC"),
        ("data_dir: [a]", "data_dir: must be a path"),
    ],
)  # fmt: skip
def test_each_fault_has_words_of_its_own(faults: Callable[..., list[str]], text: str, problem: str) -> None:
    """The message names file, line and key, and what would be right."""
    line = text.count("\n") + 1 if "log: {level: x}" in text else max(1, text.count("\n"))
    assert faults(text) == [f"hongtou.yaml:{line}: {problem}"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("crawl: {timeout: '${S}'}",
         "crawl.timeout: ${S} is no duration; write a number and a unit, such as 90s, 5m, 6h, 2d or 1w"),
        ("routes: {a: {zone: 'x${S}'}}",
         "routes.a.zone: x${S} is no time zone; use an IANA name such as Asia/Shanghai or UTC"),
        ("crawl: {retries: '${S}'}", "crawl.retries: must be a whole number"),
        ("log: {level: '${S}'}", "log.level: must be one of debug, info, warning, error"),
    ],
)  # fmt: skip
def test_what_was_filled_in_is_told_as_it_was_written(
    faults: Callable[..., list[str]], text: str, problem: str
) -> None:
    """The message shows the reference in the place of its value."""
    assert faults(text, environ={"S": "infoo"}) == [f"hongtou.yaml:1: {problem}"]


def test_a_value_that_would_show_otherwise_is_left_out(faults: Callable[..., list[str]]) -> None:
    """Where the words of a message hold the value too, only the reference is told."""
    told = faults("alerts: {lease: '${S}'}", environ={"S": "d"})
    assert told == ["hongtou.yaml:1: alerts.lease: ${S} gives a value that is not valid here"]


@pytest.mark.parametrize(
    ("path", "text"),
    [(("a", "b", 0, "c"), "a.b[0].c"), (("a",), "a"), ((), ""), ((0, 1), "[0][1]")],
)
def test_paths_are_written_with_dots(path: KeyPath, text: str) -> None:
    """Keys are joined by dots, indexes stand in brackets."""
    assert dotted(path) == text


def test_suggestions_come_only_when_they_are_near() -> None:
    """A far word suggests nothing; case does not matter."""
    assert suggest("Topics", ["topics", "acts"]) == "; did you mean `topics`?"
    assert suggest("zzz", ["topics", "acts"]) == ""


def test_problems_come_in_file_order_and_once() -> None:
    """Files as they come first, lines rising within each, repeats gone; places without a line come first."""
    places = ["b.yaml:10", "a.yaml:3", "b.yaml:9", "b.yaml:10", "HONGTOU_X", "b.yaml"]
    problems = [ConfigProblem(where=place, key="", message="x") for place in places]
    assert [problem.where for problem in in_file_order(problems)] == [
        "b.yaml", "b.yaml:9", "b.yaml:10", "a.yaml:3", "HONGTOU_X",
    ]  # fmt: skip
