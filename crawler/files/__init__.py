"""Files that articles offer: bytes in, text out."""
