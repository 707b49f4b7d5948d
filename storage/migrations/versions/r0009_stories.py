"""Stories: what is known of each, names, log, ties, and the marks by which their items are known.

Revision 0009, after 0008. What an item's `story_id` named becomes a story of the same id, filled from its items.
"""

import re
from collections import Counter
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
WORD = sa.String(20)
UNLINKED = "story_id IS NULL"
PORTION = 1_000
STORY = re.compile(r"[^/]+/[^/]+/story-(\d+)(?:/|$)")

ITEMS = sa.table(
    "items",
    sa.column("id", ID),
    sa.column("story_id", ID),
    sa.column("source_id", sa.Text()),
    sa.column("title", sa.Text()),
    sa.column("gloss", sa.Text()),
    sa.column("language", sa.Text()),
    sa.column("relevant", sa.Boolean()),
    sa.column("score", sa.Double()),
    sa.column("jurisdiction", sa.Text()),
    sa.column("act", sa.Text()),
    sa.column("stage", WORD),
    sa.column("topics", JSON),
    sa.column("published_at", TIME),
    sa.column("first_seen_at", TIME),
)
OUTBOX = sa.table(
    "outbox",
    sa.column("id", ID),
    sa.column("kind", WORD),
    sa.column("dedup_key", sa.Text()),
    sa.column("story_id", ID),
)


def upgrade() -> None:
    op.drop_index("ix_items_content_hash_first_seen_at", "items")
    op.drop_index("ix_items_story_id", "items")
    op.create_index("ix_items_story_id_id", "items", ["story_id", "id"])
    op.create_index(
        "ix_items_unlinked", "items", ["id"], sqlite_where=sa.text(UNLINKED), postgresql_where=sa.text(UNLINKED)
    )
    op.add_column("outbox", sa.Column("story_id", ID))
    stories = _create_stories()
    _create_ties()
    _create_marks()
    _fill_stories(stories)
    _fill_outbox()
    op.create_index("ix_outbox_story_id", "outbox", ["story_id"])
    # An alert of old may name a story whose items are gone: what was ever a number of an item is none of a new story.
    _continue_after("stories", _last_given("items"))


def downgrade() -> None:
    last = max(_last_given("items"), _last_given("stories"))
    op.drop_index("ix_outbox_story_id", "outbox")
    op.drop_column("outbox", "story_id")
    for table in ("story_traits", "story_keys", "story_vetoes", "story_kin", "story_log", "story_names", "stories"):
        op.drop_table(table)
    # A new item names its story by its own number, which must be that of no story that there was.
    own = ITEMS.update().where(ITEMS.c.story_id.is_(None)).values(story_id=ITEMS.c.id + last)
    waited = op.get_bind().execute(own).rowcount
    _continue_after("items", 2 * last if waited else last)
    op.drop_index("ix_items_unlinked", "items")
    op.drop_index("ix_items_story_id_id", "items")
    op.create_index("ix_items_story_id", "items", ["story_id"])
    op.create_index("ix_items_content_hash_first_seen_at", "items", ["content_hash", "first_seen_at"])


