"""Changes of files are noticed by what the file system says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from config.watching import fingerprint

if TYPE_CHECKING:
    from pathlib import Path


def test_every_kind_of_change_is_noticed(tmp_path: Path) -> None:
    """Other words, another file in its place, a file that comes to a folder, and one that goes."""
    file, folder = tmp_path / "a.yaml", tmp_path / "a.d"
    seen = [fingerprint([file], [folder])]

    def note() -> None:
        seen.append(fingerprint([file], [folder]))

    file.write_text("a", encoding="utf-8")
    note()
    file.write_text("ab", encoding="utf-8")
    note()
    times = file.stat()
    other = tmp_path / "new"
    other.write_text("xy", encoding="utf-8")
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.rename(file)
    note()
    folder.mkdir()
    (folder / "b.yaml").write_text("b", encoding="utf-8")
    note()
    file.unlink()
    note()
    assert len(set(seen)) == len(seen) == 6
    assert seen[0] == ()
    assert fingerprint([file], [folder]) == seen[-1]


def test_links_are_followed(tmp_path: Path) -> None:
    """Mounted secrets are links to files that are exchanged behind them."""
    one, two, link = tmp_path / "1", tmp_path / "2", tmp_path / "secret"
    one.write_text("1", encoding="utf-8")
    two.write_text("22", encoding="utf-8")
    link.symlink_to(one)
    before = fingerprint([link], [])
    link.unlink()
    link.symlink_to(two)
    assert fingerprint([link], []) != before
