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
from core.linking import decide
from hongtou.backtest import Backtester
from hongtou.copies import CopyFinder
from hongtou.linking import StoryLinker
from hongtou.opening import database_url
from hongtou.opinions import with_second_opinion
from hongtou.semantics import build_weigher
from hongtou.story_finding import StoryFinder
from hongtou.story_telling import TellingRules
from storage.database import SqlDatabase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from classifier.matching import LexiconMatcher
    from config.loaded import Loaded
    from core.backtest import Span, Tally
    from core.lexicon import Lexicon
    from core.source import Source, SourceId


def build_copy_finder(loaded: Loaded) -> CopyFinder:
    """Return what finds the copies of texts."""
    return CopyFinder(ShingleFingerprinter(), window=loaded.settings.copies.within)


def build_lexicon(loaded: Loaded) -> Lexicon:
    """Return the effective lexicon.

    Raises:
        ConfigError: It has faults.
    """
    return load_lexicon(extra=loaded.lexicon_paths)


def build_story_finder(
    loaded: Loaded, lexicon: Lexicon | None = None, *, matcher: LexiconMatcher | None = None
) -> StoryFinder:
    """Return what finds the stories of items.

    Args:
        loaded: The configuration.
        lexicon: The effective one, where it was built already.
        matcher: Of this lexicon, where it was compiled already: that takes a quarter of a second, and 20 MB.

    Raises:
        ConfigError: The lexicon has faults.
    """
    stories = loaded.settings.stories
    reader = LexiconStoryReader(lexicon or build_lexicon(loaded), matcher=matcher)
    return StoryFinder(reader, decide, window=stories.within, lineage=stories.lineage)


def build_story_linker(loaded: Loaded, finder: StoryFinder | None = None) -> StoryLinker:
    """Return what puts items into stories; `finder` is one of this configuration where it was built already.

    Raises:
        ConfigError: The lexicon has faults.
    """
    return StoryLinker(finder or build_story_finder(loaded), sources=source_lookup(loaded.sources))


def build_telling(loaded: Loaded) -> TellingRules:
    """Return by what it is decided who is told of a story."""
    return TellingRules(
        matcher=OrderedRouteMatcher(loaded.routes, fold=fold),
        routes=loaded.routes,
        max_item_age=loaded.settings.alerts.max_item_age,
    )


def source_lookup(sources: Mapping[SourceId, Source]) -> Callable[[str], Source | None]:
    """Return a look-up of sources by plain id."""
    by_id = {str(source_id): source for source_id, source in sources.items()}
    return by_id.get


def build_classifier(loaded: Loaded, lexicon: Lexicon | None = None) -> LexiconClassifier:
    """Return the classifier, with meaning where it is on, without a second opinion.

    Args:
        loaded: The configuration.
        lexicon: The effective one, where it was built already.

    Raises:
        ConfigError: The lexicon has faults, or the semantic extra is asked for and not installed.
    """
    further = build_weigher(loaded)
    threshold, model = loaded.settings.classify.threshold, load_model(model_path(loaded))
    return LexiconClassifier(lexicon or build_lexicon(loaded), threshold=threshold, model=model, further=further)


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
