"""Tests of shingles and hashes of pieces."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.shingles import HAN_SIZE, LATIN_SIZE, canonical, hash_pieces, shingle

words = st.text(alphabet="区块链產業ab12。，, .\n-　Ａ", max_size=60)


def test_spelling_does_not_count() -> None:
    """Script, width, case, punctuation and white space fold away."""
    one = "數字人民幣 App 2.0，上線！"
    assert canonical(one).tolist() == canonical("数字人民币ＡＰＰ20上线").tolist()


def test_a_text_has_a_shingle_for_every_place() -> None:
    """Chinese pieces have five characters, Latin ones nine; a shorter text has none."""
    assert len(shingle(canonical("一二三四五六七"))) == 7 - HAN_SIZE + 1
    assert len(shingle(canonical("abcdefghijk"))) == 11 - LATIN_SIZE + 1
    assert len(shingle(canonical("一二三四"))) == 0
    assert len(shingle(canonical(""))) == 0


def test_a_few_foreign_words_do_not_change_the_language() -> None:
    """Names in Latin letters leave a Chinese text Chinese."""
    assert len(shingle(canonical("工信部Openai"))) == 9 - HAN_SIZE + 1


@given(words, words)
def test_shingles_of_a_part_are_shingles_of_the_whole(one: str, other: str) -> None:
    """What stands in a Chinese text keeps its hashes when the text goes on in Chinese."""
    whole, part = f"算力产业发展{one}工业和信息化部印发通知", "工业和信息化部印发通知"
    chinese = "".join(character for character in whole + other if not character.isascii())
    assert np.isin(shingle(canonical(part)), shingle(canonical(chinese))).all()


@given(words, words, words)
def test_a_piece_has_the_same_hash_wherever_it_stands(before: str, piece: str, after: str) -> None:
    """Hashes of lines depend on their own letters only."""
    line = piece.replace("\n", "")
    hashes = hash_pieces(f"{before}\n{line}\n{after}", "\n", least=1)
    assert set(hash_pieces(line, "\n", least=1)) <= set(hashes)


@given(st.lists(st.text(alphabet="ab1", max_size=3), max_size=8))
def test_pieces_are_equal_when_their_letters_are(pieces: list[str]) -> None:
    """Every piece with enough letters has a hash, in order, equal for equal letters and different for others."""
    kept = [piece for piece in pieces if len(piece) >= 2]
    hashes = hash_pieces("；".join(pieces), "；", least=2)
    assert len(hashes) == len(kept)
    assert all((one == other) == (hashes[i] == hashes[j]) for i, one in enumerate(kept) for j, other in enumerate(kept))


def test_a_full_stop_ends_a_piece_before_a_space_only() -> None:
    """Numbers and abbreviations stay whole."""
    assert len(hash_pieces("Web3.0 came. It stayed. v1.2", ".", least=1)) == 3
    assert len(hash_pieces("Web3.0 came. It stayed.", "x", least=1)) == 1


def test_salt_makes_other_hashes() -> None:
    """The same line of two sources is two lines."""
    assert hash_pieces("abc", "\n", least=1, salt=1) != hash_pieces("abc", "\n", least=1, salt=2)


@given(st.text(max_size=200))
def test_any_text_can_be_cut(text: str) -> None:
    """No text breaks it, also with half surrogate pairs and characters beyond the tables."""
    assert len(shingle(canonical(text))) <= len(text)
    assert all(-(1 << 63) <= value < 1 << 63 for value in hash_pieces(text, "。.\n", least=1))
