"""Tests of measuring stories on tables of titles, with tables of our own and a linker whose answers are known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.story_pairs import Linker, day_in, measure
from classifier.fingerprints import ShingleFingerprinter
from core.stories import LinkDecision, Relation
from core.story_traits import StoryMarks, StoryTraits
from hongtou.copies import CopyFinder
from hongtou.story_finding import StoryFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from core.classification import Classification, Document
    from core.story_traits import StoryCandidate, Telling

REPRINTS = """\
group,relation,url,title,text_head
same00,same_document,https://www.haizhou.gov.cn/2024/08-16/1.html,甲办法,
same00,same_document,https://press.example/20240817/2.html,甲办法...,
same01,same_document,https://press.example/3.html,乙名单,
same01,same_document,https://press.example/20240817/4.html,丙名单,
diff00,different_document_similar_title,https://press.example/20240818/5.html,丁项目,
diff00,different_document_similar_title,https://press.example/20240818/6.html,丁补贴,
rel00,related:final text vs draft,https://www.haizhou.gov.cn/2024/08-16/1.html,甲办法,
rel00,related:final text vs draft,https://www.haizhou.gov.cn/2024/05-01/7.html,戊办法,
"""
FORWARDINGS = """\
local_title,central_title,central_url,central_doc_no,central_published,relation
甲省转发通知,子通知,https://central.example/1,国办发〔2017〕87号,2017年11月09日,link
乙省印发乙通知,乙通知,https://central.example/2,,2018-01-09,link
丙省方案,丑意见,https://central.example/3,,unknown,link
"""
HEADLINES = """\
cluster,chain,date,source,title
c0,k0,2025-11-12,A,甲 one
c0,k0,2025-11-12,B,甲 two
c1,k0,2025-11-13,A,甲 three
c2,k1,2025-11-13,B,乙 four
c2,k1,2025-11-13,C,丙 five
"""
LANGUAGES = """\
title_en,title_zh,url,published_at,source,category
甲 Regulation 1,甲条例一,https://eu.example/1,2026-07-24T00:00:00Z,EUR-Lex,x
甲 Regulation 2,乙条例二,https://eu.example/2,2026-07-24T00:00:00Z,Reuters,x
"""


class FirstLetter:
    """Reads the first letter for the paper an item is about, and the last for one that it names."""

    version = "letters-1"

    def read(self, telling: Telling) -> StoryMarks:
        """Return marks."""
        first, last = telling.title[0], telling.title[-1]
        traits = StoryTraits(
            published_at=telling.published_at, subjects=frozenset(first), documents=frozenset(last), relevant=True
        )
        return StoryMarks(traits=traits, keys=(ord(first), ord(last)))


def same_letter(traits: StoryTraits, candidates: Sequence[StoryCandidate]) -> LinkDecision:
    """Join what begins alike, relate what ends alike."""
    same = [one.story_id for one in candidates if one.traits.subjects == traits.subjects]
    kin = dict.fromkeys(one.story_id for one in candidates if one.traits.documents == traits.documents)
    tied = tuple((one, Relation.IMPLEMENTS, True, "") for one in kin if one not in same)
    return LinkDecision(story_id=same[0] if same else None, kin=tied)


@pytest.fixture
def figures(tmp_path: Path, make_classification: Callable[..., Classification]) -> Callable[[str, str], Any]:
    """Return what measures one table."""

    class Plain:
        version = "plain-1"

        def classify(self, _document: Document) -> Classification:
            return make_classification(jurisdiction="")

    def of(name: str, text: str) -> Any:
        files = {
            "reprints": "policy_reprint_clusters", "forwardings": "policy_forwarding_pairs",
            "headlines": "google_news_story_clusters_en", "languages": "policy_title_pairs_en_zh",
        }  # fmt: skip
        (tmp_path / f"{files[name]}.csv").write_text(text, encoding="utf-8")
        copies = CopyFinder(ShingleFingerprinter())
        stories = StoryFinder(FirstLetter(), same_letter, window=timedelta(days=30))
        found = measure(tmp_path, Linker(classifier=Plain(), copies=copies, stories=stories))
        assert list(found) == [name]
        return found[name]

    return of


def test_reprints_are_told_by_relation(figures: Callable[[str, str], Any]) -> None:
    """Pages of one document should be together, those of other relations are counted apart; a page counts once."""
    told = figures("reprints", REPRINTS)
    assert (told["items"], told["stories"]) == (7, 2)
    assert told["by_relation"] == {
        "different_document_similar_title": {"pairs": 1, "joined": 1, "related": 0},
        "related:final text vs draft": {"pairs": 1, "joined": 0, "related": 1},
        "same_document": {"pairs": 2, "joined": 1, "related": 1},
    }
    assert (told["pairs"]["precision"], told["pairs"]["recall"]) == (0.5, 0.5)


def test_forwardings_are_related_or_merged(figures: Callable[[str, str], Any]) -> None:
    """Of three forwardings one is related to its document, one merged with it, one neither."""
    told = figures("forwardings", FORWARDINGS)
    assert (told["forwardings"], told["merged"], told["related"]) == (3, 1, 1)
    assert told["relations"] == {"implements": 1}
    assert (told["items"], told["offered"]) == (6, 2)


def test_headlines_are_scored_by_day_and_chain(figures: Callable[[str, str], Any]) -> None:
    """A join across days is no fault within a day, nor one within a chain when chains are the events."""
    told = figures("headlines", HEADLINES)
    # Given: three of c0 and c1, and two alone.
    assert told["b_cubed"]["all"]["precision"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5, abs=1e-4)
    assert told["b_cubed"]["all"]["recall"] == pytest.approx((1 + 1 + 1 + 1 / 2 + 1 / 2) / 5, abs=1e-4)
    assert told["by_day"]["precision"] == 1.0
    assert told["chains"]["precision"] == 1.0
    assert told["wrong_pairs_of_one_chain"] == told["pairs"]["given"] - 1 == 2


def test_languages_are_paired_and_siblings_told(figures: Callable[[str, str], Any]) -> None:
    """Titles of one document in two languages are pairs; two documents that were put together are counted."""
    told = figures("languages", LANGUAGES)
    assert (told["cross_language"]["pairs"], told["cross_language"]["given"]) == (2, 2)
    assert told["cross_language"]["recall"] == 0.5
    assert told["siblings_joined"] == 2


def test_days_are_found_in_addresses_and_dates() -> None:
    """A day is read in the forms that addresses and tables have, and in nothing else."""
    found = [day_in(text) for text in ("/20240816/", "/2024/08-16/", "2024年08月16日", "t20240816_1.html")]
    assert {day.date().isoformat() for day in found if day} == {"2024-08-16"}
    assert all(found)
    assert day_in("/12345/99.html") is None
