"""Scrapy item pipelines, one a file."""
