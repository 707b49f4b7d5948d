"""Polls sources with Scrapy: spiders, middlewares, list and article extraction."""
