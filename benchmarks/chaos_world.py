"""The world of the chaos run: receivers that fail by plan, certificates, a configuration, and alerts to deliver."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core.alert import AlertKind, AlertState, ChannelId, NewAlert, RouteId, item_alert_key, update_alert_key
from core.classification import Classification
from core.item import DateOrigin, DatePrecision, Item, ItemId, Published, StoryId
from core.source import SourceId
from core.stories import Story, StoryChange
from hongtou.rehearsal.failing_mail import FailingSmtpSink
from hongtou.rehearsal.imitations import Imitated, Imitation
from hongtou.rehearsal.receiver_faults import Fault, FaultPlan, FaultTimes
from hongtou.rehearsal.receivers import Encryption

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from types import TracebackType

    from core.repositories import UnitOfWork

FAULTS = (
    Fault.RATE_LIMITED,
    Fault.TOO_LONG,
    Fault.SERVER_ERROR,
    Fault.HANG,
    Fault.RESET,
    Fault.DRIP,
    Fault.LOST_ANSWER,
)
CHATS = {
    "slack": Imitated.SLACK,
    "telegram": Imitated.TELEGRAM,
    "discord": Imitated.DISCORD,
    "feishu": Imitated.FEISHU,
}
CHANNELS = ("mail", *CHATS, "hook")
NOW, DAILY = RouteId("now"), RouteId("daily")
CHAPTERS = 3
"""Alerts of one story to one channel: its first report and two updates."""
_SECRET = "only-of-this-run"  # noqa: S105 - of servers that live for a minute
_TIMES = FaultTimes(retry_after=30, hang=3600.0, drip=0.005)
_TOKEN = re.compile(r"HT\d{5}x\d")
_NUMBER = re.compile(r"hongtou items show (\d+)")


class CeasingPlan(FaultPlan):
    """Faults by chance until they are told to cease."""

    ceased = False
    calls = 0

    def draw(self) -> Fault | None:
        """Return what goes wrong in the next call; nothing any more once the faults have ceased."""
        self.calls += 1
        return None if self.ceased else super().draw()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One message that a receiver took."""

    tokens: tuple[str, ...]
    """Of the items that it tells; none in notices."""
    is_marked: bool
    """Whether it says that it may be a repeat."""


class ChaosWorld:
    """Six receivers on loopback, each with a plan of faults; a context manager."""

    def __init__(self, folder: Path, *, share: float, seed: int) -> None:
        """Describe the world.

        Args:
            folder: Where certificates and the configuration go.
            share: Of calls that go wrong.
            seed: Of chance.
        """
        self.folder = folder
        self.authority = _certificate(folder, "right")
        self._wrong = _certificate(folder, "wrong")
        self.plans = {
            name: CeasingPlan(share=share, kinds=FAULTS, seed=seed + number, times=_TIMES)
            for number, name in enumerate(CHANNELS)
        }
        self.mail = FailingSmtpSink(
            self.plans["mail"],
            login=("desk", _SECRET),
            encryption=Encryption.STARTTLS,
            certificate=self.authority,
        )
        self.chats = {name: Imitation(service, self.plans[name]) for name, service in CHATS.items()}
        self.hook = Imitation(Imitated.WEBHOOK, self.plans["hook"], secret=_SECRET, certificate=self.authority)
        self._items: dict[str, str] = {}
        """Number of an item → its token, for messages so brief that they only name it."""
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Open the receivers and write the configuration."""
        receivers: tuple[AbstractContextManager[object], ...] = (self.mail, *self.chats.values(), self.hook)
        for receiver in receivers:
            self._open.enter_context(receiver)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the receivers."""
        self._open.close()

    def write_config(self, *, timeout_s: float) -> Path:
        """Write the configuration and return its path."""
        mail = (
            f"mailtos://desk:{_SECRET}@127.0.0.1:{self.mail.port}"
            "?mode=starttls&from=红头<hongtou@example.org>&to=desk@example.org"
        )
        hook = self.hook.url.replace("webhook://", "webhooks://")
        urls = {"mail": mail, **{name: chat.url for name, chat in self.chats.items()}, "hook": hook}
        channels: dict[str, dict[str, Any]] = {name: {"url": url, "gap": "0s"} for name, url in urls.items()}
        channels["hook"]["secret"] = _SECRET
        settings = {
            "data_dir": str(self.folder / "data"),
            "channels": channels,
            "routes": {"now": {"order": 1}, "daily": {"order": 2, "cadence": "digest", "cron": "*/10 * * * *"}},
            "alerts": {"timeout": f"{timeout_s:g}s", "lease": f"{timeout_s * 4:g}s", "storm_most": 0},
            "operators": {"channels": ["mail"]},
            "log": {"format": "json", "level": "warning"},
        }
        path = self.folder / "hongtou.yaml"
        path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
        return path

    def use_wrong_certificate(self, *, wrong: bool) -> None:
        """Show certificates from now on that nobody vouches for, or the right ones again."""
        contexts: list[ssl.SSLContext | None] = [self.hook.tls, self.mail._tls]  # noqa: SLF001 - it has no seam for it
        for context in contexts:
            if context is not None:
                context.load_cert_chain(self._wrong if wrong else self.authority)

    def cease(self) -> None:
        """End all faults."""
        self.use_wrong_certificate(wrong=False)
        for plan in self.plans.values():
            plan.ceased = True

    def stock(self, uow: UnitOfWork, *, stories: Iterable[int], digests: Iterable[int], now: dt.datetime) -> set[str]:
        """Store stories with their alerts to every channel, and items for the digest; return the tokens of them all."""
        tokens: set[str] = set()
        for number in stories:
            items, story = self._store(uow, number, chapters=CHAPTERS, now=now)
            for channel in CHANNELS:
                for alert in _alerts_of(items, story, ChannelId(channel), now=now):
                    uow.outbox.add(alert)
            tokens |= {_token(number, chapter) for chapter in range(CHAPTERS)}
        for number in digests:
            items, story = self._store(uow, number, chapters=1, now=now)
            for channel in CHANNELS:
                uow.outbox.add(
                    NewAlert(
                        dedup_key=item_alert_key(DAILY, ChannelId(channel), story),
                        kind=AlertKind.ITEM,
                        channel=ChannelId(channel),
                        state=AlertState.HELD,
                        created_at=now,
                        route=DAILY,
                        item_id=items[0],
                    )
                )
            tokens.add(_token(number, 0))
        return tokens

    @property
    def taken(self) -> int:
        """How many messages were taken so far."""
        return len(self.mail.mails) + sum(len(one.taken) for one in (*self.chats.values(), self.hook))

    def arrivals(self) -> Mapping[str, tuple[Arrival, ...]]:
        """Return what each channel's receiver took, in order."""
        found = {name: tuple(map(self._arrival, texts)) for name, texts in self._chat_texts().items()}
        mails = (f"{mail.message['Subject']}\n{mail.part('plain')}" for mail in tuple(self.mail.mails))
        return {"mail": tuple(map(self._arrival, mails)), **found}

    def _chat_texts(self) -> Mapping[str, list[str]]:
        texts = {name: [str(one.payload) for one in chat.taken] for name, chat in self.chats.items()}
        hooks = [f"{one.payload}{' possible repeat' * bool(one.payload['possible_repeat'])}" for one in self.hook.taken]
        return {**texts, "hook": hooks}

    def _arrival(self, text: str) -> Arrival:
        tokens = sorted({*_TOKEN.findall(text), *(self._items.get(n, "") for n in _NUMBER.findall(text))} - {""})
        stories = {token.partition("x")[0]: token for token in tokens}  # of a story its latest chapter is what is told
        return Arrival(tokens=tuple(stories.values()), is_marked="possible repeat" in text.lower())

    def _store(self, uow: UnitOfWork, number: int, *, chapters: int, now: dt.datetime) -> tuple[list[ItemId], StoryId]:
        items = []
        for chapter in range(chapters):
            item_id = uow.items.add(_item(number, chapter, now))
            self._items[str(item_id)] = _token(number, chapter)
            items.append(item_id)
        story = uow.stories.begin(
            Story(
                id=StoryId(0), title=_title(number, 0), language="zh", relevant=True, score=0.9, jurisdiction="cn-sh",
                act="plan", topics=("blockchain",), languages=("zh",), items=chapters, sources=chapters, began_at=now,
                first_seen_at=now, last_seen_at=now,
            )
        )  # fmt: skip
        uow.stories.move(items, story)
        return items, story


