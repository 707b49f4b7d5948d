"""How `hongtou inspect` shows one page: verdict, facts, the words that counted in colours, and what each added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from core.classification import Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

    from core.classification import Classification, Evidence
    from hongtou.inspection import Inspection

_COLOURS = {
    "technology": "cyan", "programme": "cyan", "authority": "magenta", "place": "blue", "act": "yellow",
    "instrument": "green", "market": "red",
}  # fmt: skip
"""One colour a kind of concept; patterns have none of their own and underline where they were seen."""
_STRONG = 0.5
"""Log-odds from which a contribution is shown in bold: it moves a score of one half by more than a tenth."""
_ROWS = 12
_LEAD = 400
"""Characters of the text that are shown at least; more where evidence of the lead ends later."""


def show_inspection(console: Console, result: Inspection) -> None:
    """Print what was made of one page."""
    judged = result.classification
    style = "bold green" if judged.relevant else "yellow"
    console.print(
        Text("RELEVANT" if judged.relevant else "not relevant", style=style),
        Text(f"score {judged.score:.2f}  {judged.reason}"),
    )
    for name, value in _facts(result):
        console.print(Text(f"{name:>13}  ", style="dim"), value, sep="")
    console.print(Text(f"{'colours':>13}  ", style="dim"), _legend(), sep="")
    console.print(_contributions(judged))


def _facts(result: Inspection) -> Iterator[tuple[str, Text]]:
    """Yield what there is to say, title and lead with their evidence marked."""
    article, judged = result.article, result.classification
    yield "title", marked(article.title, _of(judged, Zone.TITLE))
    plain = {
        "gloss": judged.gloss,
        "by machine": "\n".join(part for part in (judged.translation, *judged.summary) if part),
        "published": f"{article.published.at.isoformat()} (from {article.published.origin})"
        if article.published
        else "",
        "issuer": article.issuer,
        "topics": ", ".join(judged.topics),
        "jurisdiction": judged.jurisdiction or "",
        "act": judged.act,
        "stage": judged.stage.value if judged.stage else "",
        "effective on": judged.effective_on.isoformat() if judged.effective_on else "",
        "comments until": judged.comments_until.isoformat() if judged.comments_until else "",
        "documents": " / ".join(judged.documents),
        "numbers": ", ".join(judged.document_numbers),
        "attachments": ", ".join(attachment.name for attachment in article.attachments),
        "text": f"{len(article.text)} characters, {article.language}, from {article.body_origin}",
    }
    yield from ((name, Text(value)) for name, value in plain.items() if value)
    lead = _of(judged, Zone.LEAD)
    end = max((part.end for part in lead), default=0)
    shown = article.text[: max(end, _LEAD)]
    if shown:
        yield "lead", marked(shown, lead).append("" if len(shown) == len(article.text) else " …", style="dim")


def _of(judged: Classification, zone: Zone) -> list[Evidence]:
    return [part for part in judged.evidence if part.zone is zone]


def marked(text: str, evidence: Iterable[Evidence]) -> Text:
    """Return text with its evidence coloured by kind, bold where it counted much, dim where it was for information.

    Args:
        text: What the offsets of the evidence are into.
        evidence: Of one zone, in any order; where two overlap, the one that counted more shows.
    """
    shown = Text(text)
    for part in sorted(evidence, key=lambda part: abs(part.contribution)):
        shown.stylize(_style(part), part.start, min(part.end, len(text)))
    return shown


def _style(part: Evidence) -> str:
    strength = "bold " if abs(part.contribution) >= _STRONG else "" if part.contribution else "dim "
    return strength + _COLOURS.get(part.kind, "underline")


def _legend() -> Text:
    legend = Text()
    for kind, colour in _COLOURS.items():
        legend.append(kind, style=colour).append("  ")
    return legend.append("pattern", style="underline").append("  bold: counted much; dim: counted nothing", style="dim")


def _contributions(judged: Classification) -> Table:
    """Return what counted, the strongest first, and the sum of the rest."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("adds", justify="right")
    for column in ("words", "concept", "where"):
        table.add_column(column)
    counted = [part for part in judged.evidence if part.contribution]
    for part in counted[:_ROWS]:
        sign = "green" if part.contribution > 0 else "red"
        words = Text(" ".join(part.text.split())[:60], style=_COLOURS.get(part.kind, ""))
        table.add_row(Text(f"{part.contribution:+.2f}", style=sign), words, Text(part.concept), part.zone.value)
    rest = counted[_ROWS:]
    if rest:
        added = sum(part.contribution for part in rest)
        table.add_row(f"{added:+.2f}", Text(f"{len(rest)} more", style="dim"), "", "")
    return table
