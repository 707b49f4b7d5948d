"""Further looks at flagged items.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rechecks",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("due_at", TIME),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("last_look_at", TIME),
        sa.Column("last_reason", sa.Text(), nullable=False),
        sa.Column("removed_at", TIME),
        sa.Column("removal", sa.Text(), nullable=False),
        sa.Column("removals", sa.Integer(), nullable=False),
        sa.Column("returned_at", TIME),
        sa.PrimaryKeyConstraint("item_id", name="pk_rechecks"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_rechecks_item_id_items", ondelete="CASCADE"),
    )
    op.create_index("ix_rechecks_due_at", "rechecks", ["due_at"])


def downgrade() -> None:
    op.drop_table("rechecks")
