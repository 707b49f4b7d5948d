"""Spiders, one a kind of source."""
