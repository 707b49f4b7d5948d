"""Counts in how many of our own items concepts and words stand, for `classifier/story_rarity.json`.

Usage: `python -m benchmarks.count_rarity`. Items of one event count once for a word, however many tell it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime

from benchmarks.fit_stories import ROOT, STORIES, TRAINING
from classifier.folding import fold
from classifier.matching import LexiconMatcher
from classifier.story_bridge import Bridge
from classifier.story_figures import find_figures
from classifier.story_rarity import FILE
from classifier.story_words import pieces
from config.lexicon import load_lexicon

_LEAST = {"concepts": 2, "words": 4, "figures": 2, "meanings": 2}
"""Events below which a thing is as rare as one that was never seen."""


def main() -> None:
    """Count and write."""
    matcher, bridge = LexiconMatcher(load_lexicon()), Bridge()
    files = [file.read_text(encoding="utf-8") for file in (*TRAINING, *STORIES)]
    rows = [json.loads(line) for text in files for line in text.splitlines()]
    events: dict[str, dict[str, set[str]]] = {
        "concepts": defaultdict(set),
        "words": defaultdict(set),
        "figures": defaultdict(set),
        "meanings": defaultdict(set),
    }
    for row in rows:
        event = row.get("story") or row["id"]
        text = f"{row['title']}\n{row.get('body') or ''}"
        for hit in matcher.find(text):
            events["concepts"][hit.concept.id].add(event)
        day = datetime.fromisoformat(row["published"]).date()
        for figure in find_figures(fold(text), day).figures:
            events["figures"][figure].add(event)
        for word in pieces(fold(text[:1500])):
            events["words"][word].add(event)
        for meaning in bridge.meanings(fold(text[:1500]), text[:1500]):
            events["meanings"][meaning].add(event)
    number = len({row.get("story") or row["id"] for row in rows})
    counts = {
        sort: {name: len(seen) for name, seen in sorted(found.items()) if len(seen) >= _LEAST[sort]}
        for sort, found in events.items()
    }
    text = json.dumps({"items": number, **counts}, ensure_ascii=False, indent=0, separators=(",", ":"))
    (ROOT / "classifier" / FILE).write_text(text + "\n", encoding="utf-8")
    print(
        f"{number} events, {len(counts['concepts'])} concepts, {len(counts['words'])} words, "
        f"{len(counts['meanings'])} meanings"
    )


if __name__ == "__main__":
    main()
