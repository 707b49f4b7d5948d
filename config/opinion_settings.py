"""Settings of the second opinion by a language model."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from config.fields import PositiveDuration, Section
from config.home import expand_home

ENDPOINT_PATTERN = r"^(https?://[^\s/?#@]+(/[^\s?#@]*)?)?$"
"""An http(s) address without user, password, query and fragment, which would end up in messages; or nothing."""


class SecondOpinionSettings(Section):
    """Whether a language model is asked about items near the threshold, and what that may cost."""

    enabled: bool = False
    """Whether a model is asked; needs `base_url`, `model` and both prices."""
    base_url: Annotated[str, Field(pattern=ENDPOINT_PATTERN)] = ""
    """Address of an OpenAI-compatible interface, without `/chat/completions`: `https://api.example.org/v1`."""
    model: Annotated[str, Field(max_length=200)] = ""
    """Model, as the endpoint calls it."""
    key: SecretStr | None = None
    """Key, sent as a bearer token; keep it in `${ENV}` or use `key_file`. None for an endpoint without one."""
    margin: Annotated[float, Field(gt=0, le=0.5)] = 0.25
    """How far from `classify.threshold` a score may lie to be asked about: 0.25 asks from 0.25 to 0.75."""
    weight: Annotated[float, Field(gt=0, le=3)] = 1.0
    """How much an opinion counts beside the words; 1 as a witness who is right at most nine times in ten."""
    translate: bool = False
    """Whether flagged Chinese items get an English title and a summary of two lines, also far from the threshold."""
    monthly_budget: Annotated[float, Field(ge=0, le=1_000_000)] = 5.0
    """Most to spend in a calendar month (UTC), in the money of the prices; then items go without."""
    price_in: Annotated[float, Field(ge=0)] | None = None
    """Price of 1,000 tokens that are sent; 0 for a model of your own."""
    price_out: Annotated[float, Field(ge=0)] | None = None
    """Price of 1,000 tokens that come back."""
    timeout: PositiveDuration = timedelta(seconds=20)
    """Longest time for one request in all."""
    concurrency: Annotated[int, Field(ge=1, le=16)] = 2
    """Requests under way at once."""
    batch: Annotated[int, Field(ge=1, le=20)] = 4
    """Items in one request where several wait; 1 keeps every page to itself."""
    max_text: Annotated[int, Field(ge=200, le=100_000)] = 6000
    """Characters of a text that are sent."""
    max_answer: Annotated[int, Field(ge=100, le=16_000)] = 600
    """Tokens of the answer about one item; models that think aloud need some thousands."""
    prompt: Annotated[Path, AfterValidator(expand_home)] | None = None
    """Template of your own for what counts as relevant; see docs/second-opinion.md."""
    keep: PositiveDuration = timedelta(days=90)
    """How long answers are remembered, so that the same question is not paid for twice."""

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        needed = ("base_url", "model", "price_in", "price_out") if self.enabled else ()
        missing = [name for name in needed if getattr(self, name) in (None, "")]
        if missing:
            raise ValueError(f"needs {', '.join(f'`{name}`' for name in missing)} when it is enabled")
        if self.key is not None and not re.fullmatch(r"[\x21-\x7e]+", self.key.get_secret_value()):
            raise ValueError("needs a `key` of printable ASCII characters without spaces")
        return self
