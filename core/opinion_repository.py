"""What a use case may ask of the database about second opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from core.opinion import Opinion
    from core.opinion_budget import Charge, OpinionMonth


class OpinionRepository(Protocol):
    """Second opinions that were given, and what they cost."""

    def recall(self, keys: Sequence[str]) -> Mapping[str, Opinion]:
        """Return the remembered opinions by key; absent for keys that have none."""
        ...

    def keep(self, opinions: Mapping[str, Opinion], *, adviser: str, now: datetime) -> None:
        """Remember opinions by key, in place of earlier ones."""
        ...

    def forget(self, *, before: datetime) -> int:
        """Forget opinions given before a moment; return how many there were."""
        ...

    def reserve(self, month: str, amount: int, *, budget: int) -> bool:
        """Book an amount ahead if the month's budget still holds it; False when it does not, which is counted.

        However many do so at once, together they never book more than the budget. Durable when this unit of work
        commits.

        Args:
            month: Calendar month in UTC, `2026-11`.
            amount: Millionths, 0 or more.
            budget: Millionths in all.
        """
        ...

    def settle(self, month: str, charge: Charge, *, now: datetime) -> None:
        """Book what a request came to in place of what was reserved for it in this month."""
        ...

    def note_hits(self, month: str, count: int) -> None:
        """Count documents that were answered from memory."""
        ...

    def month(self, month: str) -> OpinionMonth:
        """Return the figures of a month, noughts when there are none."""
        ...
