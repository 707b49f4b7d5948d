"""Apprise's service classes, as values without a type.

Apprise is marked as typed, but its services are not: they narrow the signatures of their own base and set strings where
it declares None. Declared as `Any` here, they can be subclassed without an exemption at every line.
"""

from __future__ import annotations

import warnings
from typing import Any

from apprise.plugins import base as _base
from apprise.plugins import dingtalk as _dingtalk
from apprise.plugins import discord as _discord
from apprise.plugins import feishu as _feishu
from apprise.plugins import lark as _lark
from apprise.plugins import ntfy as _ntfy
from apprise.plugins import slack as _slack
from apprise.plugins import telegram as _telegram
from apprise.plugins import wecombot as _wecombot

with warnings.catch_warnings():
    # Its PGP support looks for a module that Python 3.13 drops, and copes when it is gone.
    warnings.filterwarnings("ignore", "'imghdr' is deprecated", DeprecationWarning)
    from apprise.plugins.email import base as _email
    from apprise.plugins.email import common as _common
    from apprise.plugins.email import smtp as _smtp

NotifyBase: Any = _base.NotifyBase
NotifySlack: Any = _slack.NotifySlack
NotifyTelegram: Any = _telegram.NotifyTelegram
NotifyDiscord: Any = _discord.NotifyDiscord
NotifyFeishu: Any = _feishu.NotifyFeishu
NotifyLark: Any = _lark.NotifyLark
NotifyDingTalk: Any = _dingtalk.NotifyDingTalk
NotifyWeComBot: Any = _wecombot.NotifyWeComBot
NotifyNtfy: Any = _ntfy.NotifyNtfy
NotifyEmail: Any = _email.NotifyEmail
AppriseSMTPController: Any = _smtp.AppriseSMTPController
AppriseEmailException: Any = _common.AppriseEmailException

DELIVERED: Any = _base._delivery_tracker  # noqa: SLF001
"""Context variable: the targets of the present message that have it already. Apprise fills it only for its own
retries, which end with the call; ours go on for hours, and must not tell those again that were told."""
SMTP_INSECURE: str = _smtp.SMTPSecureMode.INSECURE
NO_PGP: str = _email.PGPMode.NONE
SLACK_BOT: str = _slack.SlackMode.BOT
NTFY_PUBLIC: str = _ntfy.NtfyMode.CLOUD
