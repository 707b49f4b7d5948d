"""Hostile bytes: shipped fixtures, cut, spliced, flipped and stuffed; and runners, one quick and one long."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DATA = Path(__file__).resolve().parents[1] / "data"
QUICK, LONG = 40, 2000

STUFFING = (
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"&#0;",
        b"&#x110000;",
        b"&#55296;",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"-->",
    ),
    *(b"<script>", b"</script>", b"<table><tr><td>", b"<a href='javascript:go(1)' onclick=\"go('1')\">", b"<li>" * 50),
    *(b"<div>" * 300, b"</div>" * 300, b"<base href='http://['>", b"href='http://[::1'", b"charset=utf-7"),
    *(b"charset=gb2312", b"<?xml version='1.0' encoding='x-none'?>", b"<!DOCTYPE a [<!ENTITY b 'bb'>]>&b;"),
    *(b"2023-13-45", b"9" * 400, b"-1e999", b"{", b"}", b"[[[[", b'"', b"\\ud800", b"NaN", b"null"),
    *("〇二三年十三月".encode(), "昨天".encode(), "\u202e\ufeff".encode(), b"<recordset><record><![CDATA["),
    *(b"<datastore>", b"%zz", b"://", b"#", b"?" * 50, b"\r\n" * 50, b" " * 500, b"PK\x03\x04", b"%PDF-1.4"),
)
"""What has broken parsers before, here or elsewhere."""
ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "utf-32", "shift_jis", "latin-1", "utf-7")


def _hostile(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Strategy of bytes: now and then anything, mostly a seed that went through up to eight mishaps."""
    mishaps = st.builds(
        lambda which, number, times: _mangled(seeds, which % len(seeds), Random(number), times),  # noqa: S311 (no secret)
        st.integers(min_value=0, max_value=10_000),
        st.integers(min_value=0, max_value=2**32),
        st.integers(min_value=0, max_value=8),
    )
    return st.one_of(mishaps, mishaps, mishaps, st.binary(max_size=2000))


def _mangled(seeds: Sequence[bytes], which: int, chance: Random, times: int) -> bytes:
    body = seeds[which]
    for _ in range(times):
        body = _mishap(body, chance, seeds)
    return body[:200_000]


def _mishap(body: bytes, chance: Random, seeds: Sequence[bytes]) -> bytes:
    """Return bytes after one mishap: cut, repeated, stuffed, overwritten, spliced, with broken tags, or recoded."""
    start, end = sorted((chance.randrange(len(body) + 1), chance.randrange(len(body) + 1)))
    head, middle, tail = body[:start], body[start:end], body[end:]
    return chance.choice(
        (
            head + tail,
            head + middle,
            head + middle + middle[:3000] + tail,
            head + chance.choice(STUFFING) + middle + tail,
            head + chance.choice(STUFFING) + tail,
            head + chance.randbytes(chance.randrange(1, 9)) + body[start + 8 :],
            head + chance.choice(seeds)[-3000:],
            body.replace(b">", b"", chance.randrange(1, 9)),
            body.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace"),
        )
    )


@pytest.fixture(
    params=[QUICK, pytest.param(LONG, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])], ids=["quick", "long"]
)
def fuzz(request: pytest.FixtureRequest) -> Callable[[Callable[[Any], None], st.SearchStrategy[Any]], None]:
    """Runner of a check on many examples: the same few each time, or in the slow tests many and new ones."""

    def run(check: Callable[[Any], None], examples: st.SearchStrategy[Any]) -> None:
        bounds = settings(
            max_examples=request.param,
            derandomize=request.param == QUICK,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        bounds(given(examples)(check))()

    return run


@pytest.fixture
def hostile() -> Callable[[Sequence[bytes]], st.SearchStrategy[bytes]]:
    """Maker of strategies of hostile bytes from seeds."""
    return _hostile


@pytest.fixture(scope="session")
def corpus() -> Callable[..., list[bytes]]:
    """Reader of the shipped fixtures in a folder of `tests/data`, in name order, at most sixty."""

    def read(folder: str, pattern: str = "*.html") -> list[bytes]:
        return [file.read_bytes() for file in sorted((DATA / folder).rglob(pattern))[:60]]

    return read
