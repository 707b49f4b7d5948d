"""Conjugates the English verbs of the glossary: `issue` to `issues` and `issuing`. Pure; knows no irregular past."""

from __future__ import annotations

from enum import StrEnum

_FIXED = frozenset({"will", "may", "must", "should", "can", "is", "around", "for", "resolutely", "in"})
"""Words of the glossary that stay as they are."""
_ADVERBS = frozenset({"further", "well", "no", "not", "first", "longer"})
_DOUBLED = frozenset(
    {
        "run",
        "set",
        "plan",
        "cut",
        "ban",
        "tap",
        "stop",
        "put",
        "get",
        "shut",
        "submit",
        "permit",
        "let",
        "underpin",
        "win",
    }
)
"""Verbs that double their last letter before -ing."""
_THIRD = {"be": "is", "have": "has", "do": "does", "go": "goes"}


_DONE = {
    "issue": "issued", "jointly issue": "jointly issued", "formally issue": "formally issued", "publish": "published",
    "launch": "launched", "set up": "set up", "draw up": "drawn up", "adopt": "adopted", "pass": "passed",
    "promulgate": "promulgated", "gazette": "gazetted", "repeal": "repealed", "approve": "approved", "sign": "signed",
    "complete": "completed", "establish": "established", "form": "formed", "amend": "amended", "abolish": "abolished",
}  # fmt: skip
"""Verbs that headlines put behind what it is done to: 标准发布."""


class VerbForm(StrEnum):
    """Forms that a gloss needs."""

    BASE = "base"
    """As after `to` and `will`."""
    THIRD = "third"
    """After a subject: `Shanghai issues`."""
    GERUND = "gerund"
    """After `on` and `for`: `notice on issuing`."""


def conjugate(verb: str, form: VerbForm) -> str:
    """Return a verb with its particles in a form; adverbs before it stay, and so do modal verbs.

    Args:
        verb: In its plain form: `issue`, `further strengthen`, `build and operate`, `be selected for`.
        form: Wanted.
    """
    words = verb.split(" ")
    if form is VerbForm.BASE or words[0] in _FIXED:
        return verb
    at = next((index for index, word in enumerate(words) if not _is_adverb(word)), 0)
    places = [at, *(index + 1 for index, word in enumerate(words) if word == "and" and index + 1 < len(words))]
    for place in places:
        words[place] = _third(words[place]) if form is VerbForm.THIRD else _gerund(words[place])
    return " ".join(words)


def passive(verb: str, *, is_plural: bool) -> str:
    """Return `is issued` or `are issued` of a verb that can follow its object; empty for other verbs."""
    done = _DONE.get(verb, "")
    return done and f"{'are' if is_plural else 'is'} {done}"


def takes_base(verb: str) -> bool:
    """Tell whether the verb after this one is in its plain form: after `will`, `must`, `plan to`."""
    return verb.split(" ", 1)[0] in {"will", "may", "must", "should", "can"} or verb.endswith(" to")


def _is_adverb(word: str) -> bool:
    return word in _ADVERBS or (word.endswith("ly") and word not in {"apply", "supply", "rely"})


def _third(word: str) -> str:
    if word in _THIRD:
        return _THIRD[word]
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "sh", "ch", "x", "z")) else f"{word}s"


def _gerund(word: str) -> str:
    if word in _DOUBLED:
        return f"{word}{word[-1]}ing"
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")) and word != "be":
        return f"{word[:-1]}ing"
    return f"{word}ing"
