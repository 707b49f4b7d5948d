"""Signatures, against values worked out by openssl."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from pathlib import Path
from typing import Any

from alerts.signing import dingtalk_signature, feishu_signature, webhook_signature

# printf '' | openssl dgst -sha256 -hmac "$(printf '1599360473\nSECdemo')" -binary | base64, and the like.
FEISHU = "UNvK0aHeWrPUMl0ySOUpIoYdvBDU1mnjgkbX5JtMxkk="
DINGTALK = "tGWkA5eQOQNCNPDgphtxIoNLO+/gD8Lcb705KQoRzeY="
WEBHOOK = "84282ecff4dd4243c2fd36e19267b0f4a9f88f6ff89f7b53fdd4a1bcda1e6889"


def test_feishus_key_is_time_and_secret() -> None:
    """The message is empty."""
    assert feishu_signature("SECdemo", at=1599360473) == FEISHU


def test_dingtalks_message_is_time_and_secret() -> None:
    """The key is the secret."""
    assert dingtalk_signature("SECdemo", at_ms=1599360473000) == DINGTALK


def test_ours_covers_time_and_body() -> None:
    """A receiver works it out from the header's time and the body as it came."""
    body = '{"subject": "红头"}'.encode()
    assert webhook_signature("k3y", body, at=1700000000) == f"t=1700000000,v1={WEBHOOK}"
    said = dict(one.split("=") for one in webhook_signature("k3y", body, at=1700000000).split(","))
    assert said["v1"] == hmac.new(b"k3y", f"{said['t']}.".encode() + body, hashlib.sha256).hexdigest()


def test_the_documented_check_works() -> None:
    """The example of docs/alerts.md takes what we sign, and neither another body, key, nor an old request."""
    page = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(import hashlib.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102  # our own page
    is_from_hongtou = names["is_from_hongtou"]
    now, body = int(time.time()), b'{"subject": "s"}'  # noqa: TID251  # the example reads the real time

    assert is_from_hongtou(webhook_signature("k3y", body, at=now), body, "k3y")
    assert not is_from_hongtou(webhook_signature("k3y", body, at=now), body + b" ", "k3y")
    assert not is_from_hongtou(webhook_signature("k3y", body, at=now), body, "other")
    assert not is_from_hongtou(webhook_signature("k3y", body, at=now - 301), body, "k3y")
    assert not is_from_hongtou("", body, "k3y")
    assert not is_from_hongtou("t=x,v1=y", body, "k3y")
