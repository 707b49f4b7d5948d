"""A request queue that holds back what a busy host would only make wait, so that no host takes up all the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.pqueues import DownloaderAwarePriorityQueue

if TYPE_CHECKING:
    from scrapy import Request


class OneAHostQueue(DownloaderAwarePriorityQueue):
    """Gives out a request only when no other one of its host is in the downloader.

    Scrapy's own queue prefers idle hosts, and yet fills the downloader with requests of one host when there is no
    other; these then take up CONCURRENT_REQUESTS while they wait for each other, and cannot be dropped any more.
    """

    def pop(self) -> Request | None:
        """Return the next request of an idle host; None when there is none, also when requests are waiting."""
        active = [count for count, _ in self._downloader_interface.stats(self.pqueues)]
        return super().pop() if active and min(active) == 0 else None
