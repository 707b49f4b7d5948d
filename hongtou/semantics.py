"""Puts meaning beside the lexicon where the configuration asks for it, and says what is wanting where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from classifier.embedding.semantic_model import load_semantic
from classifier.embedding.semantic_weigher import SemanticWeigher
from classifier.embedding.use_embedder import UseEmbedder, why_no_embedder
from core.errors import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from config.loaded import Loaded

log = structlog.get_logger(__name__)


def check_semantic(loaded: Loaded) -> None:
    """Make sure that there is an embedding model, where meaning is to be weighed.

    Raises:
        ConfigError: There is none; it says how to install it.
    """
    reason = why_no_embedder() if loaded.settings.classify.semantic else ""
    if reason:
        where = str(loaded.path or "defaults")
        raise ConfigError([ConfigProblem(where=where, key="classify.semantic", message=reason)])


def build_weigher(loaded: Loaded) -> SemanticWeigher | None:
    """Return what weighs the meaning of articles; None where it is off, which loads nothing.

    Raises:
        ConfigError: The extra is not installed.
    """
    if not loaded.settings.classify.semantic:
        return None
    check_semantic(loaded)
    embedder, model = UseEmbedder(), load_semantic()
    if embedder.version != model.embedder:
        # The vectors of two releases have been the same within rounding; a changed model would only weigh worse.
        log.warning("semantic model fitted to another release", installed=embedder.version, fitted=model.embedder)
    return SemanticWeigher(embedder, model, threshold=loaded.settings.classify.threshold)
