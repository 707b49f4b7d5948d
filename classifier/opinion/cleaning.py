"""Makes other people's words safe to show to a model, and a model's words safe to show to people. Pure."""

from __future__ import annotations

import re
import unicodedata

_CHAT_MARKS = re.compile(r"\[(/?(?:INST|SYS|SYSTEM|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS))\]", re.IGNORECASE)
"""Turn markers in brackets, which some servers read as such also within a message."""
_ANGLES = str.maketrans({"<": "‹", ">": "›"})
"""Every other turn marker (`<|im_start|>`, `<start_of_turn>`, `</s>`) needs an angle bracket; titles use 《》."""
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}://|www\.)\S+"
    r"|\b(?:[a-z0-9-]{1,63}\.){1,5}(?:com|net|org|io|cc|co|xyz|top|info|app|dev|me|ru|cn|hk|link|site|online)\b(?:/\S*)?",
    re.IGNORECASE,
)
"""Addresses, also bare ones with the endings that mail and chat programs make links of."""
_READ_AHEAD = 4
"""Raw characters looked at for each one that is kept: a page of megabytes of invisible characters ends here."""


def clean_text(text: str, limit: int) -> str:
    """Return a page's text without invisible characters and turn markers, clipped.

    Args:
        text: Any text.
        limit: Longest result in characters; a clipped one ends in `…`.
    """
    kept = "".join(_plain(character) for character in text[: limit * _READ_AHEAD])
    lines = (" ".join(line.split()) for line in kept.split("\n"))
    words = "\n".join(line for line in lines if line)
    return _clip(_CHAT_MARKS.sub(r"(\1)", words).translate(_ANGLES), limit)


def clean_line(text: str, limit: int) -> str:
    """Return text on one line, cleaned like a page's."""
    return " ".join(clean_text(text, limit).split())


def clean_answer(text: str, limit: int) -> str:
    """Return a model's words on one line, without addresses: a page may have talked it into advertising one."""
    return _clip(_ADDRESS.sub("[address removed]", clean_line(text, limit * 2)), limit)


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _plain(character: str) -> str:
    """Return a character, a line break or space in place of a control character, or nothing for an invisible one."""
    category = unicodedata.category(character)
    if category in ("Zl", "Zp") or character in "\n\r\x0b\x0c\x85":
        return "\n"
    if category == "Cc":
        return " "
    return "" if category[0] == "C" else character
