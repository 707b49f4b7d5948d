"""The two article extractors, behind one shape: HTML in, lines out, nothing when they find nothing or fail."""

from __future__ import annotations

import logging

import trafilatura
from readability.readability import Document as ReadabilityDocument
from trafilatura.settings import Document

from crawler.pages.blocks import paragraphs
from crawler.pages.dom import one_line, parse_page

for _name in ("readability", "trafilatura", "htmldate", "justext"):
    # They log each page they cannot read, with a traceback; here that is an expected answer.
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


def read_with_readability(page: str) -> list[str]:
    """Return the article's lines as readability-lxml sees them."""
    try:
        summary = ReadabilityDocument(page).summary(html_partial=True)
    except ValueError:  # its own error, which it makes of all others, is one
        return []
    tree = parse_page(summary)
    return [] if tree is None else paragraphs(tree)


def read_with_trafilatura(page: str) -> list[str]:
    """Return the article's lines as trafilatura sees them, without its slow fall-backs and its metadata."""
    try:
        found = trafilatura.bare_extraction(page, fast=True, include_comments=False, with_metadata=False)
    except Exception:  # noqa: BLE001 - its own handlers cover ValueError and TypeError only, and pages are hostile
        return []
    lines = (found.text or "").split("\n") if isinstance(found, Document) else []
    return [line for line in map(_unframed, lines) if line]


def _unframed(line: str) -> str:
    """Return a line on one line; a table row, which trafilatura frames in bars, without the frame."""
    bare = one_line(line).removeprefix("- ")  # it marks items of lists, which pages do not
    return " | ".join(filter(None, map(str.strip, bare.split("|")))) if bare.startswith("|") else bare
