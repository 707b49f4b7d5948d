"""Words, meanings and the bridge between the languages."""

from __future__ import annotations

from classifier.story_rarity import Rarity, shipped_rarity
from classifier.story_words import Bridge, hashed, pieces, shipped_words, stem, weigh_words

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
    weighed = weigh_words([(["seldom", "common"], 1.0), (["seldom", "never"], 0.5)], RARITY, most=2)
    assert weighed == {hashed("seldom"): RARITY.of_word("seldom") ** 2, hashed("never"): 0.5}
    assert list(weigh_words([(["seldom", "never"], 1.0)], RARITY, most=1)) == [hashed("never")]


def test_the_bridge_leads_from_chinese_to_english() -> None:
    """Words of both languages have a stem in common, the longest Chinese word first."""
    bridge = Bridge()
    assert set(bridge.stems("法院判决")) & set(bridge.stems("a court ruling"))
    assert set(bridge.stems("火箭首飞失利")) & set(bridge.stems("rocket fails on maiden flight"))
    assert list(bridge.stems("zzyzx")) == []
    assert list(bridge.names("币安与欧易")) == ["binance", "okx"]


def test_the_shipped_tables_are_sound() -> None:
    """Names are single English words in small letters, and every word has an English one."""
    shipped = shipped_words()
    assert all(name.isascii() and name.isalnum() and name.islower() for name in shipped["names"].values())
    assert all(len(word) > 1 for part in shipped.values() for word in part)
    assert all(list(Bridge().stems(word)) for word in list(shipped["words"])[:40])
    assert shipped_rarity().items > 1000
