"""Drops the requests of polls that are over before they reach a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.failures import PollOverError
from crawler.polls import PollRun

if TYPE_CHECKING:
    from scrapy import Request


class Deadline:
    """Lets only requests of polls under way through; requests that belong to no poll pass."""

    def process_request(self, request: Request) -> None:
        """Drop a late request.

        Raises:
            PollOverError: Its poll ran out of time or was abandoned.
        """
        run = request.meta.get("run")
        if isinstance(run, PollRun) and run.over:
            raise PollOverError("the poll is over")