def _create_stories() -> sa.Table:
    stories = op.create_table(
        "stories",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("gloss", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("stage", WORD),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.Column("primary_item_id", ID),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("last_seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stories_last_seen_at", "stories", ["last_seen_at"])
    op.create_index("ix_stories_relevant_last_seen_at", "stories", ["relevant", "last_seen_at"])
    op.create_table(
        "story_names",
        sa.Column("name", ID, nullable=False, autoincrement=False),
        sa.Column("story_id", ID, nullable=False),
        _of_story("story_id", name="fk_story_names_story_id_stories"),
        sa.PrimaryKeyConstraint("name", name="pk_story_names"),
    )
    op.create_index("ix_story_names_story_id", "story_names", ["story_id"])
    op.create_table(
        "story_log",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("item_id", ID),
        sa.Column("reason", sa.Text(), nullable=False),
        _of_story("story_id", name="fk_story_log_story_id_stories"),
        sa.PrimaryKeyConstraint("id", name="pk_story_log"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_story_log_story_id_at", "story_log", ["story_id", "at"])
    return stories


def _of_story(column: str, *, name: str) -> sa.ForeignKeyConstraint:
    """Return that what a row tells is of a story, and goes with it."""
    return sa.ForeignKeyConstraint([column], ["stories.id"], name=name, ondelete="CASCADE")


def _create_ties() -> None:
    op.create_table(
        "story_kin",
        sa.Column("later_id", ID, nullable=False, autoincrement=False),
        sa.Column("earlier_id", ID, nullable=False, autoincrement=False),
        sa.Column("relation", WORD, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        _of_story("later_id", name="fk_story_kin_later_id_stories"),
        _of_story("earlier_id", name="fk_story_kin_earlier_id_stories"),
        sa.PrimaryKeyConstraint("later_id", "earlier_id", name="pk_story_kin"),
    )
    op.create_index("ix_story_kin_earlier_id", "story_kin", ["earlier_id"])
    op.create_table(
        "story_vetoes",
        sa.Column("one_id", ID, nullable=False, autoincrement=False),
        sa.Column("other_id", ID, nullable=False, autoincrement=False),
        _of_story("one_id", name="fk_story_vetoes_one_id_stories"),
        _of_story("other_id", name="fk_story_vetoes_other_id_stories"),
        sa.PrimaryKeyConstraint("one_id", "other_id", name="pk_story_vetoes"),
    )
    op.create_index("ix_story_vetoes_other_id", "story_vetoes", ["other_id"])


def _create_marks() -> None:
    op.create_table(
        "story_keys",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "item_id", name="pk_story_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_traits",
        sa.Column("item_id", ID, nullable=False, autoincrement=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("packed_keys", sa.LargeBinary(), nullable=False),
        sa.Column("packed_traits", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_story_traits"),
    )
    op.create_index("ix_story_traits_relevant_seen_at", "story_traits", ["relevant", "seen_at"])


def _fill_stories(stories: sa.Table) -> None:
    """Make the stories that items name, a portion of items at a time; the last story of a portion waits for the next."""
    waiting: list[sa.Row[Any]] = []
    place = (0, 0)
    ordered = sa.select(ITEMS).order_by(ITEMS.c.story_id, ITEMS.c.id).limit(PORTION)
    while found := op.get_bind().execute(ordered.where(sa.tuple_(ITEMS.c.story_id, ITEMS.c.id) > place)).all():
        place = (found[-1].story_id, found[-1].id)
        told = [list(items) for _, items in groupby(waiting + list(found), key=lambda item: item.story_id)]
        waiting = told.pop()
        if told:
            op.bulk_insert(stories, [_story(items) for items in told])
    if waiting:
        op.bulk_insert(stories, [_story(waiting)])


def _story(items: list[sa.Row[Any]]) -> dict[str, object]:
    """Return the story of items: named by the first relevant one published, else by the first."""
    published = sorted(items, key=lambda item: (item.published_at, item.id))
    named = next((item for item in published if item.relevant), published[0])
    topics = Counter(topic for item in published for topic in item.topics or ())
    return {
        "id": named.story_id,
        "title": named.title,
        "gloss": named.gloss or "",
        "language": named.language,
        "relevant": any(item.relevant for item in items),
        "score": max(item.score or 0.0 for item in items),
        "jurisdiction": named.jurisdiction or "",
        "act": named.act or "none",
        "stage": named.stage,
        "topics": [topic for topic, _ in topics.most_common()],
        "languages": list(dict.fromkeys(item.language for item in published if item.language)),
        "items": len(items),
        "sources": len({item.source_id for item in items}),
        "primary_item_id": None,
        "began_at": published[0].published_at,
        "first_seen_at": min(item.first_seen_at for item in items),
        "last_seen_at": max(item.first_seen_at for item in items),
    }


def _fill_outbox() -> None:
    """Read which story an alert tells of out of its key."""
    place = 0
    ordered = sa.select(OUTBOX.c.id, OUTBOX.c.dedup_key).where(OUTBOX.c.kind == "item").order_by(OUTBOX.c.id)
    change = OUTBOX.update().where(OUTBOX.c.id == sa.bindparam("alert")).values(story_id=sa.bindparam("story"))
    while found := op.get_bind().execute(ordered.where(OUTBOX.c.id > place).limit(PORTION)).all():
        place = found[-1].id
        named = [(alert, STORY.match(key)) for alert, key in found]
        if rows := [{"alert": alert, "story": int(match[1])} for alert, match in named if match]:
            op.get_bind().execute(change, rows)


def _last_given(table: str) -> int:
    """Return the last number that the database gave by itself, or was given, for a table; 0 for none."""
    bind = op.get_bind()
    there = bind.scalar(sa.text(f"SELECT max(id) FROM {table}")) or 0
    if bind.dialect.name == "sqlite":
        given = bind.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table}) or 0
    else:
        given = bind.scalar(sa.text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {table}_id_seq"))
    return max(there, given)


def _continue_after(table: str, last: int) -> None:
    """Let the next number of a table be higher than one, and than all that are there."""
    bind, last = op.get_bind(), max(last, _last_given(table))
    if last and bind.dialect.name == "postgresql":
        bind.execute(sa.text("SELECT setval(:name, :last)"), {"name": f"{table}_id_seq", "last": last})
    elif last:
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
        given = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
        bind.execute(given, {"name": table, "last": last})
