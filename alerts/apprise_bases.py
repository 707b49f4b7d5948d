"""Apprise's service classes, as values without a type.

Apprise is marked as typed, but its services are not: they narrow the signatures of their own base and set strings where
it declares None. Declared as `Any` here, they can be subclassed without an exemption at every line.
"""

from __future__ import annotations

import warnings
from typing import Any

from apprise.plugins import base as _base
from apprise.plugins import slack as _slack

with warnings.catch_warnings():
    # Its PGP support looks for a module that Python 3.13 drops, and copes when it is gone.
    warnings.filterwarnings("ignore", "'imghdr' is deprecated", DeprecationWarning)
    from apprise.plugins.email import base as _email
    from apprise.plugins.email import common as _common
    from apprise.plugins.email import smtp as _smtp

NotifyBase: Any = _base.NotifyBase
NotifySlack: Any = _slack.NotifySlack
NotifyEmail: Any = _email.NotifyEmail
AppriseSMTPController: Any = _smtp.AppriseSMTPController
AppriseEmailException: Any = _common.AppriseEmailException

DELIVERED: Any = _base._delivery_tracker  # noqa: SLF001
"""Context variable: the targets of the present message that have it already. Apprise fills it only for its own
retries, which end with the call; ours go on for hours, and must not tell those again that were told."""
NO_PGP: str = _email.PGPMode.NONE
