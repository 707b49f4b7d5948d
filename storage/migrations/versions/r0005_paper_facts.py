"""What the classifier says of a paper: its stage and days, and an English gloss of its title.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = (
    ("stage", sa.String(20)),
    ("effective_on", sa.Date()),
    ("comments_until", sa.Date()),
    ("gloss", sa.Text()),
)


def upgrade() -> None:
    for table in ("items", "revisions"):
        for name, kind in COLUMNS:
            op.add_column(table, sa.Column(name, kind))


def downgrade() -> None:
    for table in ("revisions", "items"):
        for name, _ in reversed(COLUMNS):
            op.drop_column(table, name)
