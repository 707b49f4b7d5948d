"""Second opinions that were given, and what they cost.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "opinions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("adviser", sa.Text(), nullable=False),
        sa.Column("given_at", TIME, nullable=False),
        sa.Column("opinion", JSON, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_opinions"),
    )
    op.create_index("ix_opinions_given_at", "opinions", ["given_at"])
    op.create_table(
        "opinion_months",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("questions", sa.BigInteger(), nullable=False),
        sa.Column("cache_hits", sa.BigInteger(), nullable=False),
        sa.Column("faults", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("tokens_in", sa.BigInteger(), nullable=False),
        sa.Column("tokens_out", sa.BigInteger(), nullable=False),
        sa.Column("last_fault", sa.Text(), nullable=False),
        sa.Column("last_fault_at", TIME),
        sa.PrimaryKeyConstraint("month", name="pk_opinion_months"),
    )


def downgrade() -> None:
    op.drop_table("opinion_months")
    op.drop_index("ix_opinions_given_at", table_name="opinions")
    op.drop_table("opinions")
