"""A request queue that holds back what a busy host would only make wait, so that no host takes up all the room."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from scrapy import Request
    from scrapy.crawler import Crawler


class OneAHostQueue(DownloaderAwarePriorityQueue):
    """Gives out a request only when no other one of its host is in the downloader.

    Scrapy's own queue prefers idle hosts, and yet fills the downloader with requests of one host when there is no
    other; these then take up CONCURRENT_REQUESTS while they wait for each other, and cannot be dropped any more.
    """

    def __init__(self, crawler: Crawler, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (passed on as they are)  # noqa: ANN401 - handed on as they come
        super().__init__(crawler, *args, **kwargs)
        self._downloader_interface = InDownloader(crawler)

    def pop(self) -> Request | None:
        """Return the next request of an idle host; None when there is none, also when requests are waiting."""
        active = [count for count, _ in self._downloader_interface.stats(self.pqueues)]
        return super().pop() if active and min(active) == 0 else None


class InDownloader(DownloaderInterface):
    """Counts the requests of hosts from the moment they leave the queue.

    Scrapy counts them from the moment they have passed the middlewares, which is turns of the loop later, and gives
    out more of the same host until then.
    """

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        """Return how many requests of each host are in the downloader, robots.txt included."""
        counts = Counter(self.get_slot_key(request) for request in self.downloader.active)
        return [(counts[slot], slot) for slot in possible_slots]
