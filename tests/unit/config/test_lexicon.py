"""Tests of reading lexicon files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.lexicon import SHIPPED, load_lexicon, read_lexicon
from core.classification import TOPICS
from core.errors import ConfigError
from core.lexicon import ConceptKind, Rank

if TYPE_CHECKING:
    from pathlib import Path

    from config.lexicon import LexiconFiles
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


@pytest.fixture(scope="module")
def files() -> LexiconFiles:
    """Return the shipped lexicon."""
    return read_lexicon()


def test_shipped_lexicon_covers_every_topic_and_has_its_concepts(files: LexiconFiles) -> None:
    """It loads without a fault and no topic is empty."""
    assert len(files.lexicon.concepts) >= 3_000
    covered = {topic for concept in files.lexicon.of(ConceptKind.TECHNOLOGY) for topic in concept.topics}
    assert covered == set(TOPICS)


def test_shipped_authorities_and_places_have_no_doubtful_names(files: LexiconFiles) -> None:
    """Nothing of theirs is a common word unless it says so."""
    doubtful = {problem.key for problem in files.warnings}
    assert [key for key in doubtful if key.startswith(("org.", "place."))] == []


def test_every_province_has_its_departments(files: LexiconFiles) -> None:
    """A place, a government, and the bodies that speak on technology."""
    bodies = ("government", "drc", "industry", "science", "cyber", "finance", "data", "comms", "court", "pbc")
    ids = {concept.id for concept in files.lexicon.concepts}
    wanted = {f"org.cn-{code}.{body}" for code in CODES.split() for body in bodies}
    wanted |= {f"place.cn-{code}" for code in CODES.split()}
    assert wanted - ids == set()


def test_many_cities_and_countries_have_bodies_of_their_own(files: LexiconFiles) -> None:
    """At least 45 cities, 35 jurisdictions outside China, and 100 cities as places."""
    bodies = files.lexicon.of(ConceptKind.AUTHORITY)
    assert len([body for body in bodies if body.rank is Rank.CITY]) >= 45
    abroad = {body.jurisdiction for body in bodies} - {"", "hk", "mo", "tw", "intl"}
    assert len([code for code in abroad if not code.startswith("cn")]) >= 35
    parents = {f"place.cn-{code}" for code in CODES.split()}
    assert len([place for place in files.lexicon.of(ConceptKind.PLACE) if place.parent in parents]) >= 100


def test_no_shipped_file_is_too_long() -> None:
    """A reader finds their way: at most 400 lines."""
    assert [path.name for path in SHIPPED.glob("*.yaml") if len(path.read_text("utf-8").splitlines()) > 400] == []


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


PATTERN = """\
kind: authority
patterns:
  city: {data: {rank: city-department, zh: ['{full}数据局'], en: ['{en} Data Bureau']}}
members:
  org.wz: {pattern: city, words: {full: 温州市, en: Wenzhou}, with: {jurisdiction: cn-zj}}
"""


def test_members_of_a_pattern_are_concepts(shipped: Path) -> None:
    """They can be changed by id like any other, and a user's file can use a shipped pattern."""
    (shipped / "cities.yaml").write_text(PATTERN, encoding="utf-8")
    member = "{pattern: city, words: {full: 台州市, en: Taizhou}, with: {jurisdiction: cn-zj, kind: authority}}"
    lexicon = _load(
        shipped, f"concepts:\n  org.wz.data: {{also: {{zh: [温州数据局]}}}}\nmembers:\n  org.tz: {member}\n"
    )
    changed, added = lexicon.get("org.wz.data"), lexicon.get("org.tz.data")
    assert changed is not None
    assert changed.zh == ("温州市数据局", "温州数据局")
    assert added is not None
    assert (added.kind, added.en) == (ConceptKind.AUTHORITY, ("Taizhou Data Bureau",))


def test_faults_of_a_member_name_its_line(shipped: Path) -> None:
    """A body that is there already is named, since the line stands for many."""
    (shipped / "cities.yaml").write_text(PATTERN + "concepts: {org.wz.data: {rank: city}}\n", encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"cities\.yaml:5: org\.wz: org\.wz\.data is already in lexicon/cities\.yaml:6"
    ):
        load_lexicon(shipped=shipped)


def test_gaps_are_faults_in_shipped_files_and_warnings_in_the_users(shipped: Path) -> None:
    """A user may name a thing in one language."""
    text = "concepts:\n  tech.mine: {kind: technology, topics: [ai], zh: [甲物]}\n"
    extra = shipped.parent / "mine.yaml"
    extra.write_text(text, encoding="utf-8")
    files = read_lexicon(shipped=shipped, extra=[extra])
    assert [problem.key for problem in files.warnings] == ["tech.mine.en"]
    assert files.places["tech.mine"] == f"{extra}:2"
    (shipped / "more.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"more\.yaml:2: tech\.mine\.en: is missing"):
        load_lexicon(shipped=shipped)
