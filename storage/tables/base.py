"""What all tables have in common: names of constraints, and how Python types are stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase

from core.alert import AlertKind, AlertState, Hold
from core.classification import Stage
from core.incident import Fault
from core.item import BodyOrigin, DateOrigin, DatePrecision
from core.notices import NoticeKind
from core.outcome import Answer
from core.stories import Relation, StoryChange, StoryEventKind
from storage.columns import PlainJson, PlainText, Seconds, UtcDateTime, word_of

BIG = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column of type INTEGER."""


_OF_ALERTS = (AlertKind, AlertState, Hold, NoticeKind)
_OF_STORIES = (Relation, Stage, StoryChange, StoryEventKind)


class Base(DeclarativeBase):
    """Names constraints alike on every database, and says how Python types are stored."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        timedelta: Seconds,
        str: PlainText,
        list[str]: PlainJson,
        list[dict[str, str]]: PlainJson,
        dict[str, Any]: PlainJson,
        **{
            kind: word_of(kind)
            for kind in (Answer, BodyOrigin, DateOrigin, DatePrecision, Fault, *_OF_ALERTS, *_OF_STORIES)
        },
    }
