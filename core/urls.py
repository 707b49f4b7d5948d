"""Addresses made comparable: two spellings of one article's address become one string. Pure, no look-ups."""
