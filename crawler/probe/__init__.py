"""The best way to watch an address: feed, JSON, CMS dialect, sitemap or list page, as a ready source entry. Pure."""

from crawler.probe.named import Named, named_by_page, sitemaps_of_robots
from crawler.probe.offer import Offer, Preview, Visited
from crawler.probe.probing import Probe, probe

__all__ = ["Named", "Offer", "Preview", "Probe", "Visited", "named_by_page", "probe", "sitemaps_of_robots"]
