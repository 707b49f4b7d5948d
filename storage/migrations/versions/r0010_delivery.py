"""Delivery: why alerts are held and until when, the parts they are sent in, silences, and dedup keys beyond pruning.

Revision 0010, after 0009. What was held waits for its route's digest.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
WORD = sa.String(20)

OUTBOX = sa.table("outbox", sa.column("state", WORD), sa.column("held_for", WORD))
TOTALS = sa.table("outbox_totals", sa.column("name", sa.Text()), sa.column("alerts", sa.BigInteger()))


def columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("change", WORD),
        sa.Column("notice", WORD),
        sa.Column("held_for", WORD),
        sa.Column("release_at", TIME),
        sa.Column("held_group", sa.Text(), nullable=False, server_default=""),
        sa.Column("silence_id", ID),
    ]


def upgrade() -> None:
    for column in columns():
        op.add_column("outbox", column)
    op.execute(OUTBOX.update().where(OUTBOX.c.state.in_(["held", "bundled"])).values(held_for="digest"))
    op.create_index("ix_outbox_state_held_for_created_at", "outbox", ["state", "held_for", "created_at"])
    op.create_index("ix_outbox_sent_at", "outbox", ["sent_at"])
    op.create_table(
        "alert_parts",
        sa.Column("alert_id", ID, sa.ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("part", JSON, nullable=False),
        sa.Column("sent_at", TIME),
    )
    op.create_table(
        "silences",
        sa.Column("id", ID, sa.Identity(), primary_key=True),
        sa.Column("match", JSON, nullable=False),
        sa.Column("routes", JSON, nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_silences_ends_at", "silences", ["ends_at"])
    op.create_table(
        "told_keys",
        sa.Column("dedup_key", sa.Text(), primary_key=True),
        sa.Column("pruned_at", TIME, nullable=False),
    )
    op.create_index("ix_told_keys_pruned_at", "told_keys", ["pruned_at"])
    op.create_table(
        "outbox_totals",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("alerts", sa.BigInteger(), nullable=False),
    )
    already = sa.select(sa.literal("added"), sa.func.count()).select_from(OUTBOX).having(sa.func.count() > 0)
    op.execute(TOTALS.insert().from_select(["name", "alerts"], already))


def downgrade() -> None:
    for table in ("outbox_totals", "told_keys", "silences", "alert_parts"):
        op.drop_table(table)
    # The older program knows neither silenced alerts nor held ones that no digest will take; they go to the digest.
    op.execute(OUTBOX.update().where(OUTBOX.c.state == "silenced").values(state="dead"))
    op.drop_index("ix_outbox_sent_at", "outbox")
    op.drop_index("ix_outbox_state_held_for_created_at", "outbox")
    for column in reversed(columns()):
        op.drop_column("outbox", column.name)
