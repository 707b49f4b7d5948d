"""Tells whether files changed, by what the file system says of them; reads none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Mark(NamedTuple):
    """What is noticed of one file; another file put in its place differs by its number, however old it is."""

    path: str
    modified_ns: int
    size: int
    number: int
    """Of the file system's own (inode)."""


Fingerprint = tuple[Mark, ...]
"""Marks of the files that are there, by path."""


def fingerprint(files: Iterable[Path], folders: Iterable[Path]) -> Fingerprint:
    """Return the marks of files, and of the files in folders; what is not there or not to be had is left out.

    Args:
        files: Single files; symbolic links are followed, as mounted secrets and configuration maps are such.
        folders: Folders whose files count, without those below.
    """
    paths = {*files, *(path for folder in folders for path in _listed(folder))}
    return tuple(mark for path in sorted(paths) if (mark := _mark(path)) is not None)


def emptied(before: Fingerprint, now: Fingerprint) -> tuple[str, ...]:
    """Return the paths of files that held something before, and hold nothing now."""
    full = {mark.path for mark in before if mark.size}
    return tuple(mark.path for mark in now if not mark.size and mark.path in full)


def _listed(folder: Path) -> tuple[Path, ...]:
    try:
        return tuple(folder.iterdir())
    except OSError:
        return ()


def _mark(path: Path) -> Mark | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return Mark(str(path), status.st_mtime_ns, status.st_size, status.st_ino)
