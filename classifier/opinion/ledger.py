"""Remembers opinions and keeps the budget, in the database; every method is a short transaction of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from core.opinion_budget import Charge, month_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from core.opinion import Opinion, Usage
    from core.opinion_budget import Prices
    from core.ports import Clock
    from core.repositories import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Money that was set aside for a request."""

    month: str
    amount: int
    """Millionths."""


class Ledger(Protocol):
    """What a second opinion needs to remember. Safe in any thread."""

    def recall(self, keys: Sequence[str], *, count: bool) -> Mapping[str, Opinion]:
        """Return remembered opinions by key, counted as spared money when `count` is true."""
        ...

    def reserve(self, most: Usage) -> Reservation | None:
        """Set aside what a request costs at most; None when the month's budget does not hold it."""
        ...

    def settle(
        self,
        reservation: Reservation,
        usage: Usage | None,
        *,
        questions: int,
        opinions: Mapping[str, Opinion],
        adviser: str,
        fault: str = "",
    ) -> None:
        """Book a request and remember what it brought.

        Args:
            reservation: What was set aside.
            usage: What it took; None when all that was set aside may be owed.
            questions: Documents it was about.
            opinions: By key.
            adviser: Model and prompt.
            fault: What went wrong.
        """
        ...


class StoredLedger:
    """Implements `Ledger` on a database."""

    def __init__(self, database: Database, *, prices: Prices, budget: int, keep: timedelta, clock: Clock) -> None:
        """Keep a budget.

        Args:
            database: Where.
            prices: Of a thousand tokens.
            budget: Millionths a calendar month in UTC.
            keep: How long opinions are remembered.
            clock: Tells the month.
        """
        self._database = database
        self._prices = prices
        self._budget = budget
        self._keep = keep
        self._clock = clock

    def recall(self, keys: Sequence[str], *, count: bool) -> Mapping[str, Opinion]:
        """Return remembered opinions by key, counted as spared money when `count` is true."""
        with self._database.reading() as uow:
            found = uow.opinions.recall(keys)
        if found and count:
            with self._database.unit_of_work() as uow:
                uow.opinions.note_hits(month_of(self._clock.now()), len(found))
                uow.commit()
        return found

    def reserve(self, most: Usage) -> Reservation | None:
        """Set aside what a request costs at most; None when the month's budget does not hold it."""
        reservation = Reservation(month=month_of(self._clock.now()), amount=self._prices.cost(most))
        with self._database.unit_of_work() as uow:
            granted = uow.opinions.reserve(reservation.month, reservation.amount, budget=self._budget)
            uow.commit()
        return reservation if granted else None

    def settle(
        self,
        reservation: Reservation,
        usage: Usage | None,
        *,
        questions: int,
        opinions: Mapping[str, Opinion],
        adviser: str,
        fault: str = "",
    ) -> None:
        """Book a request in the month in which it was reserved, and remember what it brought."""
        now = self._clock.now()
        charge = Charge(
            reserved=reservation.amount,
            cost=reservation.amount if usage is None else self._prices.cost(usage),
            questions=questions,
            tokens_in=usage.tokens_in if usage else 0,
            tokens_out=usage.tokens_out if usage else 0,
            fault=fault,
        )
        with self._database.unit_of_work() as uow:
            uow.opinions.settle(reservation.month, charge, now=now)
            uow.opinions.keep(opinions, adviser=adviser, now=now)
            uow.commit()

    def prune(self) -> int:
        """Forget opinions that are too old; return how many there were.

        Raises:
            StorageError: The database cannot be used.
        """
        with self._database.unit_of_work() as uow:
            forgotten = uow.opinions.forget(before=self._clock.now() - self._keep)
            uow.commit()
        return forgotten
