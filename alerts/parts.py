"""Cuts messages to a channel's limit at the borders between items, never inside markup. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_BORDER = "\n\n"
"""Templates put an empty line between items, and none inside one."""
_LOOSE_END = re.compile(r"(?:&[a-z]{0,4}|<[^<>]*)$")


def split_text(text: str, limit: int, measure: Callable[[str], int] = len) -> tuple[str, ...]:
    """Split text into parts that fit, at empty lines where possible, else at line ends, else anywhere.

    Args:
        text: Plain text; nothing of it is lost but white space at the cuts.
        limit: Largest measure of a part, 16 or more.
        measure: Length of a text in the channel's own unit, characters or bytes; additive.
    """
    return tuple(_packed(_pieces(text, limit, measure), limit, measure))


def _pieces(text: str, limit: int, measure: Callable[[str], int]) -> Iterable[tuple[str, str]]:
    """Yield (glue, piece), where every piece fits and the glue joins it to the one before."""
    for paragraph in text.split(_BORDER):
        if measure(paragraph) <= limit:
            yield _BORDER, paragraph
            continue
        glue = _BORDER
        for line in paragraph.split("\n"):
            for chunk in _chunks(line, limit, measure):
                yield glue, chunk
                glue = "\n"


def _chunks(line: str, limit: int, measure: Callable[[str], int]) -> Iterable[str]:
    while measure(line) > limit:
        size = limit
        while measure(line[:size]) > limit:
            size = max(1, size * limit // measure(line[:size]))
        yield line[:size]
        line = line[size:]
    yield line


def _packed(pieces: Iterable[tuple[str, str]], limit: int, measure: Callable[[str], int]) -> Iterable[str]:
    part = ""
    for glue, piece in pieces:
        joined = f"{part}{glue}{piece}" if part else piece
        if measure(joined) <= limit:
            part = joined
            continue
        if part.strip():
            yield part.strip("\n")
        part = piece
    if part.strip():
        yield part.strip("\n")


def split_mrkdwn(markup: str, limit: int) -> tuple[str, ...]:
    """Split Slack markup into parts that fit, at empty lines, else at line ends.

    A single line that does not fit is shortened to its last whole word, with links and entities kept whole, and `…`
    put in place of the rest; the templates bound their lines so that this takes a title of ampersands to happen.
    """
    lines = (clip_mrkdwn(line, limit) for line in markup.split("\n"))
    return split_text("\n".join(lines), limit)


def clip_mrkdwn(line: str, limit: int) -> str:
    """Return a line of Slack markup of at most `limit` characters, cut neither inside a link nor an entity."""
    if len(line) <= limit:
        return line
    kept = line[: limit - 1]
    return _LOOSE_END.sub("", kept).rstrip() + "…"
