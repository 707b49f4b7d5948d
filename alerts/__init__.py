"""Routes, renders and delivers alerts through Apprise."""
