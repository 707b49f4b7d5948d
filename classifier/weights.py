"""Every weight of the judgement, in one place, in units of log-odds.

Set by hand from what the labelling guide asks (an act of an authority, about an emerging technology) and from the
classes of errors on written and real items; docs/classification.md tells what each is for. They add up: a document
starts at `prior`, and its score is the logistic of the sum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_IN_TITLE: Mapping[str, float] = {
    "price": -2.2, "product": -1.5, "funding-round": -2.2, "company": -1.5, "procurement": -3.5, "contest": -1.5,
    "training": -2.5, "job": -2.5, "visit": -2.2, "opinion": -2.8, "exhibition": -1.8, "crime": -1.5, "advert": -3.0,
    "usage": -1.6, "personnel": -2.5, "service": -1.5, "research": -1.8, "conflict": -2.5, "background": 0.0,
}  # fmt: skip
_IN_LEAD: Mapping[str, float] = {
    "price": -0.8, "product": -0.7, "funding-round": -0.8, "company": -0.6, "procurement": -1.5, "contest": -0.6,
    "training": -0.8, "job": -0.8, "visit": -1.0, "opinion": -0.5, "exhibition": -0.8, "crime": -0.8, "advert": -1.0,
    "usage": -0.8, "personnel": -0.8, "service": -0.5, "research": -0.6, "conflict": -1.0, "background": 0.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Log-odds; each is multiplied by a strength between 0 and 1 that its feature measures."""

    prior: float = -2.85
    """Before anything is read."""

    # What about: the best-placed technology counts.
    technology_in_title: float = 2.0
    technology_in_document_title: float = 1.7
    """In 《…》 of the text, the name of the paper that the item reports."""
    technology_in_lead: float = 1.3
    technology_in_body: float = 0.3
    technology_repeated: float = 0.4
    """The text comes back to it: full strength from four mentions."""
    technology_enumerated: float = -1.0
    """It is only ever named among other things."""
    technology_in_passing: float = -1.1
    """The title does not name one, and few clauses of the text do."""
    no_technology: float = -4.0
    title_on_other: float = -1.7
    """The title is a paper's, or tells who issues what, and names no technology: it is on something else."""

    # What act: the best-placed act counts.
    official_title: float = 2.0
    """The title has the form of an authority's own paper."""
    act_in_title: float = 1.9
    """Somebody with authority does something in the title."""
    act_in_opening: float = 1.7
    act_in_lead: float = 1.4
    act_in_body: float = 0.3
    no_act: float = -1.0

    # Both in one clause.
    act_on_technology_in_title: float = 2.0
    act_on_technology_in_opening: float = 2.2
    """In the first clause of the text, which tells the news."""
    act_on_technology_in_lead: float = 1.4
    act_on_technology_in_body: float = 0.3
    act_in_title_on_lead: float = 1.3
    """The act stands in the title, the technology in the lead."""
    act_in_lead_on_title: float = 1.0
    """The act stands in the lead, the technology in the title."""

    # Who says so.
    authority_voice: float = 0.3
    """The source, or the page's host, is an authority's."""
    document_number: float = 0.4
    document_named: float = 0.2
    """The text names a paper by its title."""

    signal_in_title: Mapping[str, float] = field(default_factory=lambda: _IN_TITLE)
    """Counter-vocabulary in the title, by signal."""
    signal_in_lead: Mapping[str, float] = field(default_factory=lambda: _IN_LEAD)
    """Counter-vocabulary in the lead: full strength from three mentions."""
    signal_in_body: float = -0.5
    """Counter-vocabulary that fills the text: full strength at one mention in forty characters or ten words."""
