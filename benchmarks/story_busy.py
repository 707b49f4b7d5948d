"""How well items are put into stories in a busy fortnight: written items of several years moved into the same days.

    python -m benchmarks.story_busy FILE.jsonl ... [--background FILE.jsonl ...] [--days 14] [--seed 1]

Each labelled event is moved by whole days together with those that it is related to, so that a final form stays as far
from its draft as it was, and the first begins within the days asked for. Days named in texts stay, so that they help
less than in life: it is a hard set, to see how joins hold when there is much to be confused with. Only items of the
FILEs are scored; those of the background, by default the items written for the classifier, are there to confuse.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.story_pairs import shipped
from hongtou.evaluating_relations import read_related
from hongtou.evaluating_stories import measure_stories
from hongtou.evaluation import read_labelled
from hongtou.linking_files import link, read_arrivals
from hongtou.logs import configure_logging

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from benchmarks.story_pairs import Linker
    from hongtou.evaluating_relations import Related
    from hongtou.evaluation import LabelledItem

ROOT = Path(__file__).parents[1]
BACKGROUND = tuple(sorted((ROOT / "classifier" / "training").glob("*.jsonl")))
FIRST = datetime(2024, 6, 1, tzinfo=UTC)


def read_set(files: Iterable[Path]) -> tuple[list[LabelledItem], Related]:
    """Return the dated items of files, and what their stories are related to, all names made different by file."""
    items: list[LabelledItem] = []
    related: dict[str, Any] = {}
    for file in files:
        lines, mark = file.read_text(encoding="utf-8").splitlines(), f"{file.stem}/"
        items += [
            replace(item, id=mark + item.id, story=item.story and mark + item.story)
            for item in read_labelled(lines, name=str(file))
            if item.published_at
        ]
        told = read_related(lines, name=str(file))
        related |= {mark + one: tuple((mark + story, how) for story, how in ties) for one, ties in told.items()}
    return items, related


def crowd(items: Sequence[LabelledItem], related: Related, *, days: int, seed: int) -> list[LabelledItem]:
    """Move affairs, events and what they are related to, so that each begins within the same days."""
    random = Random(seed)  # noqa: S311 - no secret: the set must be the same again
    affairs = affairs_of(items, related)
    moved: dict[str, timedelta] = {}
    for item in sorted(items, key=lambda one: one.published_at or FIRST):
        day = FIRST.date() + timedelta(days=random.randrange(days))
        moved.setdefault(affairs[item.id], day - (item.published_at or FIRST).date())
    return [replace(item, published_at=(item.published_at or FIRST) + moved[affairs[item.id]]) for item in items]


def affairs_of(items: Sequence[LabelledItem], related: Related) -> Mapping[str, str]:
    """Return the name of each item's affair, by item: one for all events that are related, however far along."""
    events = {item.id: item.story or item.id for item in items}
    leads = {event: event for event in events.values()}

    def find(event: str) -> str:
        while leads[event] != event:
            event = leads[event]
        return event

    for item_id, ties in related.items():
        for story, _ in ties:
            if story in leads and item_id in events:
                leads[find(events[item_id])] = find(story)
    return {item_id: find(event) for item_id, event in events.items()}


def measure(
    files: Sequence[Path], background: Sequence[Path], linker: Linker, *, days: int, seed: int
) -> Mapping[str, Any]:
    """Return the figures of the files' items."""
    items, related = read_set(files)
    others, _ = read_set(background)
    arrivals = read_arrivals(
        crowd([*items, *others], related, days=days, seed=seed),
        linker.classifier,
        copies=linker.copies,
        stories=linker.stories,
    )
    linked = link(arrivals, linker.stories)
    scored = {item.id for item in items}
    kept = replace(linked, stories={one: story for one, story in linked.stories.items() if one in scored})
    known = set(kept.stories.values())
    kept = replace(kept, ties=tuple(tie for tie in kept.ties if {tie.later, tie.earlier} <= known))
    told = measure_stories([one.item for one in arrivals if one.item.id in scored], kept, related=related).to_json()
    return {"items": len(items), "background": len(others), **told}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--background", type=Path, nargs="*", default=BACKGROUND)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    configure_logging("warning", "console")
    told = measure(options.files, options.background, shipped(), days=options.days, seed=options.seed)
    short = {name: value for name, value in told.items() if name not in ("wrong", "missed", "order")}
    json.dump(short, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
