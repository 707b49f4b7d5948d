"""Article pages: bytes in, `core.item.Article` out."""
