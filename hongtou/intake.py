"""The poll use case: decide about a list, judge and store articles with their alerts, remember how the poll ended.

It knows the order of the steps and nothing of Scrapy, SQL or the lexicon: those stand behind ports. All of its own
work happens off the event loop, in one call each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from core.assemble import article_of_entry, entry_of, is_edit, new_item, revision_of
from core.classification import Document
from core.decide import IntakePlan, Intent, decide_entries
from core.hashing import entry_hash
from core.meters import NoMeters
from core.outcome import Acceptance
from core.ports import BatchClassifier
from core.progress import after_network_fault, after_poll, forgive
from core.stories import StoryEvent, StoryEventKind
from hongtou.copies import words_of
from hongtou.health import note_forgiven, note_history, note_poll
from hongtou.story_telling import TellingRules, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from core.alert import Route
    from core.backtest import Archived
    from core.classification import Classification
    from core.decide import IntakeLimits, Known
    from core.item import Article, Entry, Item
    from core.listing import Listing
    from core.meters import Meters
    from core.network import NetworkWatch
    from core.outcome import PollOutcome
    from core.ports import Classifier, Clock, Offload, RouteMatcher
    from core.repositories import Database, UnitOfWork
    from core.source import Poll, Source, SourceState
    from hongtou.copies import Copy, CopyFinder, Reading
    from hongtou.linking import Linked, StoryLinker
    from hongtou.polling import SourcePacer
    from hongtou.story_finding import StoryFinder

    _Judged = tuple[Item, Source | None, Classification]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingRules:
    """By what items are judged, linked and routed; replaced as a whole."""

    classifier: Classifier
    finder: StoryFinder
    matcher: RouteMatcher
    limits: IntakeLimits
    routes: Sequence[Route] = ()
    """Those of the matcher."""
    sources: Callable[[str], Source | None] = lambda _: None
    """Looks any source up by its id."""

    catch_up: bool = True
    """Whether what first polls find is told together."""
    pacer: SourcePacer | None = None
    """Says when sources are asked again; without it, gaps halve with news and grow without."""

    @property
    def telling(self) -> TellingRules:
        """By which of them it is decided who is told."""
        return TellingRules(
            matcher=self.matcher,
            routes=self.routes,
            max_item_age=self.limits.max_item_age,
            catch_up=self.catch_up,
        )


class StoringIntake:
    """Implements `core.ports.Intake` on a database."""

    def __init__(
        self,
        *,
        database: Database,
        rules: JudgingRules,
        copies: CopyFinder,
        linker: StoryLinker,
        offload: Offload,
        clock: Clock,
        network: NetworkWatch,
        jitter: Callable[[], float],
        on_outcome: Callable[[PollOutcome], None] = lambda _: None,
        meters: Meters | None = None,
    ) -> None:
        self._database = database
        self._copies = copies
        self._linker = linker
        self._offload = offload
        self._clock = clock
        self._network = network
        self._jitter = jitter
        self._on_outcome = on_outcome
        self._meters = meters or NoMeters()
        self.use(rules)

    def use(self, rules: JudgingRules) -> None:
        """Judge, link and route by other rules from now on; what is under way ends by those it meets."""
        self._rules = rules
        self._linker.use(rules.finder, rules.sources)

    @property
    def telling(self) -> TellingRules:
        """By which it is decided now who is told."""
        return self._rules.telling

    async def plan(self, poll: Poll, listing: Listing) -> IntakePlan:
        """Decide what to do with a list; store the silent baseline of a first sync."""
        return await self._offload.run(self._plan, poll, listing)

    async def accept(self, poll: Poll, entry: Entry, article: Article) -> Acceptance:
        """Classify and store one article with its alerts in one transaction."""
        return await self._offload.run(self._accept, poll, entry, article)

    async def finish(self, poll: Poll, outcome: PollOutcome) -> None:
        """Store how the poll ended and when the source is due next."""
        await self._offload.run(self._finish, poll, outcome)
        self._on_outcome(outcome)
        self._meters.polled(outcome)

    def _plan(self, poll: Poll, listing: Listing) -> IntakePlan:
        now = self._clock.now()
        with self._database.unit_of_work() as uow:
            plan = decide_entries(
                listing.entries,
                uow.items.known(listing.entries),
                first_sync=poll.is_first_sync,
                fetch_articles=poll.source.fetch_articles,
                limits=self._rules.limits,
                now=now,
            )
        self._store_baseline(poll, plan, now)
        return plan

    def _store_baseline(self, poll: Poll, plan: IntakePlan, now: datetime) -> None:
        baseline = [
            (
                decision.entry,
                self._judged(poll.source, decision.entry, article_of_entry(decision.entry), now=now, baseline=True),
            )
            for decision in plan.of(Intent.BASELINE)
        ]
        sighted = [
            (decision.known.item_id, decision.entry)
            for decision in plan.of(Intent.KNOWN)
            if decision.known is not None and not decision.known.entry_hash and not decision.known.gone
        ]
        if not baseline and not sighted:
            return
        with self._linker.one_at_a_time, self._database.unit_of_work() as uow:
            already = uow.items.known([entry for entry, _ in baseline])
            for index, (_, item) in enumerate(baseline):
                if index not in already:
                    self._store(uow, item, now=now)
            for item_id, entry in sighted:
                words = entry_hash(entry.title, entry.summary, entry.text)
                uow.items.touch(item_id, source_id=poll.source.id, entry_hash=words)
            note_history(uow, poll.source.id, [entry for entry, _ in baseline], now=now)
            uow.commit()
        if baseline:
            log.info("first sync stored silently", source=poll.source.id, items=len(baseline))

    def _accept(self, poll: Poll, entry: Entry, article: Article) -> Acceptance:
        now = self._clock.now()
        fresh = self._judged(poll.source, entry, article, now=now)
        with self._linker.one_at_a_time, self._database.unit_of_work() as uow:
            known = self._find(uow, entry, article)
            stored = uow.items.get(known.item_id) if known is not None else None
            if known is None or stored is None:
                acceptance = self._add(uow, poll, entry, fresh, now=now)
            else:
                acceptance = self._update(uow, poll.source, entry, fresh, stored=stored, now=now)
            uow.commit()
        if acceptance.new:
            self._meters.stored(fresh, poll.source, at=now)
        return acceptance

    def _find(self, uow: UnitOfWork, entry: Entry, article: Article) -> Known | None:
        """Look an article up by its entry, and by the address that the entry's link led to."""
        found = uow.items.known([entry, replace(entry, url=article.url or entry.url, guid=None)])
        return found.get(0) or found.get(1)

    def _add(self, uow: UnitOfWork, poll: Poll, entry: Entry, item: Item, *, now: datetime) -> Acceptance:
        source, is_backlog = poll.source, self._is_backlog(item, poll, now)
        item, linked = self._store(uow, item, now=now)
        if entry.url != item.url:  # a redirect: the entry's own address leads here from now on
            uow.items.touch(item.id, source_id=source.id, entry_hash=item.entry_hash, entry=entry)
        rules = self._rules.telling
        alerts = tell(uow, item, source, rules, now=now, changes=linked.changes, backlog=is_backlog)
        return Acceptance(item_id=item.id, new=True, revised=False, relevant=_is_relevant(item), alerts=alerts, at=now)

    def _is_backlog(self, item: Item, poll: Poll, now: datetime) -> bool:
        """Whether an item was there before its source was first read; its first list may take several polls."""
        synced_at = poll.state.first_synced_at
        if synced_at is None:
            return True
        return item.published.at < synced_at and now - synced_at < self._rules.limits.first_sync_max_age

    def _store(self, uow: UnitOfWork, item: Item, *, now: datetime) -> tuple[Item, Linked]:
        """Store a new item with the keys under which its copies will find it, in its story."""
        reading, copies = self._copies_of(uow, item)
        item = replace(item, id=uow.items.add(item))
        self._copies.keep(uow.near_duplicates, item.id, reading, seen_at=item.first_seen_at, is_new=True)
        linked = self._linker.link(uow, item, copies, now=now)
        return replace(item, story_id=linked.story_id), linked

    def _copies_of(self, uow: UnitOfWork, item: Item) -> tuple[Reading, tuple[Copy, ...]]:
        index = uow.near_duplicates
        reading = self._copies.read(index, words_of(item), source_id=item.source_id)
        return reading, self._copies.find(index, reading, now=item.first_seen_at, besides=item.id)

    def _update(
        self, uow: UnitOfWork, source: Source, entry: Entry, fresh: Item, *, stored: Item, now: datetime
    ) -> Acceptance:
        attempts = stored.page_attempts + 1
        words = entry_hash(entry.title, entry.summary, entry.text)
        uow.items.touch(stored.id, source_id=source.id, entry_hash=words, page_attempts=attempts, entry=entry)
        if not is_edit(fresh, stored):
            relevant = _is_relevant(stored)
            return Acceptance(item_id=stored.id, new=False, revised=False, relevant=relevant, alerts=0, at=now)
        return self._revise(uow, source, revision_of(stored, fresh, now=now, attempts=attempts), now=now)

    def _revise(self, uow: UnitOfWork, source: Source, item: Item, *, now: datetime) -> Acceptance:
        uow.items.revise(item)
        if item.story_id is not None:
            event = StoryEvent(story_id=item.story_id, kind=StoryEventKind.REVISED, at=now, item_id=item.id)
            uow.stories.note(event)
        alerts = self._link_anew(uow, item, source, now=now)
        return Acceptance(item_id=item.id, new=False, revised=True, relevant=_is_relevant(item), alerts=alerts, at=now)

    def _link_anew(self, uow: UnitOfWork, item: Item, source: Source | None, *, now: datetime) -> int:
        """Find the story of an item whose words or judgement are new, and tell of it; return how many alerts."""
        reading, copies = self._copies_of(uow, item)
        self._copies.keep(uow.near_duplicates, item.id, reading, seen_at=item.first_seen_at, is_new=False)
        linked = self._linker.relink(uow, item, copies, now=now)
        if source is None:
            return 0
        moved = replace(item, story_id=linked.story_id)
        return tell(uow, moved, source, self._rules.telling, now=now, changes=linked.changes)

    def reread(self, source: Source, item: Item, article: Article) -> bool:
        """Store what an item's page says now, as a revision when its words changed; return whether they did.

        Blocks: to be called off the loop. The list's words about the item stay as they are.

        Raises:
            StorageError: Nothing was stored.
        """
        now = self._clock.now()
        fresh = replace(new_item(source, entry_of(item), article, now=now), entry_hash=item.entry_hash)
        if not is_edit(fresh, item):
            return False
        fresh = replace(fresh, classification=self.judge(fresh, source))
        with self._linker.one_at_a_time, self._database.unit_of_work() as uow:
            stored = uow.items.get(item.id)
            if stored is None or not is_edit(fresh, stored):  # a poll was faster
                return False
            self._revise(uow, source, revision_of(stored, fresh, now=now, attempts=stored.page_attempts), now=now)
            uow.commit()
        return True

    def _judged(self, source: Source, entry: Entry, article: Article, *, now: datetime, baseline: bool = False) -> Item:
        item = replace(new_item(source, entry, article, now=now), baseline=baseline)
        return replace(item, classification=self.judge(item, source))

    def judge(self, item: Item, source: Source | None) -> Classification | None:
        """Classify an item; None when the classifier failed, so that the item is kept and judged again later."""
        try:
            return self._rules.classifier.classify(document_of(item, source))
        except Exception:  # a fault of the classifier must not lose the item: it is kept, and judged again later
            log.exception("classifier failed", item=item.url or item.title)
            return None

    def _finish(self, poll: Poll, outcome: PollOutcome) -> None:
        now, source = self._clock.now(), poll.source
        forgiven = self._network.observe(source.id, urlsplit(source.url).netloc, outcome.answer)
        is_ours = self._network.is_down and outcome.answer.is_network
        pacer = None if is_ours else self._rules.pacer
        gap = pacer.gap(poll, outcome, now=now) if pacer else None
        if is_ours:
            state = after_network_fault(poll.state, now=now, wait=self._network.retry_after)
        else:
            wanted = gap.interval if gap else None
            state = after_poll(poll.state, outcome, source.bounds, now=now, jitter=self._jitter(), wanted=wanted)
        with self._database.unit_of_work() as uow:
            uow.sources.put(state)
            if gap:
                uow.sources.note_spent(gap.spent)
            if not is_ours:
                note_poll(uow, outcome, source.id, now=now, seen_at=gap.seen_at if gap else None)
            for blamed in filter(None, map(uow.sources.get, forgiven)):
                uow.sources.put(forgive(blamed, now=now, wait=self._network.retry_after))
                note_forgiven(uow, blamed.source_id)
            uow.commit()
        _log_poll(outcome, state, gap.why if gap and state.failures == 0 else None)

    async def judge_waiting(self, sources: Callable[[str], Source | None], *, limit: int = 50) -> int:
        """Classify items whose classification failed before, and alert for them; return how many were judged."""
        return await self._offload.run(self._judge_waiting, sources, limit)

    def _judge_waiting(self, sources: Callable[[str], Source | None], limit: int) -> int:
        with self._database.reading() as uow:
            waiting = uow.items.unclassified(limit=limit)
        # Not within a transaction: judging may take long, and may write on its own account.
        judged = self._judge_many([(item, sources(item.source_id)) for item in waiting])
        return self._keep_judged(judged) if judged else 0

    def _keep_judged(self, judged: Sequence[_Judged]) -> int:
        now, kept = self._clock.now(), 0
        with self._linker.one_at_a_time, self._database.unit_of_work() as uow:
            fresh = {item.id: item for item in uow.items.get_many([item.id for item, _, _ in judged])}
            for item, source, classification in judged:
                stored = fresh.get(item.id)
                if stored is None or stored.classification or stored.revision != item.revision:
                    continue  # a poll was faster
                uow.items.reclassify(item.id, classification)
                kept += 1
                self._link_anew(uow, replace(stored, classification=classification), source, now=now)
            uow.commit()
        return kept

    def _judge_many(self, waiting: Sequence[tuple[Item, Source | None]]) -> list[_Judged]:
        """Return the items that could be classified, several at once where the classifier is better at that."""
        classifier = self._rules.classifier
        found: Sequence[Classification | None] = ()
        if isinstance(classifier, BatchClassifier):
            try:
                found = classifier.classify_many([document_of(item, source) for item, source in waiting])
            except Exception:  # one item may have broken it for all: each is tried by itself
                log.exception("classifier failed at several", items=len(waiting))
        found = found or [self.judge(item, source) for item, source in waiting]
        return [
            (item, source, classification)
            for (item, source), classification in zip(waiting, found, strict=True)
            if classification is not None
        ]


