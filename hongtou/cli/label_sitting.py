"""The conversation of `hongtou label`: shows one item at a time and reads one key."""

from __future__ import annotations

import re
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol

from rich.text import Text

from core.classification import TOPICS
from hongtou.cli.keyboard import LEAVE
from hongtou.labelling import unknown_topics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from core.item import Item
    from core.labels import Label
    from core.source import Source, SourceId
    from hongtou.labelling import Sitting

_LEAD = 600
"""Characters of the text that are shown: what a reader sees of an article before scrolling."""
_KNOWN = frozenset("yntsuq")
_KEYS = "y yes · n no · t topics of the last yes · s skip · u undo · q quit"


class Keys(Protocol):
    """What the user presses and types."""

    def key(self) -> str:
        """Wait for a key and return it in lower case; empty for one that is no letter."""
        ...

    def line(self, console: Console, prompt: Text) -> str:
        """Ask for a line."""
        ...


def sit(sitting: Sitting, console: Console, keys: Keys, *, sources: Mapping[SourceId, Source], show: bool) -> None:
    """Ask until there is nothing left to ask, or the user leaves.

    Args:
        sitting: The questions.
        console: Where to show them.
        keys: The user's answers.
        sources: Known sources, for their names.
        show: Whether the classifier's view is shown before the answer; else after it, so that it sways nobody.

    Raises:
        StorageError: The last answer could not be stored; all before it are.
    """
    # Ctrl-C counts as leaving also where it comes while nothing is read.
    with suppress(KeyboardInterrupt):
        while (item := sitting.question()) is not None:
            _ask(sitting, item, console, source=sources.get(item.source_id), show=show)
            pressed = keys.key()
            while pressed not in _KNOWN:
                console.print(_KEYS, style="dim", markup=False)
                pressed = keys.key()
            if pressed == LEAVE:
                break
            _act(sitting, item, console, keys, pressed=pressed, show=show)
    left = sitting.total - sitting.position
    console.print(f"{sitting.answered} labels stored{f', {left} questions left' if left > 0 else ''}.", markup=False)


def _act(sitting: Sitting, item: Item, console: Console, keys: Keys, *, pressed: str, show: bool) -> None:
    if pressed in ("y", "n"):
        topics = _ask_topics(console, keys, _suggested(item)) if pressed == "y" else ()
        _confirm(sitting.answer(item, relevant=pressed == "y", topics=topics), item, console, show=show)
    elif pressed == "s":
        sitting.skip()
    elif pressed == "u":
        if not sitting.undo():
            console.print("This is the first question.", style="dim")
    else:
        _correct_topics(sitting, console, keys)


def _ask(sitting: Sitting, item: Item, console: Console, *, source: Source | None, show: bool) -> None:
    console.rule(Text(f"{sitting.position + 1} of {sitting.total}, {sitting.answered} labelled"))
    console.print(Text(item.title, style="bold"))
    if gloss := item.classification.gloss if item.classification else "":
        console.print(Text(gloss, style="italic"))
    name = f"{source.name} ({item.source_id})" if source else item.source_id
    console.print(Text(f"{name} · {item.published.at:%Y-%m-%d} · {item.url or 'no address'}", style="dim"))
    console.print(Text(lead_of(item)))
    if show:
        console.print(_view(item))
    console.print(Text(_KEYS, style="dim"))


def lead_of(item: Item) -> str:
    """Return the opening of an item's text, cut where a sentence or line ends if there is one late enough."""
    text = (item.text or item.summary).strip()
    if len(text) <= _LEAD:
        return text
    head = text[:_LEAD]
    ends = [match.end() for match in re.finditer(r"[。！？\n]|[.!?](?=\s)", head)]
    return f"{head[: ends[-1]] if ends and ends[-1] > _LEAD // 2 else head} …"


def _view(item: Item) -> Text:
    judged = item.classification
    if judged is None:
        return Text("The classifier has not judged it.", style="dim")
    verdict = "flagged" if judged.relevant else "not flagged"
    return Text(f"The classifier: {verdict}, {judged.score:.2f}. {judged.reason}", style="dim")


def _confirm(label: Label, item: Item, console: Console, *, show: bool) -> None:
    topics = f" ({', '.join(label.topics)})" if label.topics else ""
    console.print(Text(f"{'yes' if label.relevant else 'no'}{topics}", style="green" if label.relevant else "yellow"))
    if not show:
        console.print(_view(item))


def _suggested(item: Item) -> tuple[str, ...]:
    return item.classification.topics if item.classification else ()


def _correct_topics(sitting: Sitting, console: Console, keys: Keys) -> None:
    last = sitting.last()
    if last is None or not last.relevant:
        console.print("The last answer was no yes.", style="dim")
        return
    sitting.retopic(_ask_topics(console, keys, last.topics))


def _ask_topics(console: Console, keys: Keys, suggested: Sequence[str]) -> tuple[str, ...]:
    """Ask for topics until all are known: Enter keeps the suggested ones, `-` names none."""
    while True:
        said = keys.line(console, Text(f"topics [{', '.join(suggested) or 'none'}]: ")).strip().lower()
        if not said:
            return tuple(suggested)
        named = () if said == "-" else tuple(re.findall(r"[^,\s]+", said))
        unknown = unknown_topics(named)
        if not unknown:
            return named
        near = get_close_matches(unknown[0], TOPICS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"use {', '.join(TOPICS)}"
        console.print(Text(f"{unknown[0]} is no topic; {hint}", style="red"))
