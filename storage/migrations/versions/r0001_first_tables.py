"""First tables: sources, items with keys, sightings and revisions, outbox with deliveries, digests.

Revision 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
WORD = sa.String(20)


def _content() -> list[sa.Column[object]]:
    return [
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("published_at", TIME, nullable=False),
        sa.Column("published_precision", WORD, nullable=False),
        sa.Column("published_origin", WORD, nullable=False),
        sa.Column("published_raw", sa.Text(), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("document_numbers", JSON, nullable=False),
        sa.Column("attachments", JSON, nullable=False),
        sa.Column("body_origin", WORD, nullable=False),
        sa.Column("page_problem", WORD),
        sa.Column("page_attempts", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("relevant", sa.Boolean()),
        sa.Column("score", sa.Double()),
        sa.Column("jurisdiction", sa.Text()),
        sa.Column("act", sa.Text()),
        sa.Column("topics", JSON),
        sa.Column("judgement", JSON),
        sa.Column("classifier", sa.Text()),
    ]


def upgrade() -> None:
    op.create_table(
        "source_state",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("next_due_at", TIME, nullable=False),
        sa.Column("claimed_until", TIME),
        sa.Column("first_synced_at", TIME),
        sa.Column("last_polled_at", TIME),
        sa.Column("last_success_at", TIME),
        sa.Column("last_new_at", TIME),
        sa.Column("last_answer", WORD),
        sa.Column("last_status", sa.Integer()),
        sa.Column("last_detail", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("empties", sa.Integer(), nullable=False),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("interval_s", sa.Double()),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name="pk_source_state"),
    )
    op.create_index("ix_source_state_next_due_at", "source_state", ["next_due_at"])

    op.create_table(
        "items",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("story_id", ID),
        *_content(),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_items_content_hash_first_seen_at", "items", ["content_hash", "first_seen_at"])
    op.create_index("ix_items_first_seen_at", "items", ["first_seen_at"])
    op.create_index("ix_items_relevant_first_seen_at", "items", ["relevant", "first_seen_at"])
    op.create_index("ix_items_story_id", "items", ["story_id"])

    op.create_table(
        "item_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_item_keys_item_id_items", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name="pk_item_keys"),
    )
    op.create_index("ix_item_keys_item_id", "item_keys", ["item_id"])

    op.create_table(
        "item_sources",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("entry_hash", sa.Text(), nullable=False),
        sa.Column("first_seen_at", TIME, server_default=sa.func.current_timestamp(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_item_sources_item_id_items", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "source_id", name="pk_item_sources"),
    )

    op.create_table(
        "revisions",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("entry_hash", sa.Text(), nullable=False),
        *_content(),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_revisions_item_id_items", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "revision", name="pk_revisions"),
    )

    op.create_table(
        "outbox",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("dedup_key", sa.Text(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("route", sa.Text()),
        sa.Column("item_id", ID),
        sa.Column("digest_id", ID),
        sa.Column("state", WORD, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", TIME),
        sa.Column("claimed_until", TIME),
        sa.Column("sent_at", TIME),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("possible_repeat", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_outbox_item_id_items", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["digest_id"], ["outbox.id"], name="fk_outbox_digest_id_outbox", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedup_key", name="uq_outbox_dedup_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_state_created_at", "outbox", ["state", "created_at"])
    op.create_index("ix_outbox_digest_id", "outbox", ["digest_id"])
    op.create_index("ix_outbox_item_id", "outbox", ["item_id"])

    op.create_table(
        "deliveries",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", TIME, server_default=sa.func.current_timestamp(), nullable=False),
        sa.Column("outcome", WORD, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["outbox.id"], name="fk_deliveries_alert_id_outbox", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_alert_id", "deliveries", ["alert_id"])

    op.create_table(
        "digests",
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("closed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("route", name="pk_digests"),
    )


def downgrade() -> None:
    for table in ("digests", "deliveries", "outbox", "revisions", "item_sources", "item_keys", "items", "source_state"):
        op.drop_table(table)
