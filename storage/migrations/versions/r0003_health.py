"""Health of sources: hours with news, and incidents.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
WORD = sa.String(20)


def upgrade() -> None:
    op.create_table(
        "news_hours",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("hour", TIME, nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "hour", name="pk_news_hours"),
    )
    op.create_table(
        "incidents",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("fault", WORD, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("last_seen_at", TIME, nullable=False),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_at", TIME),
        sa.Column("ended_at", TIME),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_incidents_source_id_ended_at", "incidents", ["source_id", "ended_at"])
    op.create_index("ix_incidents_settled_started_at", "incidents", ["settled", "started_at"])


def downgrade() -> None:
    op.drop_table("incidents")
    op.drop_table("news_hours")
