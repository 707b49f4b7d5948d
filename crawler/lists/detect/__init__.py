"""Finds the rows of a list page without selectors: the repeating block of titles, links and dates. Pure.

`page` flattens the tree, `stamps` reads dates and date boxes, `titles` the words of links, `blocks` gathers what could
be rows, `rows` reads them, `score` judges blocks, `embedded` looks into scripts and comments, `finder` chooses.
"""

from crawler.lists.detect.finder import DetectedRows, Detection, detect

__all__ = ["DetectedRows", "Detection", "detect"]