def _token(number: int, chapter: int) -> str:
    return f"HT{number:05d}x{chapter}"


def _title(number: int, chapter: int) -> str:
    return f"某市发布区块链产业行动计划 {_token(number, chapter)} <b>&amp;*_{'长' * (number % 7 * 30)}"


def _item(number: int, chapter: int, now: dt.datetime) -> Item:
    url = f"https://outlet{chapter}.example/{number}"
    return Item(
        id=ItemId(0),
        source_id=SourceId(f"outlet{chapter}"),
        url=url,
        canonical_url=url,
        guid=None,
        title=_title(number, chapter),
        text=f"某市政府办公厅印发第{number}版区块链产业行动计划。",
        summary="",
        language="zh",
        published=Published(at=now, precision=DatePrecision.MINUTE, origin=DateOrigin.LIST),
        first_seen_at=now,
        updated_at=now,
        content_hash=f"1:{number:038x}{chapter:02x}",
        classification=_CLASSIFICATION,
    )


_CLASSIFICATION = Classification(
    relevant=True, score=0.9, topics=("blockchain",), jurisdiction="cn-sh", act="plan", evidence=(), documents=(),
    document_numbers=(), reason="A plan of an authority about blockchain.", classifier="chaos-1",
)  # fmt: skip


def _alerts_of(items: list[ItemId], story: StoryId, channel: ChannelId, *, now: dt.datetime) -> Iterable[NewAlert]:
    first = NewAlert(
        dedup_key=item_alert_key(NOW, channel, story),
        kind=AlertKind.ITEM,
        channel=channel,
        state=AlertState.PENDING,
        created_at=now,
        route=NOW,
        item_id=items[0],
        reason="every relevant item",
    )
    yield first
    for item_id in items[1:]:
        key = update_alert_key(NOW, channel, story=story, change=StoryChange.REPORT, item=item_id)
        yield replace(first, dedup_key=key, kind=AlertKind.UPDATE, item_id=item_id, change=StoryChange.REPORT)


def _certificate(folder: Path, name: str) -> Path:
    """Write a PEM file with a self-signed certificate of 127.0.0.1 and its key; return its path."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"hongtou chaos {name}")])
    now = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(subject_name=who, issuer_name=who, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + signed.public_bytes(serialization.Encoding.PEM)
    path = folder / f"{name}.pem"
    path.write_bytes(pem)
    return path
