"""How the content management systems of Chinese authorities give their lists, one module each. No network here."""

from crawler.dialects.ask import Ask, Dialect, Page, Reading
from crawler.dialects.registry import DIALECTS, Recognised, recognise

__all__ = ["DIALECTS", "Ask", "Dialect", "Page", "Reading", "Recognised", "recognise"]
