"""Our own words, whole in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
import yaml

from alerts.words import LANGUAGES, words_for
from core.classification import ACTS, TOPICS, Stage
from core.incident import Fault
from core.pacing import _BECAUSE
from core.stories import Relation, StoryChange

ROOT = Path(__file__).parents[3]
CATALOGUE = yaml.safe_load((ROOT / "alerts" / "catalogue" / "words.yaml").read_text("utf-8"))
PLACES = yaml.safe_load((ROOT / "alerts" / "catalogue" / "places.yaml").read_text("utf-8"))
SOURCES = [*(ROOT / "alerts").glob("*.py"), *(ROOT / "alerts" / "templates").rglob("*.j2")]


def places_of(phrase: str) -> set[str]:
    """Return the names that a phrase leaves open, without the number that chooses its form."""
    return {name for _, name, _, _ in Formatter().parse(phrase) if name and name != "n"}


def test_every_phrase_is_in_both_languages_with_the_same_places() -> None:
    """No phrase is empty, and none loses a value on the way into the other language."""
    for section, phrases in {**CATALOGUE, "places": PLACES}.items():
        for key, told in phrases.items():
            assert len(told) == len(LANGUAGES), f"{section}.{key}"
            english, chinese = (str(phrase) for phrase in told)
            assert english, f"{section}.{key}"
            assert chinese, f"{section}.{key}"
            assert {*map(frozenset, map(places_of, english.split("|")))} == {frozenset(places_of(chinese))}


def test_every_phrase_is_used() -> None:
    """No phrase of ours is left over; those named by a value of an enumeration count as used."""
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    named = {*StoryChange, *(f"{relation}{way}" for relation in Relation for way in ("", "-back"))}
    unused = {key for key in CATALOGUE["say"] if not re.search(f"[\"']{key}[\"']", text)}
    assert unused <= {*named, "recovery", "test", "notice"}


def test_every_phrase_asked_for_exists() -> None:
    """Every key in code and templates is in the catalogue."""
    for path in SOURCES:
        for key in re.findall(r'(?:\.say|\bt)\("([^"]+)"', path.read_text("utf-8")):
            assert key in CATALOGUE["say"], f"{path.name}: {key}"


def test_everything_that_is_named_by_code_has_a_name() -> None:
    """Topics, acts, stages, changes and relations are all in the catalogue."""
    assert {*CATALOGUE["topics"]} == {*TOPICS, "other"}
    assert {*CATALOGUE["acts"]} == {*ACTS} - {"none"}
    assert {*CATALOGUE["stages"]} == {*Stage}
    assert {*CATALOGUE["faults"]} == {*Fault}
    assert {hold: told[0] for hold, told in CATALOGUE["holds"].items()} == {**_BECAUSE}
    for relation in Relation:
        assert {relation.value, f"{relation.value}-back"} <= CATALOGUE["say"].keys()
    assert {change.value for change in StoryChange} <= CATALOGUE["say"].keys()


def test_every_jurisdiction_of_sources_and_lexicon_has_a_name() -> None:
    """No code that the program can give is told as a code."""
    files = [*(ROOT / "config" / "lexicon").glob("*.yaml"), *(ROOT / "config" / "sources").rglob("*.yaml")]
    found = {code for path in files for code in re.findall(r'jurisdiction: *"?([a-z-]+)', path.read_text("utf-8"))}
    assert len(found) > 200
    assert found <= PLACES.keys()


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [("en", 1, "1 story"), ("en", 2, "2 stories"), ("en", 0, "0 stories"), ("zh", 1, "1件"), ("zh-Hans", 2, "2件")],
)
def test_counts_choose_the_form(language: str, count: int, said: str) -> None:
    """English has singular and plural, Chinese one form; a variant of a language is that language."""
    assert words_for(language).say("stories", n=count) == said


def test_unknown_languages_are_english_and_unknown_codes_stay() -> None:
    """A code that has no name is told as it is, with its whole where that has one."""
    words = words_for("fr")
    assert words.language == "en"
    assert words.name("topics", "fusion") == "fusion"
    assert words.place("cn-sh") == "Shanghai"
    assert words.place("cn-sh-pd") == "Shanghai (cn-sh-pd)"
    assert words.place("cn-xx") == "China (cn-xx)"
    assert words.place("zz-a") == "zz-a"
