"""Gives memory back to the system that is no longer used."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress


def give_back_memory() -> None:
    """Collect cyclic garbage, and let the C library hand the pages that have become free to the system.

    To read the configuration and build its parts anew takes some 40 MB for a moment. glibc keeps them, in pieces
    between what stays: read a dozen times, a process held 126 to 147 MB after each, and 115 MB each time after this.
    Where the C library has no such call (musl, macOS) only garbage is collected. It takes some 0.1 s: call it off the
    loop.
    """
    gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
