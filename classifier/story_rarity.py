"""How much it tells that two items share a concept, a word or a name: the rarer, the more. From our own items."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "story_rarity.json"


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of a number of items things were seen; what is not listed was seen in hardly any."""

    items: int
    concepts: Mapping[str, int]
    words: Mapping[str, int]
    """Pieces of two Chinese characters, and English stems."""

    figures: Mapping[str, int]
    meanings: Mapping[str, int] = field(default_factory=dict)
    """As `classifier.story_bridge` calls them."""

    def of_concept(self, concept_id: str) -> float:
        """Return the self-information of a concept, as a share of the greatest there is: above 0, at most 1."""
        return self._share(self.concepts.get(concept_id, 0))

    def of_word(self, word: str) -> float:
        """Return the same of a word or piece."""
        return self._share(self.words.get(word, 0))

    def of_meaning(self, meaning: str) -> float:
        """Return the same of a meaning."""
        return self._share(self.meanings.get(meaning, 0))

    def of_figure(self, figure: str) -> float:
        """Return the same of a figure."""
        return self._share(self.figures.get(figure, 0))

    def _share(self, seen: int) -> float:
        return max(0.02, math.log(self.items / (seen + 1)) / math.log(self.items))


@cache
def shipped_rarity() -> Rarity:
    """Return what was counted over the items that the weights were fitted to."""
    raw = json.loads(resources.files("classifier").joinpath(FILE).read_text(encoding="utf-8"))
    return Rarity(raw["items"], raw["concepts"], raw["words"], raw["figures"], raw["meanings"])
