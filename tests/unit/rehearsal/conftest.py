"""A rehearsal web that serves, and a reader of its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from hongtou.rehearsal.web import RehearsalWeb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime


@pytest.fixture
def web(now: datetime) -> Iterator[RehearsalWeb]:
    """The rehearsal web at step 0, with dates counted from `now`."""
    with RehearsalWeb(now) as running:
        yield running


@pytest.fixture
def fetch() -> Callable[..., tuple[int, dict[str, str], bytes]]:
    """Reader of one address: status, headers in lower case, body. Keyword arguments are request headers."""
    opener = build_opener(ProxyHandler({}))

    def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        request = Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with opener.open(request, timeout=10) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except HTTPError as error:
            with error:
                return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()

    return get
