"""What a configuration would change is counted, shown and warned of as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alert import RouteMatch, item_alert_key
from core.backtest import Archived, Change, Tally, Verdict, changes_of
from core.classification import Classification
from core.item import ItemId, StoryId
from core.source import SourceId

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.alert import Route


def verdict(
    *, relevant: bool = True, score: float = 0.9, topics: tuple[str, ...] = ("ai",), act: str = "plan"
) -> Verdict:
    """Return a judgement."""
    return Verdict(relevant=relevant, score=score, topics=topics, act=act)


NO = verdict(relevant=False, score=0.2, topics=(), act="none")


@pytest.fixture
def archived(make_item: Callable[..., Any]) -> Callable[..., Archived]:
    """Maker of archived items."""

    def make(n: int = 1, **fields: Any) -> Archived:
        item = make_item(n)
        taken = ("id", "source_id", "url", "title", "text", "summary", "language", "published", "issuer")
        defaults = {name: getattr(item, name) for name in (*taken, "document_numbers", "first_seen_at", "baseline")}
        return Archived(**{**defaults, "story_id": item.id, "stored": None, **fields})

    return make


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (None, verdict(), [Change.FLAGGED]),
        (None, NO, []),
        (NO, verdict(), [Change.FLAGGED]),
        (verdict(), NO, [Change.UNFLAGGED]),
        (verdict(), verdict(score=0.6), []),
        (verdict(topics=("ai", "chips")), verdict(topics=("chips", "ai")), []),
        (verdict(), verdict(topics=("chips",), act="ban"), [Change.TOPICS, Change.ACT]),
        (NO, verdict(relevant=False, act="ban"), []),
    ],
)
def test_changes_are_told_where_they_matter(before: Verdict | None, after: Verdict, changes: list[Change]) -> None:
    """Topics and act count only for what is flagged both times, and their order does not."""
    assert list(changes_of(before, after)) == changes


def test_figures_add_up(archived: Any, make_classification: Any, make_route: Any) -> None:
    """Items, flags and changes are counted in all and by source."""
    tally = Tally()
    tally.note(archived(1, stored=NO), make_classification(), group="g", keys=["all/desk/story-1"])
    tally.note(archived(2, stored=verdict()), make_classification(relevant=False, score=0.3), group="g", keys=[])
    tally.note(archived(3, source_id=SourceId("other")), make_classification(), group="", keys=[])
    report = tally.report([make_route()], threshold=0.5)
    assert (report.items, report.unjudged, report.before, report.after) == (3, 1, 1, 2)
    assert report.changes == {Change.FLAGGED: 2, Change.UNFLAGGED: 1, Change.TOPICS: 0, Change.ACT: 0}
    ours = report.sources[SourceId("lianwen")]
    assert (ours.items, ours.before, ours.after, ours.flagged, ours.unflagged) == (2, 1, 1, 1, 1)
    assert [(example.change, example.item_id) for example in report.examples] == [
        (Change.FLAGGED, 3),
        (Change.FLAGGED, 1),
        (Change.UNFLAGGED, 2),
    ]
    assert report.examples[1].weight == pytest.approx(0.7)
    assert not report.is_same


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=60), st.integers(0, 5), st.integers(1, 7))
def test_spans_may_be_merged_in_any_portions(scores: list[tuple[float, float]], kept: int, size: int) -> None:
    """One tally of everything and merged tallies of portions say the same."""

    def noted(numbers: range) -> Tally:
        tally = Tally(examples_kept=kept)
        for n in numbers:
            before, after = scores[n]
            stored = verdict(relevant=before >= 0.5, score=before)
            tally.note(_bare(n, stored), _judged(after), group="g", keys=[f"r/c/story-{n}"] if after >= 0.5 else [])
        return tally

    whole, merged = noted(range(len(scores))), Tally(examples_kept=kept)
    for start in range(0, len(scores), size):
        merged.merge(noted(range(start, min(start + size, len(scores)))))
    assert merged.report([], threshold=0.5) == whole.report([], threshold=0.5)
    assert len(merged.examples) <= kept * len(Change)


def _bare(n: int, stored: Verdict) -> Archived:
    empty: dict[str, Any] = dict.fromkeys(("url", "title", "text", "summary", "language", "issuer"), "")
    return Archived(
        id=ItemId(n),
        source_id=SourceId(f"s{n % 3}"),
        published=None,  # type: ignore[arg-type]  # not read here
        document_numbers=(),
        first_seen_at=None,  # type: ignore[arg-type]  # not read here
        baseline=False,
        story_id=None,
        stored=stored,
        **empty,
    )


def _judged(score: float) -> Any:
    return Classification(
        relevant=score >= 0.5, score=score, topics=("ai",), jurisdiction=None, act="plan", evidence=(), documents=(),
        document_numbers=(), reason="", classifier="",
    )  # fmt: skip


def test_a_thousand_changes_keep_few_examples(archived: Any, make_classification: Any) -> None:
    """While counting, too, no more than a few times the examples asked for are kept."""
    tally = Tally(examples_kept=2)
    for n in range(1, 1001):
        tally.note(archived(n, stored=NO), make_classification(score=0.5 + n / 2001), group="", keys=[])
        assert len(tally.examples) <= 8 * 2 * len(Change) + 1
    assert [example.item_id for example in tally.report([], threshold=0.5).examples] == [1000, 999]


def test_alerts_come_and_go_by_route_and_channel(archived: Any, make_classification: Any, make_route: Any) -> None:
    """What would be sent is new unless it was made before; what was made and would not be is gone."""
    route = make_route()
    keys = [item_alert_key(route.id, route.channels[0], StoryId(n)) for n in (1, 2, 3)]
    tally = Tally()
    for n, key in zip((1, 2), keys[:2], strict=True):
        tally.note(archived(n, stored=verdict()), make_classification(topics=("ai",)), group="", keys=[key])
    tally.stored |= {keys[1], keys[2], "old/mail/story-9"}
    report = tally.report([route], threshold=0.5)
    assert [(one.route, one.channel, one.would, one.new, one.gone) for one in report.alerts] == [
        ("all", "desk", 2, 1, 1),
        ("old", "mail", 0, 0, 1),
    ]
    assert not any(report.changes.values())
    assert not report.is_same


def test_nothing_changed_is_said(archived: Any, make_classification: Any, make_route: Any) -> None:
    """Neither judgement nor alerts."""
    tally = Tally()
    judged = make_classification(topics=("ai",))
    tally.note(archived(1, stored=verdict()), judged, group="", keys=["all/desk/story-1"])
    tally.stored.add("all/desk/story-1")
    report = tally.report([make_route()], threshold=0.5)
    assert report.is_same
    assert report.warnings == ()


def warnings(tally: Tally, *routes: Route, threshold: float = 0.5) -> str:
    """Return the warnings as one text."""
    return "\n".join(tally.report(routes, threshold=threshold).warnings)


def test_an_empty_archive_is_told(make_route: Any) -> None:
    """There is nothing that young."""
    assert "No stored item is that young" in warnings(Tally(), make_route())


def test_no_flag_at_all_is_told_with_a_likely_reason(archived: Any, make_classification: Any, make_route: Any) -> None:
    """A threshold that is too high, or a lexicon without its subject."""
    tally = Tally()
    tally.note(archived(1), make_classification(relevant=False, score=0.43), group="", keys=[])
    assert "The highest score is 0.43 and classify.threshold 0.60" in warnings(tally, make_route(), threshold=0.6)
    hopeless = Tally()
    hopeless.note(archived(1), make_classification(relevant=False, score=0.02), group="", keys=[])
    assert "lexicon.d switches concepts off" in warnings(hopeless, make_route())


@pytest.mark.parametrize(
    ("match", "reason"),
    [
        (RouteMatch(topics=frozenset({"quantum"})), "no flagged item has one of its topics (quantum)"),
        (RouteMatch(jurisdictions=frozenset({"hk"})), "no flagged item has one of its jurisdictions (hk)"),
        (RouteMatch(sources=frozenset({"a", "b"})), "one of its sources (a, b)"),
        (RouteMatch(jurisdictions=frozenset({"cn"}), groups=frozenset({"hk"})), "one of its groups (hk)"),
        (RouteMatch(languages=frozenset({"zh"}), acts=frozenset({"ban"})), "one of its acts (ban)"),
        (RouteMatch(languages=frozenset({"ZH-Hant"})), "one of its languages (ZH-Hant)"),
        (RouteMatch(min_score=0.95), "its min_score is 0.95, and the highest score 0.90"),
        (RouteMatch(), "meets all its conditions at once, or an earlier route takes it"),
    ],
)
def test_a_route_that_matches_nothing_is_told_why(
    archived: Any, make_classification: Any, make_route: Any, match: RouteMatch, reason: str
) -> None:
    """The condition that no flagged item meets is named."""
    tally = Tally()
    tally.note(archived(1), make_classification(), group="crypto-zh", keys=["other/desk/story-1"])
    told = warnings(tally, make_route(id="quantum", match=match), make_route(id="other"))
    assert told.startswith("Route quantum matches nothing: ")
    assert reason in told
    assert "Route other" not in told


def test_no_route_and_a_broken_classifier_are_told(archived: Any, make_classification: Any) -> None:
    """Both are warnings; the first fault is shown."""
    tally = Tally()
    tally.note(archived(1), make_classification(), group="", keys=[])
    tally.note_fault(archived(2), ZeroDivisionError("a bug"))
    tally.note_fault(archived(3), ZeroDivisionError("another"))
    told = warnings(tally)
    assert "failed at 2 items, a fault of the program; the first: item 2: ZeroDivisionError: a bug" in told
    assert "No route is enabled" in told
