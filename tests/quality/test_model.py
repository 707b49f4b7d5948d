"""The shipped model belongs to the shipped training items, lexicon and features."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from classifier.model_file import load_model
from hongtou.evaluation import read_labelled
from hongtou.training import read_training, stale_parts

if TYPE_CHECKING:
    from core.lexicon import Lexicon

ROOT = Path(__file__).parents[2]


def test_the_model_is_up_to_date(lexicon: Lexicon) -> None:
    """Who changes items, lexicon or features fits the model anew, with `hongtou train`."""
    items = read_training(ROOT / "classifier" / "training")
    assert stale_parts(load_model(), items, lexicon.version) == ()


def test_training_items_are_sound() -> None:
    """There are 1,500 and more, each id once, and no item that measures is among them."""
    items = read_training(ROOT / "classifier" / "training")
    assert len(items) >= 1_500
    assert len({item.id for item in items}) == len(items)
    titles = {(item.title, item.text) for item in items}
    for path in sorted((ROOT / "tests" / "data" / "eval").glob("*.jsonl")):
        for item in read_labelled(path.read_text(encoding="utf-8").splitlines(), name=path.name):
            assert (item.title, item.text) not in titles, item.title
