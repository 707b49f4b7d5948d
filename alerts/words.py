"""Our own words in the languages that messages are told in; reads the catalogue of this package, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("en", "zh")
"""Languages of the catalogue, in the order of its columns."""
_CATALOGUE = files("alerts") / "catalogue"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: str
    """Of `LANGUAGES`."""
    phrases: Mapping[str, Mapping[str, str]]
    """Section → key → phrase."""

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its places filled.

        Args:
            key: Of the section `say`.
            values: By name; where there is an `n`, it chooses between `one|many`.

        Raises:
            KeyError: The catalogue has no such phrase, or a place of it was left open.
        """
        phrase = self.phrases["say"][key]
        one, _, many = phrase.partition("|")
        chosen = one if not many or values.get("n") == 1 else many
        return chosen.format(**values)

    def name(self, section: str, code: str) -> str:
        """Return what a code is called in a section such as `topics`, `acts`, `stages`; unknown codes stay codes."""
        return self.phrases[section].get(code, code)

    def place(self, code: str) -> str:
        """Return a jurisdiction in words; of an unknown part of a known whole, both: `Shanghai (cn-sh-pd)`."""
        known = self.phrases["places"]
        if code in known:
            return known[code]
        whole = code.rpartition("-")[0]
        while whole and whole not in known:
            whole = whole.rpartition("-")[0]
        return self.say("named", name=known[whole], other=code) if whole else code

    @property
    def comma(self) -> str:
        """What stands between the members of a list."""
        return "、" if self.language == "zh" else ", "

    @property
    def gap(self) -> str:
        """What stands between the words of a phrase."""
        return "" if self.language == "zh" else " "


def words_for(language: str) -> Words:
    """Return the words of a language; English for one that the catalogue does not have."""
    base = language.split("-", maxsplit=1)[0].lower()
    return _words()[base if base in LANGUAGES else "en"]


@cache
def _words() -> Mapping[str, Words]:
    sections: dict[str, dict[str, list[Any]]] = yaml.safe_load((_CATALOGUE / "words.yaml").read_text("utf-8"))
    sections["places"] = yaml.safe_load((_CATALOGUE / "places.yaml").read_text("utf-8"))
    return {
        language: Words(
            language,
            {
                section: {str(key): str(phrases[column]) for key, phrases in entries.items()}
                for section, entries in sections.items()
            },
        )
        for column, language in enumerate(LANGUAGES)
    }
