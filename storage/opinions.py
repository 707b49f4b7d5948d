"""Second opinions and what they cost, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from core.opinion import Opinion
from core.opinion_budget import OpinionMonth
from storage.tables import OpinionMonthRow, OpinionRow
from storage.upsert import in_portions, insert_into

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from core.opinion_budget import Charge

_COUNTS = ("spent", "calls", "questions", "cache_hits", "faults", "refused", "tokens_in", "tokens_out")


class SqlOpinionRepository:
    """Implements `core.opinion_repository.OpinionRepository`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def recall(self, keys: Sequence[str]) -> Mapping[str, Opinion]:
        """Return the remembered opinions by key; absent for keys that have none."""
        found: dict[str, Opinion] = {}
        for portion in in_portions(keys):
            rows = self._session.scalars(select(OpinionRow).where(OpinionRow.key.in_(portion)))
            found |= {row.key: _opinion(row.opinion) for row in rows}
        return found

    def keep(self, opinions: Mapping[str, Opinion], *, adviser: str, now: datetime) -> None:
        """Remember opinions by key, in place of earlier ones."""
        if not opinions:
            return
        stored = insert_into(self._session, OpinionRow)
        anew = {column: stored.excluded[column] for column in ("adviser", "given_at", "opinion")}
        rows = [
            {"key": key, "adviser": adviser, "given_at": now, "opinion": _value(opinion)}
            for key, opinion in sorted(opinions.items())  # in one order, so that two writers never wait for each other
        ]
        self._session.execute(stored.on_conflict_do_update(index_elements=["key"], set_=anew), rows)

    def forget(self, *, before: datetime) -> int:
        """Forget opinions given before a moment; return how many there were."""
        old = OpinionRow.given_at < before
        count = self._session.scalars(select(func.count()).select_from(OpinionRow).where(old)).one()
        self._session.execute(delete(OpinionRow).where(old))
        return count

    def reserve(self, month: str, amount: int, *, budget: int) -> bool:
        """Book an amount ahead if the month's budget still holds it; False when it does not, which is counted."""
        self._begin(month)
        row = OpinionMonthRow
        # One statement that looks and books: on PostgreSQL a second one waits for the row, and looks again.
        booked = (
            update(row)
            .where(row.month == month, row.spent + amount <= budget)
            .values(spent=row.spent + amount, calls=row.calls + 1)
            .returning(row.month)
        )
        if self._session.scalar(booked) is not None:
            return True
        self._add(month, refused=1)
        return False

    def settle(self, month: str, charge: Charge, *, now: datetime) -> None:
        """Book what a request came to in place of what was reserved for it in this month."""
        self._add(
            month,
            spent=charge.cost - charge.reserved,
            questions=charge.questions,
            tokens_in=charge.tokens_in,
            tokens_out=charge.tokens_out,
            faults=int(bool(charge.fault)),
        )
        if charge.fault:
            row = OpinionMonthRow
            told = update(row).where(row.month == month).values(last_fault=charge.fault, last_fault_at=now)
            self._session.execute(told)

    def note_hits(self, month: str, count: int) -> None:
        """Count documents that were answered from memory."""
        self._begin(month)
        self._add(month, cache_hits=count)

    def month(self, month: str) -> OpinionMonth:
        """Return the figures of a month, noughts when there are none."""
        row = self._session.get(OpinionMonthRow, month)
        if row is None:
            return OpinionMonth(month=month)
        counts = {name: getattr(row, name) for name in _COUNTS}
        return OpinionMonth(month=month, last_fault=row.last_fault, last_fault_at=row.last_fault_at, **counts)

    def _begin(self, month: str) -> None:
        """Make the row of a month when there is none."""
        new = insert_into(self._session, OpinionMonthRow).on_conflict_do_nothing(index_elements=["month"])
        self._session.execute(new, {"month": month, "last_fault": "", **dict.fromkeys(_COUNTS, 0)})

    def _add(self, month: str, **amounts: int) -> None:
        row = OpinionMonthRow
        raised = {name: getattr(row, name) + amount for name, amount in amounts.items()}
        self._session.execute(update(row).where(row.month == month).values(**raised))


def _value(opinion: Opinion) -> dict[str, Any]:
    return {
        "relevant": opinion.relevant,
        "confidence": opinion.confidence,
        "topics": list(opinion.topics),
        "act": opinion.act,
        "reason": opinion.reason,
        "translation": opinion.translation,
        "summary": list(opinion.summary),
    }


def _opinion(value: Mapping[str, Any]) -> Opinion:
    return Opinion(**{**value, "topics": tuple(value["topics"]), "summary": tuple(value["summary"])})
