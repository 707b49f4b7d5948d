"""Tables of stories: what is known of each, its names, log and ties, and the marks by which its items are known."""

# ruff: noqa: TC001, TC003 - SQLAlchemy reads the annotations at run time

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.classification import Stage
from core.stories import Relation, StoryEventKind
from storage.tables.base import BIG, Base


class StoryRow(Base):
    """One story; one that was merged into another has no row any more."""

    __tablename__ = "stories"
    __table_args__ = (
        Index(None, "last_seen_at"),
        Index(None, "relevant", "last_seen_at"),
        # An id is never given twice: dedup keys of alerts hold it for ever.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BIG, Identity(), primary_key=True)
    title: Mapped[str]
    gloss: Mapped[str]
    language: Mapped[str]
    relevant: Mapped[bool]
    score: Mapped[float]
    jurisdiction: Mapped[str]
    act: Mapped[str]
    stage: Mapped[Stage | None]
    topics: Mapped[list[str]]
    languages: Mapped[list[str]]
    items: Mapped[int]
    sources: Mapped[int]
    primary_item_id: Mapped[int | None] = mapped_column(BIG)
    began_at: Mapped[datetime]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class StoryNameRow(Base):
    """The id of a story that was merged, and the story to which it leads."""

    __tablename__ = "story_names"
    __table_args__ = (Index(None, "story_id"),)

    name: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    story_id: Mapped[int] = mapped_column(BIG, ForeignKey("stories.id", ondelete="CASCADE"))


class StoryEventRow(Base):
    """One entry of a story's log."""

    __tablename__ = "story_log"
    __table_args__ = (Index(None, "story_id", "at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BIG, Identity(), primary_key=True)
    story_id: Mapped[int] = mapped_column(BIG, ForeignKey("stories.id", ondelete="CASCADE"))
    kind: Mapped[StoryEventKind]
    at: Mapped[datetime]
    # No foreign key: what happened is remembered when the item is gone.
    item_id: Mapped[int | None] = mapped_column(BIG)
    reason: Mapped[str]


class StoryKinRow(Base):
    """A tie between two stories; of two stories there is one at most."""

    __tablename__ = "story_kin"
    __table_args__ = (Index(None, "earlier_id"),)

    later_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    earlier_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    relation: Mapped[Relation]
    reason: Mapped[str]
    by_hand: Mapped[bool]


class StoryVetoRow(Base):
    """Two stories that a user keeps apart, the one with the lower id first."""

    __tablename__ = "story_vetoes"
    __table_args__ = (Index(None, "other_id"),)

    one_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    other_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class StoryKeyRow(Base):
    """One key under which other tellings of an item's event find it."""

    __tablename__ = "story_keys"
    # Nothing but the key: what else is known stands once an item in `story_traits`, which leads back here.
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class StoryTraitsRow(Base):
    """What of an item is compared with others, and all its keys, so that they can be taken away again."""

    __tablename__ = "story_traits"
    __table_args__ = (Index(None, "relevant", "seen_at"),)

    # No foreign key: the keys must be found here when their item is gone.
    item_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]
    relevant: Mapped[bool]
    version: Mapped[str]
    packed_keys: Mapped[bytes] = mapped_column(LargeBinary)
    packed_traits: Mapped[bytes] = mapped_column(LargeBinary)
