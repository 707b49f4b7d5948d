"""Tests of measuring stories, on examples that were computed by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from classifier.fingerprints import ShingleFingerprinter
from core.errors import ConfigError
from core.stories import LinkDecision, Relation
from core.story_traits import StoryMarks, StoryTraits, Telling
from hongtou.copies import CopyFinder
from hongtou.evaluating_relations import read_related
from hongtou.evaluating_stories import evaluate_stories
from hongtou.evaluation import read_labelled
from hongtou.linking_files import arrive as arrive_read
from hongtou.linking_files import link, read_arrivals
from hongtou.story_finding import StoryFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.classification import Classification, Document
    from core.story_traits import StoryCandidate
    from hongtou.evaluating_stories import StoryReport
    from hongtou.linking_files import Arrival

COPIES = CopyFinder(ShingleFingerprinter())


class PlainClassifier:
    """Finds everything relevant."""

    version = "plain-1"

    def __init__(self, make: Callable[..., Classification]) -> None:
        self._make = make

    def classify(self, document: Document) -> Classification:
        """Judge one document."""
        return self._make(relevant=bool(document.title))


class WordReader:
    """Takes the first word of a title for a number, the others for subjects, and each for a key."""

    version = "words-1"

    def read(self, telling: Telling) -> StoryMarks:
        """Return marks."""
        words = telling.title.split()
        traits = StoryTraits(
            published_at=telling.published_at, language=telling.language, own_numbers=frozenset(words[:1]),
            subjects=frozenset(words[1:]),
        )  # fmt: skip
        return StoryMarks(traits=traits, keys=tuple(sum(map(ord, word)) for word in words))


def same_first_word(traits: StoryTraits, candidates: Sequence[StoryCandidate]) -> LinkDecision:
    """Join what has the same first word or is a copy; relate what has another word in common, as siblings or drafts."""
    same = [one.story_id for one in candidates if one.traits.own_numbers == traits.own_numbers or one.is_copy]
    kin = {one.story_id for one in candidates if one.traits.subjects & traits.subjects} - set(same)
    relation = Relation.FINALISES if "final" in traits.subjects else Relation.SIBLING
    return LinkDecision(
        story_id=same[0] if same else None, same=tuple(same[1:]), kin=tuple((one, relation, True, "") for one in kin)
    )


FINDER = StoryFinder(WordReader(), same_first_word, window=timedelta(days=30))


def rows(*items: dict[str, object]) -> list[str]:
    """Return labelled items as JSON lines, an hour apart in the order given."""
    common = {"relevant": True, "source": "somewhere", "lang": "en", "jurisdiction": "cn"}
    return [
        json.dumps({"id": chr(97 + number), "published": f"2023-06-15T{number:02}:00:00+08:00", **common, **item})
        for number, item in enumerate(items)
    ]


@pytest.fixture
def arrive(make_classification: Callable[..., Classification]) -> Callable[[list[str]], tuple[Arrival, ...]]:
    """Return what reads items."""
    return lambda lines: read_arrivals(
        read_labelled(lines), PlainClassifier(make_classification), copies=COPIES, stories=FINDER
    )


@pytest.fixture
def measure(arrive: Callable[[list[str]], tuple[Arrival, ...]]) -> Callable[..., StoryReport]:
    """Return what links and measures items."""
    return lambda lines: evaluate_stories(arrive(lines), FINDER, related=read_related(lines))[0]


def test_figures_are_as_computed_by_hand(measure: Callable[..., StoryReport]) -> None:
    """B-cubed and pairs of five items: a story in two languages cut in two, and a single put to one of its parts."""
    report = measure(
        rows(
            {"title": "x", "story": "s"},
            {"title": "x", "story": "s", "lang": "zh"},
            {"title": "y", "story": "s", "lang": "zh-Hant"},
            {"title": "y", "lang": "zh", "jurisdiction": "us"},
            {"title": "z"},
        )
    )
    # Given: {a, b}, {c, d}, {e}. Expected: {a, b, c}, {d}, {e}.
    assert report.all_items.precision == pytest.approx((1 + 1 + 1 / 2 + 1 / 2 + 1) / 5)
    assert report.all_items.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    assert report.story_items.precision == 1.0
    assert report.story_items.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)
    assert report.pairs.precision == 0.5
    assert report.pairs.recall == pytest.approx(1 / 3)
    # Across languages a-b is found, a-c is missed; b-c and c-d are all Chinese.
    assert (report.cross_language.precision, report.cross_language.recall) == (1.0, 0.5)
    assert report.missed == (("a", "c"), ("b", "c"))
    assert [(pair.one, pair.other, pair.kind) for pair in report.wrong] == [("c", "d", "other")]
    assert (report.stories, report.given, report.items) == (1, 2, 5)


def test_neighbours_are_events_of_one_jurisdiction_and_time(measure: Callable[..., StoryReport]) -> None:
    """Events of one jurisdiction within ten days count as neighbours, joined or not; others do not."""
    report = measure(
        rows(
            {"title": "x", "story": "s"},
            {"title": "x", "story": "t"},
            {"title": "y", "story": "t"},
            {"title": "x", "jurisdiction": None},
            {"title": "z", "published": "2023-06-26T00:00:00+08:00"},
            {"title": "x", "published": "2023-06-27T00:00:00+08:00"},
        )
    )
    # Neighbours: s-t and e-f; e and f are more than ten days after the others.
    assert report.neighbours == 2
    assert report.neighbours_joined == (("s", "t"),)
    kinds = {(pair.one, pair.other): pair.kind for pair in report.wrong}
    assert kinds["a", "b"] == "neighbours"
    assert kinds["a", "d"] == "other"
    assert kinds["a", "f"] == "same jurisdiction"
    assert report.wrong_by_kind == {"other": 3, "same jurisdiction": 2, "neighbours": 1}


def test_an_item_is_offered_its_story_or_is_not(measure: Callable[..., StoryReport]) -> None:
    """Candidate recall counts items with an earlier one of their story, and those first in a language once more."""
    report = measure(
        rows(
            {"title": "x", "story": "s"},
            {"title": "x", "story": "s", "lang": "zh"},
            {"title": "y", "story": "s", "lang": "zh"},
            {"title": "q", "story": "s", "lang": "fr"},
            {"title": "z"},
        )
    )
    assert (report.offered.part, report.offered.whole) == (1, 3)
    assert (report.offered_across.part, report.offered_across.whole) == (1, 2)


def test_relations_are_found_right_wrong_and_missed(measure: Callable[..., StoryReport]) -> None:
    """Of three labelled ties one is right, one is of another kind, one is missed; a fourth is invented."""
    report = measure(
        rows(
            {"title": "draft p", "story": "draft"},
            {"title": "rule p final", "story": "rule", "related": [["draft", "finalises"], ["nowhere", "follows"]]},
            {"title": "list q", "story": "one", "related": []},
            {"title": "round q", "story": "two", "related": [["one", "next-round"]]},
            {"title": "alone", "related": [["two", "follows"]]},
            {"title": "other q"},
        )
    )
    relations = report.relations
    assert relations is not None
    assert [(one.relation, one.expected, one.found, one.right) for one in relations.figures] == [
        ("all", 3, 2, 1), ("finalises", 1, 1, 1), ("next-round", 1, 1, 0), ("follows", 1, 0, 0),
    ]  # fmt: skip
    assert relations.missed == (("e", "two", "follows"),)
    assert relations.invented == (("f", "one", "sibling"), ("f", "two", "sibling"))
    assert relations.precision == pytest.approx(2 / 4)


def test_siblings_have_no_direction(measure: Callable[..., StoryReport]) -> None:
    """A sibling is right whichever of the two is called the later one."""
    lines = rows({"title": "x p", "story": "s", "related": [["t", "sibling"]]}, {"title": "y p", "story": "t"})
    relations = measure(lines).relations
    assert relations is not None
    assert relations.figures[0].right == 1


def test_a_tie_within_a_torn_story_is_wrong(measure: Callable[..., StoryReport]) -> None:
    """Two parts of one story that were related instead of put together are an invented relation."""
    relations = measure(
        rows({"title": "x p", "story": "s", "related": []}, {"title": "y p", "story": "s", "related": []})
    ).relations
    assert relations is not None
    assert relations.invented == (("s", "s", "sibling"),)


def test_order_of_arrival_can_matter(arrive: Callable[[list[str]], tuple[Arrival, ...]]) -> None:
    """A linker that lets the first come decide is caught by other orders of arrival."""
    lines = rows(
        {"title": "x", "story": "s"},
        {"title": "y", "story": "s", "published": "2023-06-15T00:20:00+08:00"},
        {"title": "z", "published": "2023-06-15T00:40:00+08:00"},
    )

    def first_is_all(_traits: StoryTraits, candidates: Sequence[StoryCandidate]) -> LinkDecision:
        """Join the single candidate, an odd rule: the second and the third item are together when x is not first."""
        return LinkDecision(story_id=candidates[0].story_id if len(candidates) == 1 else None)

    class OneKey(WordReader):
        def read(self, telling: Telling) -> StoryMarks:
            return StoryMarks(traits=super().read(telling).traits, keys=(1,))

    finder = StoryFinder(OneKey(), first_is_all, window=timedelta(days=1))
    arrivals = read_with(finder, lines, arrive)
    report, linked = evaluate_stories(arrivals, finder, seeds=12)
    assert linked.stories == {"a": 1, "b": 1, "c": 2}
    assert report.all_items.f1 == 1.0
    assert len(report.by_order) == 12
    assert report.order_change > 0.2
    assert report.relations is None


def read_with(
    finder: StoryFinder, lines: list[str], arrive: Callable[[list[str]], tuple[Arrival, ...]]
) -> tuple[Arrival, ...]:
    """Return arrivals with the marks of another reader."""
    tellings = (
        Telling(
            title=one.item.title, text="", language="en", published_at=one.at, classification=one.telling.classification
        )
        for one in arrive(lines)
    )
    return tuple(
        arrive_read(one.item, telling, finder.read(telling), number=one.number)
        for one, telling in zip(arrive(lines), tellings, strict=True)
    )


def test_a_delayed_item_is_linked_later(arrive: Callable[[list[str]], tuple[Arrival, ...]]) -> None:
    """What is seen later takes its place in the order of arrival, by which items are numbered."""
    arrivals = arrive(rows({"title": "x"}, {"title": "x"}))
    linked = link(arrivals, FINDER, delays={arrivals[0].number: timedelta(hours=2)})
    assert list(linked.stories.items()) == [("b", 1), ("a", 1)]
    assert linked.offered == {"a": {"b"}, "b": frozenset()}


def test_copies_are_offered_as_such_in_any_order(arrive: Callable[[list[str]], tuple[Arrival, ...]]) -> None:
    """An item is joined to its copy without a word of the title in common, be the copy earlier or later."""
    body = "The city opened a registry for tokens on Monday and told twelve firms to file within thirty days of notice."
    arrivals = arrive(rows({"title": "x", "body": body}, {"title": "y", "body": body}))
    assert [one.copies for one in arrivals] == [(2,), (1,)]
    assert set(link(arrivals, FINDER).stories.values()) == {1}
    late = link(arrivals, FINDER, delays={arrivals[0].number: timedelta(hours=2)})
    assert late.offered == {"b": frozenset(), "a": {"b"}}
    assert set(late.stories.values()) == {1}


def test_a_story_is_closed_after_the_window(arrive: Callable[[list[str]], tuple[Arrival, ...]]) -> None:
    """What would join a story whose last report lies too far back begins one that follows it."""
    days = ("2023-06-01", "2023-06-25", "2023-07-20", "2023-08-25")
    items: list[dict[str, object]] = [{"title": "x", "published": f"{day}T00:00:00+08:00"} for day in days]
    lines = rows(*items)
    arrivals = arrive(lines)
    relevant = [arrive_read(one.item, one.telling, _relevant(one.marks), number=one.number) for one in arrivals]
    linked = link(relevant, FINDER)
    assert linked.stories == {"a": 1, "b": 1, "c": 1, "d": 2}
    assert [(tie.later, tie.earlier, tie.relation) for tie in linked.ties] == [(2, 1, Relation.FOLLOWS)]
    assert link(arrivals, FINDER).ties == ()


def _relevant(marks: StoryMarks) -> StoryMarks:
    return replace(marks, traits=replace(marks.traits, relevant=True))


def test_the_report_is_json(measure: Callable[..., StoryReport]) -> None:
    """The JSON object holds every figure under its documented key."""
    told = measure(rows({"title": "x", "story": "s"}, {"title": "x", "story": "s", "lang": "zh"})).to_json()
    assert json.loads(json.dumps(told)) == {
        "stories": 1,
        "given": 1,
        "b_cubed": {
            "all": {"precision": 1.0, "recall": 1.0, "f1": 1.0},
            "story_items": {"precision": 1.0, "recall": 1.0, "f1": 1.0},
        },
        "pairs": {"pairs": 1, "given": 1, "precision": 1.0, "recall": 1.0, "f1": 1.0},
        "cross_language": {"pairs": 1, "given": 1, "precision": 1.0, "recall": 1.0, "f1": 1.0},
        "candidates": {"recall": 1.0, "across": 1.0},
        "wrong": [],
        "wrong_by_kind": {},
        "missed": [],
        "neighbours": {"pairs": 0, "joined": []},
        "order": {"f1": [1.0] * 5, "change": 0.0},
    }


def test_relations_are_json(measure: Callable[..., StoryReport]) -> None:
    """Relations come with the stories where any item speaks of them."""
    lines = rows({"title": "x p", "story": "s"}, {"title": "y p", "story": "t", "related": [["s", "sibling"]]})
    assert measure(lines).to_json()["relations"] == {
        "precision": 1.0,
        "given": 1,
        "by_relation": {name: {"expected": 1, "found": 1, "right": 1, "recall": 1.0} for name in ("all", "sibling")},
        "missed": [],
        "invented": [],
    }


def test_a_relation_that_is_none_is_told_by_its_line() -> None:
    """Every line whose `related` cannot be read is named."""
    lines = ["", *rows({"title": "x", "related": [["s", "cousin"]]}, {"title": "y", "related": ["s"]})]
    with pytest.raises(ConfigError) as caught:
        read_related(lines, name="items.jsonl")
    assert [problem.where for problem in caught.value.problems] == ["items.jsonl:2", "items.jsonl:3"]
    assert read_related([""]) == {}


def test_wrong_pairs_are_told_by_the_labelled_relation(measure: Callable[..., StoryReport]) -> None:
    """A draft that was put together with its final form is told as such, in whichever order their names come."""
    finals = rows({"title": "x", "story": "s"}, {"title": "x", "story": "r", "related": [["s", "finalises"]]})
    assert measure(finals).wrong_by_kind == {"finalises": 1}
    finals = rows({"title": "x", "story": "r"}, {"title": "x", "story": "s", "related": [["r", "finalises"]]})
    assert measure(finals).wrong_by_kind == {"finalises": 1}


def test_events_without_a_time_have_no_neighbours(measure: Callable[..., StoryReport]) -> None:
    """What tells no time is close to nothing."""
    report = measure(rows({"title": "x", "published": ""}, {"title": "x"}))
    assert report.neighbours == 0
    assert report.wrong == ()
