"""Puts a second opinion on top of the classifier, where the configuration asks for one; and tells what it came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from classifier.opinion.endpoint import ChatEndpoint
from classifier.opinion.ledger import StoredLedger
from classifier.opinion.prompt import load_prompt
from classifier.opinion.second_opinion import OpinionRules, SecondOpinion
from core.errors import StorageError
from core.notices import Notice, NoticeKind
from core.opinion import Band
from core.opinion_budget import MICROS, Prices, in_micros, month_of
from hongtou.clock import SystemClock

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from classifier.lexicon_classifier import LexiconClassifier
    from config.loaded import Loaded
    from config.opinion_settings import SecondOpinionSettings
    from core.opinion_budget import OpinionMonth
    from core.ports import Classifier
    from core.repositories import Database
    from hongtou.notices import Notices

log = structlog.get_logger(__name__)

_OWN_THREADS = 2
"""Threads for each request that may be under way: one that asks, and one that waits for its turn."""


def with_second_opinion(
    loaded: Loaded,
    classifier: LexiconClassifier,
    database: Database,
    *,
    spends: bool = True,
    max_age: timedelta | None = None,
    notices: Notices | None = None,
) -> Classifier:
    """Return a classifier that asks for a second opinion; the given one where none is configured.

    Args:
        loaded: The configuration.
        classifier: The first one.
        database: Where opinions and the budget are kept.
        spends: Whether to ask at all; else only remembered opinions count.
        max_age: Age of documents from which nothing is asked; by default that from which nobody is told of them.
        notices: Tell operators, once a month, of a refused key and of a budget that is used up; None tells nobody.

    Raises:
        ConfigError: The prompt cannot be used.
    """
    settings = loaded.settings.classify.second_opinion
    if not settings.enabled:
        return classifier
    threshold = loaded.settings.classify.threshold
    band = Band.around(threshold, settings.margin)
    return SecondOpinion(
        classifier,
        lenient=classifier.at(band.low),
        adviser=_endpoint(settings),
        ledger=_ledger(settings, database),
        rules=OpinionRules(
            threshold=threshold,
            band=band,
            weight=settings.weight,
            translate=settings.translate,
            max_text=settings.max_text,
            batch=settings.batch,
            concurrency=settings.concurrency,
            max_age=max_age or loaded.settings.alerts.max_item_age,
            patience=settings.timeout,
        ),
        clock=SystemClock(),
        spends=spends,
        tell=OperatorNotices(database, notices, model=settings.model),
    )


class OperatorNotices:
    """Puts what only a person can mend into the outbox, once a month for each cause. Safe in any thread."""

    def __init__(self, database: Database, notices: Notices | None, *, model: str) -> None:
        self._database = database
        self._notices = notices
        self._model = model

    def __call__(self, cause: str, detail: str) -> None:
        """Tell; does nothing where it was told before, and loses the notice when the database cannot be used."""
        if self._notices is None:
            return
        notice = self._notice(cause, detail, SystemClock().now())
        try:
            with self._database.unit_of_work() as uow:
                self._notices.tell(uow, notice)
                uow.commit()
        except StorageError as error:
            log.warning("notice lost", cause=cause, reason=str(error))

    def _notice(self, cause: str, detail: str, now: datetime) -> Notice:
        what = "the budget is used up" if cause.startswith("budget") else "the key is refused"
        body = (
            f"{self._model} is not asked for now: {detail}. Items are judged without it, and none is lost.\n"
            "More: hongtou opinion status"
        )
        return Notice(
            kind=NoticeKind.BUDGET,
            key=f"opinion/{cause}/{month_of(now)}",
            subject=f"Second opinions: {what}",
            body=body,
        )


def check_second_opinion(loaded: Loaded) -> None:
    """Make sure that the prompt can be used, where a second opinion is configured.

    Raises:
        ConfigError: It cannot.
    """
    settings = loaded.settings.classify.second_opinion
    if settings.enabled:
        load_prompt(settings.prompt)


def stop_asking(classifier: Classifier) -> None:
    """Have a classifier ask no more, where it asks at all: what waits for its turn need not hold up the end."""
    if isinstance(classifier, SecondOpinion):
        classifier.stop()


def own_threads(loaded: Loaded) -> int:
    """Return how many threads second opinions may block at once, to be had besides those of everything else."""
    settings = loaded.settings.classify.second_opinion
    return _OWN_THREADS * settings.concurrency if settings.enabled else 0


def prune_opinions(loaded: Loaded, database: Database) -> int:
    """Forget opinions that are too old; return how many there were. Blocks.

    Raises:
        StorageError: The database cannot be used.
    """
    return _ledger(loaded.settings.classify.second_opinion, database).prune()


def read_month(database: Database, *, now: datetime) -> OpinionMonth:
    """Return what second opinions came to this month.

    Raises:
        StorageError: The database cannot be read.
    """
    with database.reading() as uow:
        return uow.opinions.month(month_of(now))


def status_json(loaded: Loaded, month: OpinionMonth) -> dict[str, Any]:
    """Return the documented JSON object of `hongtou opinion status --json`; see docs/cli.md."""
    settings = loaded.settings.classify.second_opinion
    return {
        "enabled": settings.enabled,
        "model": settings.model,
        "month": month.month,
        "spent": month.spent / MICROS,
        "budget": settings.monthly_budget,
        "requests": month.calls,
        "questions": month.questions,
        "from_memory": month.cache_hits,
        "faults": month.faults,
        "refused_by_budget": month.refused,
        "tokens_in": month.tokens_in,
        "tokens_out": month.tokens_out,
        "last_fault": month.last_fault or None,
        "last_fault_at": month.last_fault_at.isoformat(timespec="seconds") if month.last_fault_at else None,
    }


def _endpoint(settings: SecondOpinionSettings) -> ChatEndpoint:
    return ChatEndpoint(
        settings.base_url,
        model=settings.model,
        key=settings.key.get_secret_value() if settings.key else "",
        prompt=load_prompt(settings.prompt),
        timeout=settings.timeout,
        max_answer=settings.max_answer,
    )


def _ledger(settings: SecondOpinionSettings, database: Database) -> StoredLedger:
    return StoredLedger(
        database,
        prices=Prices(tokens_in=settings.price_in or 0.0, tokens_out=settings.price_out or 0.0),
        budget=in_micros(settings.monthly_budget),
        keep=settings.keep,
        clock=SystemClock(),
    )
