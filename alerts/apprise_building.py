"""Makes services of addresses: finds the class, checks the options, keeps Apprise quiet. Sends nothing.

Apprise tells a person what is wrong with an address by its log alone, and goes on without what it did not understand;
that log is listened to while a service is made, and every warning counts.
"""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from apprise import Apprise, AppriseAsset
from apprise.common import OverflowMode, PersistentStoreMode
from apprise.exception import AppriseImproperlyConfigured
from apprise.plugins import N_MGR

from alerts.apprise_border import Service
from alerts.apprise_posting import Posting
from alerts.apprise_services import OURS, kind_of, options_of, scheme_of
from alerts.apprise_terminal import TerminalService
from core.message import ChannelKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from apprise.plugins.base import NotifyBase

_NOWHERE = logging.NullHandler()
_IGNORED = re.compile(r"\b(?:invalid|unsupported)\b", re.IGNORECASE)
_PLAIN = re.compile(r"[?&]format=text(?:&|$)", re.IGNORECASE)
_DEFAULT_WAITS = (4.0, 15.0)
"""Apprise's own socket time-outs, of HTTP and of mail; an address that sets another means it."""


class BadAddressError(ValueError):
    """Apprise cannot make a service of an address; the message may hold parts of it."""


def build_service(
    url: str, *, wait_s: float, terminal: TextIO, gap_s: float | None = None, secret: str = ""
) -> Service:
    """Make a service of an Apprise address.

    Args:
        url: The address, or `terminal:`.
        wait_s: Longest wait for one socket operation in seconds, where the address does not set its own.
        terminal: Where `terminal:` prints.
        gap_s: Least seconds between two messages; None for the service's own.
        secret: Key that signs messages; empty for that of the address, if any.

    Raises:
        BadAddressError: It is no address of a service Apprise knows; the message is Apprise's reason.
    """
    silence_apprise()
    asset = _asset()
    with _overheard() as reasons:
        plugin = _plugin(url, asset=asset, terminal=terminal)
    # Apprise leaves out a recipient or option that it does not understand, and goes on without.
    faults = [reason for reason in reasons if plugin is None or _IGNORED.search(reason)]
    if plugin is None or faults:
        raise BadAddressError(faults[0] if faults else "it is no address of a service that Apprise knows")
    _sign(plugin, secret)
    if kind_of(plugin) is not ChannelKind.OTHER:
        plugin.overflow_mode = OverflowMode.UPSTREAM  # parts are cut already
    if plugin.socket_connect_timeout in _DEFAULT_WAITS:
        plugin.socket_connect_timeout = wait_s
    if plugin.socket_read_timeout in _DEFAULT_WAITS:
        plugin.socket_read_timeout = wait_s
    return Service(plugin, asset=asset, gap_s=gap_s, is_plain=_PLAIN.search(url) is not None)


def is_known_scheme(scheme: str) -> bool:
    """Say whether there is a service of this scheme."""
    return scheme in OURS or scheme == TerminalService.protocol or scheme in N_MGR


def _asset() -> AppriseAsset:
    return AppriseAsset(
        app_id="Hongtou",
        app_desc="Hongtou policy alerts",
        app_url="",
        image_url_mask="",  # or every message would load an icon from Apprise's repository
        async_mode=False,
        service_timeout=0,  # the notifier keeps the time; Apprise would move the work to threads of its own
        storage_mode=PersistentStoreMode.MEMORY.value,
    )


def _plugin(url: str, *, asset: AppriseAsset, terminal: TextIO) -> NotifyBase | None:
    scheme = scheme_of(url)
    if scheme == TerminalService.protocol:
        return TerminalService(stream=terminal, asset=asset)
    ours = OURS.get(scheme)
    if ours is None:
        return Apprise.instantiate(url, asset=asset)
    try:
        options = options_of(url)
        plugin: Any = ours(**{**options, "asset": asset}) if options else None
        if options and isinstance(plugin, Posting) and (endpoint := options["qsd"].get("endpoint")):
            plugin.move_to(endpoint)
    except (AppriseImproperlyConfigured, ValueError) as error:
        raise BadAddressError(str(error)) from error
    made: NotifyBase | None = plugin
    return made


def _sign(plugin: Any, secret: str) -> None:  # noqa: ANN401  # a plugin
    if not secret:
        return
    if not isinstance(plugin, Posting) or not plugin.takes_secret:
        raise BadAddressError("messages to this service cannot be signed: take `secret` away")
    plugin.secret = secret


def silence_apprise() -> None:
    """Keep Apprise's log, which holds addresses and payloads, out of every handler but the listener's own."""
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(_NOWHERE)  # without any handler, Python prints warnings to the terminal
    # It logs the path of every request, which is the secret of a webhook.
    logging.getLogger("urllib3").setLevel(logging.ERROR)


class _Listener(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record.getMessage())


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """Collect Apprise's warnings within the block."""
    heard: list[str] = []
    listener = _Listener(heard)
    logger = logging.getLogger("apprise")
    logger.addHandler(listener)
    try:
        yield heard
    finally:
        logger.removeHandler(listener)
