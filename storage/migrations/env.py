"""Runs the migrations on the connection that `storage.schema` hands over, in its transaction.

Executed by Alembic, once for every upgrade or downgrade; there is no offline mode and no `alembic.ini`.
"""

from __future__ import annotations

from alembic import context

from storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite cannot alter most of a table; Alembic then builds it anew and copies.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
