"""Operator notices: what the program itself has to say to the people who run it. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoticeKind(StrEnum):
    """Kinds of operator notices, which the operators' route can tell apart."""

    SOURCE = "source"
    """A source that fails or is unusually silent, and its reminders."""
    RECOVERY = "recovery"
    """Something that was told of is well again."""
    NETWORK = "network"
    DELIVERY = "delivery"
    """A dead delivery."""
    STORM = "storm"
    """More alerts than the breaker allows were put into one digest."""
    DISK = "disk"
    DATABASE = "database"
    CONFIG = "config"
    """An edit was refused, or took effect with a remark."""
    BUDGET = "budget"
    """Of second opinions."""
    UPGRADE = "upgrade"
    """The database's schema was brought up to this program."""
    RESTART = "restart"
    """Started again after a crash."""
    MISMATCH = "mismatch"
    """Alerts that went in and those that came out do not add up."""
    HEARTBEAT = "heartbeat"
    """All is well; off unless asked for."""


URGENT = frozenset({NoticeKind.DELIVERY, NoticeKind.DISK, NoticeKind.DATABASE, NoticeKind.MISMATCH})
"""Kinds that ring in quiet hours too: while they last, alerts may be lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell the operators, once."""

    kind: NoticeKind
    key: str
    """Told once a channel for each key, also after a restart."""
    subject: str
    body: str
    """What happened, where, and what to do next."""
    recovers: NoticeKind | None = None
    """Of a recovery: the kind of what is well again. Where that kind is never told, neither is this."""
