"""When Python looks for cyclic garbage: not while much is made that stays."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def uncollected(*, forever: bool = False) -> Iterator[None]:
    """Look for no cyclic garbage meanwhile, and in the end leave it on if it was on.

    Importing and building make hundreds of thousands of objects of which none goes, and each look goes over all that
    there are: a seventh of what importing the daemon takes, and two fifths of what making its parts takes.

    Args:
        forever: Never look at anything that is there in the end either: for modules, which stay until the process ends.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if forever:
            gc.freeze()
        if was_on:
            gc.enable()
