"""What `hongtou inspect` shows of one page."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from core.classification import Stage, Zone
from core.item import Article
from hongtou.cli.inspect_view import marked, show_inspection
from hongtou.inspection import Inspection

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.classification import Classification, Evidence

TITLE = "关于区块链的通知"
TEXT = "上海市印发区块链方案。" + "其余内容。" * 200


def shown(classification: Classification, *, colours: bool = False, text: str = TEXT) -> str:
    """Return what is printed."""
    article = Article(url="https://a.example/", title=TITLE, text=text, language="zh")
    console = Console(
        file=io.StringIO(), width=200, force_terminal=colours, color_system="standard" if colours else None
    )
    show_inspection(console, Inspection(article=article, classification=classification, source=None))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_tells_all_facts(make_classification: Callable[..., Classification]) -> None:
    """Stage, both days and the gloss stand among the facts, and what is not known is left out."""
    days = {"effective_on": date(2026, 1, 1), "comments_until": date(2025, 8, 10)}
    full = shown(make_classification(stage=Stage.DRAFT, gloss="Notice on blockchain", **days))
    for words in ("RELEVANT", "Notice on blockchain", "draft", "2026-01-01", "2025-08-10", TITLE, "pattern"):
        assert words in full
    bare = shown(make_classification(relevant=False), text="")
    assert "not relevant" in bare
    assert not any(word in bare for word in ("gloss", "stage", "lead", "effective on"))


def test_a_long_text_is_cut_behind_the_evidence(
    make_classification: Callable[..., Classification], make_evidence: Callable[..., Evidence]
) -> None:
    """The text is shown to the end of the lead's last evidence, and the cut is marked."""
    far = make_evidence(zone=Zone.LEAD, start=500, end=504, text=TEXT[500:504])
    assert f"{TEXT[:504]} …" in shown(make_classification(evidence=(far,))).replace("\n", "")


def test_the_rest_of_the_contributions_is_summed_up(
    make_classification: Callable[..., Classification], make_evidence: Callable[..., Evidence]
) -> None:
    """Twelve rows are shown, and what the others added together; information adds nothing."""
    parts = [make_evidence(contribution=1.0) for _ in range(12)]
    parts += [make_evidence(contribution=-0.25), make_evidence(contribution=-0.5), make_evidence(contribution=0.0)]
    told = shown(make_classification(evidence=tuple(parts)))
    assert told.count("+1.00") == 12
    assert "-0.75" in told
    assert "2 more" in told


@pytest.mark.parametrize(
    ("contribution", "kind", "style"),
    [
        (2.0, "technology", "bold cyan"),
        (-0.2, "market", "red"),
        (0.0, "place", "dim blue"),
        (1.0, "pattern", "bold underline"),
    ],
)
def test_evidence_is_coloured(
    make_evidence: Callable[..., Evidence], contribution: float, kind: str, style: str
) -> None:
    """Kind gives the colour, contribution the strength."""
    part = make_evidence(zone=Zone.TITLE, start=2, end=5, kind=kind, contribution=contribution)
    spans = marked(TITLE, [part]).spans
    assert [(span.start, span.end, span.style) for span in spans] == [(2, 5, style)]


def test_the_stronger_of_two_shows(make_evidence: Callable[..., Evidence]) -> None:
    """Where two overlap, the one that counted more is laid on last; offsets beyond the text do no harm."""
    weak = make_evidence(zone=Zone.TITLE, start=0, end=99, kind="act", contribution=0.1)
    strong = make_evidence(zone=Zone.TITLE, start=2, end=5, kind="technology", contribution=2.0)
    assert [str(span.style) for span in marked(TITLE, [strong, weak]).spans] == ["yellow", "bold cyan"]


def test_colours_reach_the_terminal(
    make_classification: Callable[..., Classification], make_evidence: Callable[..., Evidence]
) -> None:
    """A terminal gets escape codes; a pipe none."""
    judged: Any = make_classification(evidence=(make_evidence(zone=Zone.TITLE, start=2, end=5),))
    assert "\x1b[" in shown(judged, colours=True)
    assert "\x1b[" not in shown(judged)
