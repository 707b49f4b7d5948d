"""Tests of reading lexicon files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.lexicon import load_lexicon
from core.classification import TOPICS
from core.errors import ConfigError
from core.lexicon import ConceptKind

if TYPE_CHECKING:
    from pathlib import Path

    from core.lexicon import Lexicon

CODES = """
    bj tj he sx nm ln jl hl sh js zj ah fj jx sd ha hb hn gd gx hi cq sc gz yn xz sn gs qh nx xj
"""

BASE = """\
kind: technology
concepts:
  tech.chain: {topics: [blockchain], zh: [区块链], en: [blockchain], not_in: [区块链接]}
  tech.old: {topics: [ai], zh: [旧物], en: [old thing]}
"""


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """Return a folder with a small lexicon."""
    folder = tmp_path / "lexicon"
    folder.mkdir()
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    return folder


def _load(shipped: Path, text: str) -> Lexicon:
    extra = shipped.parent / "mine.yaml"
    extra.write_text(text, encoding="utf-8")
    return load_lexicon(shipped=shipped, extra=[extra])


def _problems(shipped: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        _load(shipped, text)
    return [str(problem).replace(str(shipped.parent) + "/", "") for problem in caught.value.problems]


def test_shipped_lexicon_covers_every_topic_and_has_hundreds_of_concepts() -> None:
    """It loads without a fault and no topic is empty."""
    lexicon = load_lexicon()
    assert len(lexicon.concepts) >= 500
    covered = {topic for concept in lexicon.of(ConceptKind.TECHNOLOGY) for topic in concept.topics}
    assert covered == set(TOPICS)


def test_shipped_lexicon_has_all_provinces() -> None:
    """Every province has a place and a government."""
    lexicon = load_lexicon()
    for kind in (ConceptKind.PLACE, ConceptKind.AUTHORITY):
        assert {f"cn-{code}" for code in CODES.split()} <= {concept.jurisdiction for concept in lexicon.of(kind)}


def test_version_changes_with_content(shipped: Path) -> None:
    """Any change to any concept gives another version; the same files give the same."""
    first = load_lexicon(shipped=shipped)
    assert load_lexicon(shipped=shipped).version == first.version
    changed = _load(shipped, "concepts:\n  tech.chain: {weight: 0.5}\n")
    assert changed.version != first.version


def test_user_file_adds_a_concept(shipped: Path) -> None:
    """A new id is a new concept."""
    lexicon = _load(shipped, "kind: place\nconcepts:\n  place.x: {jurisdiction: cn-sh, zh: [某地], en: [Somewhere]}\n")
    concept = lexicon.get("place.x")
    assert concept is not None
    assert concept.kind is ConceptKind.PLACE


def test_user_file_replaces_and_extends(shipped: Path) -> None:
    """Lists under a concept replace, lists under `also` add; the rest stays."""
    lexicon = _load(shipped, "concepts:\n  tech.chain: {en: [ledger], also: {zh: [链上]}, masks: true}\n")
    concept = lexicon.get("tech.chain")
    assert concept is not None
    assert (concept.zh, concept.en, concept.topics) == (("区块链", "链上"), ("ledger",), ("blockchain",))
    assert concept.masks


def test_user_file_removes(shipped: Path) -> None:
    """`enabled: false` takes a concept away."""
    assert _load(shipped, "concepts:\n  tech.old: {enabled: false}\n").get("tech.old") is None


def test_empty_user_file_changes_nothing(shipped: Path) -> None:
    """A file with comments only is fine."""
    assert _load(shipped, "# nothing yet\n").version == load_lexicon(shipped=shipped).version


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("concepts:\n  tech.new: {kind: gadget, zh: [物], en: [thing]}\n", "mine.yaml:2: tech.new.kind: 'gadget'"),
        ("concepts:\n  tech.new: {zh: [物], en: [thing]}\n", "mine.yaml:2: tech.new.kind: '' is no kind"),
        ("concepts:\n  tech.old: {topic: [ai]}\n", "mine.yaml:2: tech.old.topic: is not known; did you mean"),
        ("concepts:\n  tech.old: {zzz: [ai]}\n", "mine.yaml:2: tech.old.zzz: is not known; known:"),
        ("concepts:\n  tech.old: {zh: 物}\n", "mine.yaml:2: tech.old.zh: must be a list of texts"),
        ("concepts:\n  tech.old: {zh: [5]}\n", "mine.yaml:2: tech.old.zh: must be a list of texts"),
        ("concepts:\n  tech.old: {weight: 2}\n", "mine.yaml:2: tech.old.weight: must be a number above 0"),
        ("concepts:\n  tech.old: {weight: true}\n", "mine.yaml:2: tech.old.weight: must be a number above 0"),
        ("concepts:\n  tech.old: {masks: maybe}\n", "mine.yaml:2: tech.old.masks: must be true or false"),
        ("concepts:\n  tech.old: {enabled: maybe}\n", "mine.yaml:2: tech.old.enabled: must be true or false"),
        ("concepts:\n  tech.old: {also: [物]}\n", "mine.yaml:2: tech.old.also: must hold lists to add"),
        ("concepts:\n  tech.old: {also: {act: [x]}}\n", "mine.yaml:2: tech.old.also: must hold lists to add"),
        ("concepts:\n  tech.old: {also: {zh: 物}}\n", "mine.yaml:2: tech.old.also.zh: must be a list of texts"),
        ("concepts:\n  tech.old: 物\n", "mine.yaml:2: tech.old: must be a mapping"),
        ("concepts: [a]\n", "mine.yaml:1: concepts: must hold concepts by id"),
        ("words: {}\n", "mine.yaml:1: words: is not known"),
        ("concepts: {\n", "mine.yaml:"),
    ],
)  # fmt: skip
def test_faults_name_file_line_and_key(shipped: Path, text: str, message: str) -> None:
    """Each fault of a user's file says where it is and what would be right."""
    found = _problems(shipped, text)
    assert any(problem.startswith(message) for problem in found), found


def test_all_faults_are_told_at_once(shipped: Path) -> None:
    """Two faulty concepts are two problems, and neither hides the other."""
    text = "concepts:\n  tech.old: {weight: 9}\n  tech.chain: {zh: 链}\n"
    assert [problem.split(":")[1] for problem in _problems(shipped, text)] == ["2", "3"]


def test_the_same_id_in_two_shipped_files_is_a_fault(shipped: Path) -> None:
    """Shipped ids are unique over all files."""
    (shipped / "more.yaml").write_text(BASE, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"more\.yaml:3: tech\.chain: is already in lexicon/base\.yaml:3"):
        load_lexicon(shipped=shipped)
