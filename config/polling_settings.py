"""Settings of how often sources are asked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.fields import Section

Weight = Annotated[float, Field(gt=0, le=1000)]


class PollingSettings(Section):
    """How often sources are asked, all together and against each other."""

    budget_per_hour: Annotated[float, Field(ge=1, le=100_000)] = 240.0
    """Lists asked for in an hour, of all sources together, on average over a week."""
    peak: Annotated[float, Field(ge=1, le=100)] = 4.0
    """How many times that may be asked for in the busiest hour."""
    authority_weight: Weight = 2.0
    """How much the delay of an authority's item matters against that of a press item."""
    tier_weights: Annotated[tuple[Weight, ...], Field(min_length=1)] = (2.0, 1.0, 0.5)
    """How much an item of each tier matters, the first tier first; the last holds for further tiers."""
    holidays: bool = True
    """Whether public holidays and make-up workdays are known; without it all weeks are alike."""
