"""Second opinions by a language model behind an OpenAI-compatible endpoint, on items near the threshold."""
