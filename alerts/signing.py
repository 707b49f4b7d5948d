"""Signs messages by HMAC-SHA256, in the ways of our own webhook, Feishu and DingTalk. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac


def webhook_signature(secret: str, body: bytes, *, at: int) -> str:
    """Return the value of `X-Hongtou-Signature`: `t=<at>,v1=<hex>`, over the time, a full stop and the body.

    Args:
        secret: Shared with the receiver.
        body: As it is sent.
        at: Seconds since 1970, UTC; the receiver refuses old ones, so that nothing caught can be sent again.
    """
    return f"t={at},v1={_hmac(secret, f'{at}.'.encode() + body).hex()}"


def feishu_signature(secret: str, *, at: int) -> str:
    """Return the `sign` of a request: the key is time, line end and secret, the message empty; base64.

    Args:
        secret: Of the bot's security settings.
        at: Seconds since 1970, UTC; Feishu refuses what is older than an hour.

    Source: Feishu's guide to custom bots, "Signature verification".
    """
    return base64.b64encode(_hmac(f"{at}\n{secret}", b"")).decode()


def dingtalk_signature(secret: str, *, at_ms: int) -> str:
    """Return the `sign` of a request: the key is the secret, the message time, line end and secret; base64.

    Args:
        secret: Of the robot's security settings, `SEC…`.
        at_ms: Milliseconds since 1970, UTC; DingTalk refuses what is older than an hour.

    Source: DingTalk's guide to custom robots, security settings. It is to be percent-encoded once.
    """
    return base64.b64encode(_hmac(secret, f"{at_ms}\n{secret}".encode())).decode()


def _hmac(key: str, message: bytes) -> bytes:
    return hmac.new(key.encode(), message, hashlib.sha256).digest()
