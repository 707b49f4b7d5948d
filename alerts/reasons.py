"""Says in a reader's language why an item was flagged and which route wanted it. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alerts.matcher import EVERYTHING
from alerts.wording import one_line
from alerts.words import words_for

if TYPE_CHECKING:
    from alerts.words import Words
    from core.classification import Classification

_CONDITION = re.compile(r"(?P<name>[a-z]+) (?P<values>.+)")
_LEAST = re.compile(r"(?P<score>[\d.]+) of at least (?P<least>[\d.]+)")
_SECTIONS = {"topic": "topics", "act": "acts", "stage": "stages", "language": "languages"}


def reason_in(words: Words, judged: Classification) -> str:
    """Return why an item counts: the classifier's English sentence, or the same facts in Chinese."""
    if words.language == "en":
        return one_line(judged.reason, 500)
    topics = words.comma.join(words.name("topics", topic) for topic in judged.topics)
    place = words.place(one_line(judged.jurisdiction, 40)) if judged.jurisdiction else ""
    act = "" if judged.act == "none" else words.name("acts", judged.act)
    about = words.say("evidence", text=topics) if topics else ""
    return "，".join(part for part in (f"{place}{act}", about) if part)


def route_reason_in(words: Words, reason: str) -> str:
    """Return which conditions of a route were met, in the reader's language as far as they are known ones.

    Args:
        words: Of the language.
        reason: As the matcher says it: `topic metaverse; jurisdiction cn-sh`.
    """
    if words.language == "en":
        return reason
    if reason == EVERYTHING:
        return words.say("every-item")
    return "；".join(_condition(words, part) for part in reason.split("; ") if part)


def _condition(words: Words, part: str) -> str:
    match = _CONDITION.fullmatch(part)
    if match is None or match["name"] not in words.phrases["conditions"]:
        return part
    section = _SECTIONS.get(match["name"])
    values = match["values"].split(", ")
    if least := _LEAST.fullmatch(match["values"]):
        values = [words.say("at-least", **least.groupdict())]
    elif section:
        values = [words.name(section, value) for value in values]
    elif match["name"] == "jurisdiction":
        values = [words.place(value) for value in values]
    return f"{words.name('conditions', match['name'])} {words.comma.join(values)}"


def made_because(words: Words, why: str) -> str:
    """Return why a digest was made, in the reader's language as far as it is a known reason.

    Args:
        words: Of the language.
        why: As the pacing says it: `11 came during quiet hours; 2 came together`; empty for nothing.
    """
    line = one_line(why, 300)
    if words.language == "en":
        return line
    known = {words_for("en").name("holds", hold): told for hold, told in words.phrases["holds"].items()}
    parts = [part.partition(" ") for part in line.split("; ")]
    told = [
        f"{number}{known[reason]}" if reason in known else f"{number}{gap}{reason}" for number, gap, reason in parts
    ]
    return "；".join(told)
