"""Words by how rare they are."""

from __future__ import annotations

from classifier.story_rarity import Rarity
from classifier.story_words import hashed, pieces, stem, weigh_words

RARITY = Rarity(items=100, concepts={"tech.ai": 60}, words={"common": 99, "seldom": 9}, figures={"money 1e+08": 50})


def test_rare_things_tell_more() -> None:
    """What stands in every item tells nearly nothing, what was never seen tells most."""
    assert RARITY.of_word("common") < RARITY.of_word("seldom") < RARITY.of_word("never") == 1
    assert 0 < RARITY.of_concept("tech.ai") < 1
    assert 0 < RARITY.of_figure("money 1e+08") < RARITY.of_figure("money 1.23e+08")


def test_forms_of_a_word_have_one_stem() -> None:
    """Endings do not count."""
    assert len({stem(word) for word in ("regulate", "regulates", "regulation", "regulator", "regulatory")}) == 1
    assert stem("chips") == stem("chip")
    assert stem("loss") == "loss"


def test_pieces_are_pairs_of_characters_and_stems() -> None:
    """Pairs with a character that means nothing are left out."""
    assert list(pieces("算力的券 for chips")) == ["算力", "for", "chip"]


def test_words_of_the_weightiest_zone_count() -> None:
    """A word weighs as in the zone that was given first; the common and the least are left out."""
    weighed = weigh_words([(["seldom", "common"], 1.0), (["seldom", "never"], 0.5)], RARITY.of_word, most=2)
    assert weighed == {hashed("seldom"): RARITY.of_word("seldom") ** 2, hashed("never"): 0.5}
    assert list(weigh_words([(["seldom", "never"], 1.0)], RARITY.of_word, most=1)) == [hashed("never")]
