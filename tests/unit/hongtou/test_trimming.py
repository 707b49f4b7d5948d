"""Memory that is free again goes back to the system."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from hongtou.trimming import give_back_memory

HELD = """
import resource
from pathlib import Path
from hongtou.trimming import give_back_memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

kept, gone = [], []
for number in range(200_000):
    (kept if number % 400 == 0 else gone).append(bytearray(600))
del gone
before = resident()
give_back_memory()
print(before - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc hands free pages back when asked")
def test_free_pages_between_what_stays_go_back() -> None:
    """A hundred megabytes in small pieces, of which few stay, are given back for the most part."""
    done = subprocess.run([sys.executable, "-c", HELD], check=True, capture_output=True, text=True)
    assert int(done.stdout) > 50_000_000


def test_it_may_be_called_again_and_again() -> None:
    """Nothing happens where there is nothing to give."""
    for _ in range(3):
        give_back_memory()
