"""Tests of the checks over all concepts."""

from __future__ import annotations

import pytest

from config.lexicon_check import check_concepts, check_gaps, find_doubts
from core.lexicon import Concept, ConceptKind, Former, Rank

TECH = ConceptKind.TECHNOLOGY
ORG = ConceptKind.AUTHORITY
PLACE = ConceptKind.PLACE


def _tech(concept_id: str = "tech.x", **changes: object) -> Concept:
    values: dict[str, object] = {"kind": TECH, "zh": ("区块链",), "en": ("blockchain",), "topics": ("blockchain",)}
    return Concept(id=concept_id, **(values | changes))  # type: ignore[arg-type]


def _org(concept_id: str = "org.x", **changes: object) -> Concept:
    values: dict[str, object] = {"kind": ORG, "zh": ("某局",), "en": ("Some Bureau",)}
    values |= {"jurisdiction": "cn", "rank": Rank.BUREAU}
    return Concept(id=concept_id, **(values | changes))  # type: ignore[arg-type]


def _places(concepts: tuple[Concept, ...]) -> dict[str, str]:
    return {concept.id: f"a.yaml:{line}" for line, concept in enumerate(concepts, start=1)}


def _problems(*concepts: Concept) -> list[str]:
    found = check_concepts({concept.id: concept for concept in concepts}, _places(concepts))
    return [str(problem) for problem in found]


def _gaps(*concepts: Concept) -> list[str]:
    found = check_gaps({concept.id: concept for concept in concepts}, _places(concepts))
    return [str(problem) for _, problem in found]


def _doubts(*concepts: Concept) -> list[str]:
    found = find_doubts({concept.id: concept for concept in concepts}, _places(concepts))
    return [str(problem) for problem in found]


def test_common_words_that_need_company_are_not_doubtful() -> None:
    """The condition says that they are common."""
    assert _doubts(_tech(en=("market",), topics=("virtual-assets",))) != []
    assert _doubts(_tech(en=("market",), topics=("virtual-assets",), only_with=("virtual-assets",))) == []


def test_a_sound_concept_has_no_problem() -> None:
    """Both languages, a topic, a guard that guards."""
    assert _problems(_tech(not_in=("区块链接",))) == []


@pytest.mark.parametrize(
    ("concept", "message"),
    [
        (_tech("Tech"), "is no id"),
        (_tech(zh=(), en=()), "tech.x: has no name at all"),
        (_tech(en=("A",)), "'A' is too short"),
        (_tech(not_in=("供应链",)), "'供应链' holds none of the concept's names"),
        (_tech(topics=("bitcoin",)), "'bitcoin' is no topic"),
        (_tech(only_with=("bitcoin",)), "tech.x.only_with: 'bitcoin' is no topic"),
        (_tech(topics=()), "tech.x.topics: is missing"),
        (_tech(act="decree"), "'decree' is no act"),
        (_tech(jurisdiction="cn"), "is for authorities and places only"),
        (_tech(kind=ConceptKind.AUTHORITY, jurisdiction="China"), "'China' is no code"),
        (_tech(kind=ConceptKind.PLACE), "tech.x.jurisdiction: is missing"),
        (_tech(kind=ConceptKind.MARKET, signal="noise"), "'noise' is no signal"),
        (_tech(meant=("链",)), "tech.x.meant: '链' is none of the concept's names"),
        (_tech(rank=Rank.COURT), "tech.x.rank: is for authorities only"),
        (_tech(parent="org.x"), "tech.x.parent: is for authorities and places only"),
        (_org(jurisdiction=""), "org.x.jurisdiction: is missing: a body with a rank has a code"),
        (_org(parent="org.none"), "org.x.parent: 'org.none' is no concept"),
        (_org(parent="org.x"), "org.x.parent: 'org.x' belongs, in the end, to this concept itself"),
    ],
)
def test_faults(concept: Concept, message: str) -> None:
    """Each fault is told with its key."""
    found = _problems(concept)
    assert any(message in problem for problem in found), found


def test_one_chinese_character_is_a_name() -> None:
    """镓 is a name; a single Latin letter is none."""
    assert _problems(_tech(zh=("镓",))) == []


def test_a_name_shared_within_a_kind_is_ambiguous() -> None:
    """Whatever its case or width; both places are named."""
    found = _problems(_tech("tech.a"), _tech("tech.b", zh=("分布式账本",), en=("ＢlockChain",)))
    [problem] = found
    assert problem.startswith("a.yaml:2: tech.b: 'blockchain' is also a name of tech.a (a.yaml:1); give it to one")


