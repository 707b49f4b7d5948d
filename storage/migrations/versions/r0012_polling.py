"""Polling: what each hour's requests for lists came to, and how long sources ask to be left alone.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "poll_hours",
        sa.Column("hour", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Double(), nullable=False),
        sa.Column("price", sa.Double(), nullable=False),
    )
    op.add_column("source_state", sa.Column("ttl_s", sa.Double()))
    op.add_column("source_state", sa.Column("closed", JSON))


def downgrade() -> None:
    op.drop_column("source_state", "closed")
    op.drop_column("source_state", "ttl_s")
    op.drop_table("poll_hours")
