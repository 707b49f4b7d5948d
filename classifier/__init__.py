"""Judges documents by a bilingual lexicon, with evidence."""

from __future__ import annotations

import os

# Before scipy is loaded to fit a model: its threads cost such small problems twenty times what they save, and add up in
# an order of their own, which the last digits show.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
