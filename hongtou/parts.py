"""Builds the parts that need neither crawler nor channels: what most commands, and processes of their own, are made of.

The composition root for everything else is `hongtou.wiring`, which takes Scrapy and Apprise in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alerts.matcher import OrderedRouteMatcher
from classifier.fingerprints import ShingleFingerprinter
from classifier.folding import fold
from classifier.lexicon_classifier import LexiconClassifier
from classifier.model_file import load_model
from classifier.story_reader import LexiconStoryReader
from config.lexicon import load_lexicon
from core.errors import ConfigError, ConfigProblem
from core.linking import decide
from hongtou.backtest import Backtester
from hongtou.copies import CopyFinder
from hongtou.opinions import with_second_opinion
from hongtou.semantics import build_weigher
from hongtou.story_finding import StoryFinder
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.loaded import Loaded
    from core.backtest import Span, Tally


def prepare_data_dir(loaded: Loaded) -> None:
    """Create the data directory.

    Raises:
        ConfigError: It cannot be created or written to.
    """
    folder = loaded.settings.data_dir
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text("", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        problem = ConfigProblem(
            where=str(loaded.path or "defaults"),
            key="data_dir",
            message=f"cannot write to {folder.absolute()}: {error.strerror}; make it writable or choose another folder",
        )
        raise ConfigError([problem]) from error


def database_url(loaded: Loaded) -> str:
    """Return the SQLAlchemy address of the database; it may hold a password."""
    if loaded.settings.database is not None:
        return loaded.settings.database.get_secret_value()
    return f"sqlite:///{(loaded.settings.data_dir / 'hongtou.db').absolute()}"


def open_database(loaded: Loaded) -> SqlDatabase:
    """Open the database at the schema of this program, creating or upgrading it.

    Raises:
        ConfigError: The data directory cannot be used.
        SchemaError: The database is newer than this program.
        StorageError: The database cannot be reached.
    """
    prepare_data_dir(loaded)
    database = SqlDatabase(database_url(loaded))
    database.migrate()
    return database


def build_copy_finder(loaded: Loaded) -> CopyFinder:
    """Return what finds the copies of texts."""
    return CopyFinder(ShingleFingerprinter(), window=loaded.settings.copies.within)


def build_story_finder(loaded: Loaded) -> StoryFinder:
    """Return what finds the stories of items, with the effective lexicon.

    Raises:
        ConfigError: The lexicon has faults.
    """
    reader = LexiconStoryReader(load_lexicon(extra=loaded.lexicon_paths))
    stories = loaded.settings.stories
    return StoryFinder(reader, decide, window=stories.within, lineage=stories.lineage)


def build_classifier(loaded: Loaded) -> LexiconClassifier:
    """Return the classifier with the effective lexicon, with meaning where it is on, without a second opinion.

    Raises:
        ConfigError: The lexicon has faults, or the semantic extra is asked for and not installed.
    """
    further = build_weigher(loaded)
    lexicon = load_lexicon(extra=loaded.lexicon_paths)
    threshold, model = loaded.settings.classify.threshold, load_model(model_path(loaded))
    return LexiconClassifier(lexicon, threshold=threshold, model=model, further=further)


def model_path(loaded: Loaded) -> Path | None:
    """Return the configured model file; None is the shipped one."""
    configured = loaded.settings.classify.model
    if configured is None or loaded.path is None:
        return configured
    return loaded.path.parent / configured


def build_judge(
    loaded: Loaded, *, examples: int, classifier: LexiconClassifier | None = None
) -> Callable[[Span], Tally]:
    """Return what judges spans of the archive under a configuration; to be called in the process that does it.

    Of second opinions only remembered ones count: nothing is asked.

    Args:
        loaded: The configuration.
        examples: How many examples of each change to keep.
        classifier: One that was built already of this configuration.

    Raises:
        ConfigError: The lexicon has faults, or the prompt of the second opinion.
        StorageError: The database's address is none.
    """
    database = SqlDatabase(database_url(loaded))
    backtester = Backtester(
        database=database,
        classifier=with_second_opinion(loaded, classifier or build_classifier(loaded), database, spends=False),
        matcher=OrderedRouteMatcher(loaded.routes, fold=fold),
        sources=loaded.sources,
        max_item_age=loaded.settings.alerts.max_item_age,
        examples=examples,
    )
    return backtester.judge