def _log_poll(outcome: PollOutcome, state: SourceState, why: str | None) -> None:
    """Write the one line of a poll; docs/operations.md tells what each field means.

    A first fault on the wire is no warning yet: it may be our own network's, or a blip.
    """
    is_blip = outcome.answer.is_network and state.failures <= 1
    write = log.info if outcome.answer.is_success or is_blip else log.warning
    write(
        "poll",
        source=outcome.source_id,
        answer=outcome.answer.value,
        status=outcome.status,
        detail=outcome.detail or None,
        entries=outcome.entries,
        new=outcome.new,
        revised=outcome.revised,
        relevant=outcome.relevant,
        alerts=outcome.alerts,
        pages_missing=outcome.pages_missing,
        deferred=outcome.deferred,
        failures=state.failures,
        size_bytes=outcome.size_bytes,
        elapsed_s=round(outcome.elapsed_s, 3),
        next_due_at=state.next_due_at.isoformat(timespec="seconds"),
        why=why,
    )


def document_of(item: Item | Archived, source: Source | None) -> Document:
    """Return what the classifier reads of an item."""
    return Document(
        title=item.title,
        text=item.text or item.summary,
        url=item.url,
        language=item.language,
        published_at=item.published.at,
        voice=source.voice if source else None,
        issuer=item.issuer or (source.issuer if source else ""),
        jurisdiction=source.jurisdiction if source else "",
        document_numbers=item.document_numbers,
        silent=item.baseline,
    )


def _is_relevant(item: Item) -> bool:
    return item.classification is not None and item.classification.relevant
