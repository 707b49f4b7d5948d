"""Looks at everything that a running Hongtou needs, and says what to do about what is missing."""
