"""What pages say of documents: index number, class, days, validity, marks.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    for table in ("items", "revisions"):
        op.add_column(table, sa.Column("facts", JSON))


def downgrade() -> None:
    for table in ("revisions", "items"):
        op.drop_column(table, "facts")