def test_a_name_shared_between_kinds_is_fine() -> None:
    """试点 is an act and a paper."""
    act = Concept(id="act.x", kind=ConceptKind.ACT, zh=("区块链",), en=("blockchain",))
    assert _problems(_tech(), act) == []


def test_a_shared_name_can_be_declared() -> None:
    """`meant` of either concept settles it."""
    second = _tech("tech.b", zh=("分布式账本",), en=("Block-chain", "blockchain"), meant=("blockchain",))
    assert _problems(_tech("tech.a", meant=("block-chain",), en=("block-chain",)), second) == []
    assert _problems(_tech("tech.a"), second) == []


def test_a_parent_is_of_the_same_kind() -> None:
    """A body belongs to a body, a place lies in a place."""
    place = Concept(id="place.x", kind=PLACE, zh=("某地",), en=("Somewhere",), jurisdiction="cn")
    assert _problems(place, _org(parent="place.x")) == [
        "a.yaml:2: org.x.parent: 'place.x' is no authority, but a place"
    ]
    assert _problems(place, Concept(id="place.y", kind=PLACE, zh=("彼",), jurisdiction="cn", parent="place.x")) == []


def test_a_circle_of_parents_is_told_at_each_of_its_members_only() -> None:
    """Who hangs on a circle without being in it is not at fault."""
    circle = (_org("org.a", parent="org.b", zh=("甲局",), en=("A Bureau",)), _org("org.b", parent="org.a"))
    outside = _org("org.c", parent="org.a", zh=("丙局",), en=("C Bureau",))
    assert [problem.split(": ")[1] for problem in _problems(*circle, outside)] == ["org.a.parent", "org.b.parent"]


@pytest.mark.parametrize(
    ("concept", "message"),
    [
        (_tech(zh=()), "a.yaml:1: tech.x.zh: is missing"),
        (_tech(en=()), "a.yaml:1: tech.x.en: is missing"),
        (_org(rank=None), "a.yaml:1: org.x.rank: is missing"),
    ],
)
def test_gaps(concept: Concept, message: str) -> None:
    """A language or a rank that is missing is told apart from what cannot work."""
    assert _problems(concept) == []
    [gap] = _gaps(concept)
    assert gap.startswith(message)


def test_sorts_of_bodies_need_no_rank() -> None:
    """Without a jurisdiction there is no place among authorities."""
    assert _gaps(_org(jurisdiction="", rank=None)) == []


@pytest.mark.parametrize(
    ("concept", "message"),
    [
        (_tech(zh=("链",)), "'链' is a single character"),
        (_tech(en=("Market",)), "'Market' is a common word"),
        (_org(former=(Former(zh="社会"),)), "'社会' is a common word"),
    ],
)
def test_doubtful_names(concept: Concept, message: str) -> None:
    """Names that ordinary words hold are doubted, former names too, unless `meant` lists them."""
    assert _problems(concept) == []
    [doubt] = _doubts(concept)
    assert message in doubt
    name = message.split("'")[1]
    assert (
        _doubts(Concept(**{field: getattr(concept, field) for field in concept.__slots__} | {"meant": (name,)})) == []
    )


def test_the_exact_case_and_verbs_are_not_doubted() -> None:
    """`=Market` is a name of its own, and acts are common words by nature."""
    act = Concept(id="act.x", kind=ConceptKind.ACT, zh=("称",), en=("show",))
    assert _doubts(_tech(en=("=Market",)), act) == []


def test_a_name_that_another_kind_of_the_family_has_is_doubtful() -> None:
    """The text is one or the other; which, the order decides."""
    programme = _tech("prog.x", kind=ConceptKind.PROGRAMME)
    assert _problems(_tech(), programme) == []
    assert _doubts(_tech(), programme) == [
        "a.yaml:2: prog.x: '区块链' is also a name of tech.x (a.yaml:1), and found as that; see `meant`",
        "a.yaml:2: prog.x: 'blockchain' is also a name of tech.x (a.yaml:1), and found as that; see `meant`",
    ]


def test_a_host_belongs_to_one_body() -> None:
    """A page's address tells whose it is."""
    found = _problems(_org("org.a", hosts=("a.cn",)), _org("org.b", zh=("乙局",), en=("B Bureau",), hosts=("a.cn",)))
    assert found == [
        "a.yaml:2: org.b.hosts: 'a.cn' is already a host of org.a (a.yaml:1); one of the two publishes there"
    ]
