"""Keeps everything in a database: SQLAlchemy tables, repositories, migrations."""
