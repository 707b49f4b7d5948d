"""What the rehearsal's sites publish, and when."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.classification import ACTS, TOPICS
from core.documents import find_document_titles
from core.hashing import content_hash
from core.language import detect_language
from hongtou.rehearsal.timeline import FAULTS, SITES, STEPS, pieces, pieces_at

if TYPE_CHECKING:
    from datetime import datetime

    from hongtou.rehearsal.timeline import Piece

BY_KEY = {piece.key: piece for piece in pieces()}


def test_there_are_about_forty_items_and_half_are_noise() -> None:
    """The timeline is long enough to hide what matters in."""
    relevant = [piece for piece in pieces() if piece.expect]
    assert 40 <= len(pieces()) <= 55
    assert 15 <= len(relevant) <= len(pieces()) / 2


def test_keys_are_unique() -> None:
    """Each piece can be named."""
    assert len(BY_KEY) == len(pieces())


@pytest.mark.parametrize("site", SITES)
def test_every_site_has_a_baseline_and_news(site: str) -> None:
    """Each site has an old piece at the first poll, and new ones later."""
    own = [piece for piece in pieces() if piece.site == site]
    assert any(piece.is_baseline for piece in own)
    assert {piece.step for piece in own} > {0}


def test_the_last_step_is_quiet() -> None:
    """Nothing happens at the last step, so that a run can end on it."""
    assert all(piece.step < STEPS - 1 for piece in pieces())
    assert all(step < STEPS - 1 for _, step in FAULTS)


def test_a_challenged_site_has_told_everything_before() -> None:
    """No piece depends on a crawler coming back to a site that told it to stay away."""
    first = min(step for (site, step), fault in FAULTS.items() if fault == "challenge")
    assert all(piece.step < first for piece in pieces() if piece.site == "council")


def test_news_appears_during_the_outage() -> None:
    """The outage hides a piece that must be told after it."""
    down = {(site, step) for (site, step), fault in FAULTS.items() if fault != "challenge"}
    assert any((piece.site, piece.step) in down and piece.expect for piece in pieces())


@pytest.mark.parametrize("piece", [piece for piece in pieces() if piece.expect], ids=lambda piece: piece.key)
def test_expectations_use_the_words_of_core(piece: Piece) -> None:
    """Topics, acts and twins named by the oracle exist."""
    assert piece.expect is not None
    assert piece.expect.topics
    assert piece.expect.topics <= set(TOPICS)
    assert piece.expect.act in {*ACTS, "any"}
    for twin in filter(None, (piece.expect.copy_of, piece.expect.edit_of)):
        other = BY_KEY[twin].expect
        assert other is not None
        assert other.story == piece.expect.story


def test_the_seed_is_told_in_two_languages_and_names_both_documents() -> None:
    """The story it all began with is told by five sites, and the English one names plan and paper."""
    told = [piece for piece in pieces() if piece.expect and piece.expect.story == "sh-manufacturing"]
    assert len({piece.site for piece in told}) == 5
    assert {detect_language(piece.title) for piece in told} == {"zh", "en"}
    assert find_document_titles("\n".join(BY_KEY["ledger-shanghai"].paragraphs)) == (
        "Three-Year Action Plan for Promoting High-Quality Development of Manufacturing (2023-2025)",
        "Metaverse Key Technology R&D Plan (2023-2025)",
    )


def test_a_copy_is_word_for_word_and_an_edit_is_not() -> None:
    """The copy has the content hash of its original; the edited report repeats paragraphs, not all of it."""
    hashes = {key: content_hash(piece.title, "\n".join(piece.paragraphs)) for key, piece in BY_KEY.items()}
    assert hashes["kechuang-plan-copy"] == hashes["shanghai-manufacturing"]
    edit, original = BY_KEY["kechuang-plan-rewrite"], BY_KEY["lianwen-manufacturing"]
    assert hashes[edit.key] != hashes[original.key]
    assert len(set(edit.paragraphs) & set(original.paragraphs)) == len(original.paragraphs) - 1


def test_only_copies_share_their_words() -> None:
    """No other two pieces have the same content."""
    counts = Counter(content_hash(piece.title, "\n".join(piece.paragraphs)) for piece in pieces())
    assert sorted(counts.values())[-2:] == [1, 2]


def test_an_edit_changes_title_and_text_from_its_step_on() -> None:
    """The edited piece has its old words before the step and its new ones from it on."""
    piece = BY_KEY["lianwen-beijing"]
    assert piece.edit is not None
    assert piece.at(piece.edit.step - 1) == piece
    assert piece.at(piece.edit.step).title == piece.edit.title != piece.title
    assert piece.at(piece.edit.step).paragraphs != piece.paragraphs


def test_lists_grow_and_are_newest_first(now: datetime) -> None:
    """A step keeps what was there and puts what is new on top."""
    for site in SITES:
        for step in range(1, STEPS):
            before = {piece.key for piece in pieces_at(site, step - 1)}
            listed = pieces_at(site, step)
            assert before <= {piece.key for piece in listed}
            assert [piece.step for piece in listed] == sorted((piece.step for piece in listed), reverse=True)
            times = [piece.published(now) for piece in listed]
            assert times == sorted(times, reverse=True)


def test_dates_are_in_the_past_in_chinas_zone(now: datetime) -> None:
    """Every piece says it was published before the rehearsal began."""
    for piece in pieces():
        assert piece.published(now) < now
        assert piece.published(now).utcoffset() == timedelta(hours=8)
