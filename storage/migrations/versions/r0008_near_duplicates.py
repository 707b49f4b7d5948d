"""Keys under which items are found by their copies, and lines that recur in sources.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "copy_keys",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "item_id", name="pk_copy_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fingerprints",
        sa.Column("item_id", ID, nullable=False, autoincrement=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("packed_keys", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_fingerprints"),
    )
    op.create_index("ix_fingerprints_seen_at", "fingerprints", ["seen_at"])
    op.create_table(
        "source_lines",
        sa.Column("line", ID, nullable=False, autoincrement=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("line", name="pk_source_lines"),
    )
    op.create_index("ix_source_lines_seen_at", "source_lines", ["seen_at"])


def downgrade() -> None:
    op.drop_table("source_lines")
    op.drop_table("fingerprints")
    op.drop_table("copy_keys")
