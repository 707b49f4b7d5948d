"""Judges documents by a bilingual lexicon, with evidence."""
