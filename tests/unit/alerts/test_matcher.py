"""Routes: order, conditions, and the reasons told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from alerts.matcher import OrderedRouteMatcher
from classifier.folding import fold
from core.alert import Route, RouteId, RouteMatch
from core.classification import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.classification import Classification
    from core.item import Item
    from core.source import Source

    Make = Callable[..., Any]


def route(name: str, *, continue_: bool = False, **wanted: Any) -> Route:
    """Make a route of a name and its conditions."""
    return Route(id=RouteId(name), match=RouteMatch(**wanted), continue_=continue_)


@pytest.fixture
def item(make_item: Callable[..., Item], make_classification: Callable[..., Classification]) -> Item:
    """Give a relevant Shanghai blockchain and metaverse plan in Traditional Chinese, score 0.9."""
    judged = make_classification(topics=("blockchain", "metaverse"), score=0.9)
    return make_item(language="zh-Hant", classification=judged)


@pytest.fixture
def source(make_source: Callable[..., Source]) -> Source:
    """Give the item's source, of group crypto-zh."""
    return make_source()


def reasons(matcher: OrderedRouteMatcher, item: Item, source: Source | None) -> dict[str, str]:
    """Return route → reason."""
    return {match.route.id: match.reason for match in matcher.match(item, source)}


def test_the_first_match_ends(item: Item, source: Source) -> None:
    """A later route that would match is not asked."""
    matcher = OrderedRouteMatcher([route("a", topics=frozenset({"ai"})), route("b"), route("c")])
    assert list(reasons(matcher, item, source)) == ["b"]


def test_continue_goes_on(item: Item, source: Source) -> None:
    """A matching route that continues lets later ones match too, in order."""
    matcher = OrderedRouteMatcher([route("a", continue_=True), route("b", acts=frozenset({"ban"})), route("c")])
    assert list(reasons(matcher, item, source)) == ["a", "c"]


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({}, "every relevant item"),
        ({"topics": frozenset({"metaverse", "ai"})}, "topic metaverse"),
        ({"topics": frozenset({"metaverse", "blockchain"})}, "topic blockchain, metaverse"),
        ({"jurisdictions": frozenset({"cn"})}, "jurisdiction cn-sh"),
        ({"jurisdictions": frozenset({"cn-sh", "hk"})}, "jurisdiction cn-sh"),
        ({"acts": frozenset({"plan"})}, "act plan"),
        ({"sources": frozenset({"lianwen"})}, "source lianwen"),
        ({"groups": frozenset({"crypto-zh"})}, "group crypto-zh"),
        ({"languages": frozenset({"zh"})}, "language zh-Hant"),
        ({"languages": frozenset({"zh-hant"})}, "language zh-Hant"),
        ({"min_score": 0.9}, "score 0.90 of at least 0.90"),
        (
            {"topics": frozenset({"blockchain"}), "acts": frozenset({"plan"}), "min_score": 0.5},
            "topic blockchain; act plan; score 0.90 of at least 0.50",
        ),
    ],
)
def test_the_reason_tells_what_was_met(item: Item, source: Source, wanted: dict[str, Any], reason: str) -> None:
    """Every condition that was asked for is told with what met it."""
    assert reasons(OrderedRouteMatcher([route("a", **wanted)]), item, source) == {"a": reason}


@pytest.mark.parametrize(
    "wanted",
    [
        {"topics": frozenset({"ai"})},
        {"jurisdictions": frozenset({"cn-sh-pudong"})},
        {"jurisdictions": frozenset({"cn-s", "c", "hk"})},
        {"acts": frozenset({"ban"})},
        {"sources": frozenset({"other"})},
        {"groups": frozenset({"crypto-en"})},
        {"languages": frozenset({"en", "zh-Hans"})},
        {"min_score": 0.91},
        {"topics": frozenset({"blockchain"}), "acts": frozenset({"ban"})},
    ],
)
def test_one_unmet_condition_is_enough(item: Item, source: Source, wanted: dict[str, Any]) -> None:
    """An item that fails any condition is not wanted."""
    assert OrderedRouteMatcher([route("a", **wanted)]).match(item, source) == ()


def test_items_that_are_never_told(
    make_item: Callable[..., Item], make_classification: Callable[..., Classification]
) -> None:
    """What is irrelevant, not yet classified, or was there before the first sync matches no route."""
    matcher = OrderedRouteMatcher([route("all")])
    judged = make_classification()
    for item in (
        make_item(classification=None),
        make_item(classification=make_classification(relevant=False)),
        make_item(classification=judged, baseline=True),
    ):
        assert matcher.match(item, None) == ()
    assert len(matcher.match(make_item(classification=judged), None)) == 1


def test_an_item_without_source_or_jurisdiction(
    make_item: Callable[..., Item], make_classification: Callable[..., Classification]
) -> None:
    """Conditions on what is not known are not met, and fail nothing else."""
    item = make_item(classification=make_classification(jurisdiction=None), language="")
    matcher = OrderedRouteMatcher(
        [
            route("group", groups=frozenset({"crypto-zh"})),
            route("place", jurisdictions=frozenset({"cn", ""})),
            route("language", languages=frozenset({"zh"})),
            route("all"),
        ]
    )
    assert list(reasons(matcher, item, None)) == ["all"]


def test_a_stage_and_a_query_must_be_met(
    make_item: Callable[..., Item], make_classification: Callable[..., Classification]
) -> None:
    """A route of drafts that name one of its words takes such a draft, and says which word it found."""
    item = make_item(title="穩定幣條例草案", text="", classification=make_classification(stage=Stage.DRAFT))
    draft = frozenset({"draft"})
    matcher = OrderedRouteMatcher(
        [
            route("met", continue_=True, stages=draft, query="稳定币 OR chip"),
            route("other stage", continue_=True, stages=frozenset({"in-force"})),
            route("other words", continue_=True, query="chip"),
            route("excluded", continue_=True, query="条例 -草案"),
            route("nothing excluded", query="-price"),
        ],
        fold=fold,
    )
    assert reasons(matcher, item, None) == {
        "met": "stage draft; words 稳定币",
        "nothing excluded": "none of the words excluded by -price",
    }


def test_a_query_reads_title_text_and_summary(
    make_item: Callable[..., Item], make_classification: Callable[..., Classification]
) -> None:
    """Words of title and text count together; the summary stands in for a text that is not there."""
    matcher = OrderedRouteMatcher([route("a", query="chip subsidy")])
    judged = make_classification()
    texts = [
        ("a chip act", "with a subsidy", ""),
        ("a chip act", "", "a subsidy"),
        ("a chip act", "no money", "subsidy"),
    ]
    items = [make_item(title=title, text=text, summary=more, classification=judged) for title, text, more in texts]
    assert [bool(matcher.match(item, None)) for item in items] == [True, True, False]
