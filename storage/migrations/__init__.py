"""Alembic's environment and the revisions of the schema, oldest first in `versions/`; run by `storage.schema`."""
