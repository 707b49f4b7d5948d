"""Why the text of a file cannot be had."""

from __future__ import annotations

from core.errors import ParseError


class UnsupportedFileError(ParseError):
    """A file of a kind that is not read, or without any text in it: a scan, a locked one, a spreadsheet."""


class DamagedFileError(ParseError):
    """A file that is not what it says it is, or larger inside than is read."""
