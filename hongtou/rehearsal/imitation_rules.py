"""What chat services take and what they answer, as far as a sender can tell them from the real ones. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from hongtou.rehearsal.receivers import WebhookAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from hongtou.rehearsal.receivers import WebhookCall


def answer(status: int, body: object, **headers: str) -> WebhookAnswer:
    """Return an answer of JSON, or of text as it is; underscores in names of headers stand for hyphens."""
    text = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return WebhookAnswer(status=status, body=text.encode(), headers=named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One service."""

    good: WebhookAnswer
    too_long: WebhookAnswer
    refused: WebhookAnswer
    limited: Callable[[int], WebhookAnswer]
    """Answer to one who calls too often, with the seconds to wait."""
    told: Callable[[dict[str, Any]], str]
    """What a person would read of a payload; raises KeyError or TypeError where it is none of the service's."""
    target: Callable[[WebhookCall, dict[str, Any]], str] = lambda _call, _payload: ""
    fault: Callable[[WebhookCall, dict[str, Any], str], WebhookAnswer | None] = lambda _call, _payload, _secret: None
    """Refusal of a request that breaks the service's rules; None for one that keeps them. Takes the robot's secret."""
    malformed: WebhookAnswer = field(default_factory=lambda: answer(400, "invalid_payload"))


_SLACK_ERROR = {"header": 150, "section": 3000}


def _slack_fault(_call: WebhookCall, payload: dict[str, Any], _secret: str) -> WebhookAnswer | None:
    blocks = payload["blocks"]
    lengths = [(block["type"], len(block["text"]["text"])) for block in blocks if "text" in block]
    broken = len(blocks) > 50 or any(not 0 < size <= _SLACK_ERROR.get(kind, size) for kind, size in lengths)
    return answer(400, "invalid_blocks") if broken else None


def _slack_text(payload: dict[str, Any]) -> str:
    return "\n".join(block["text"]["text"] for block in payload["blocks"] if "text" in block)


SLACK = Rules(
    good=answer(200, "ok"),
    too_long=answer(400, "msg_too_long"),
    refused=answer(403, "invalid_token"),
    limited=lambda seconds: answer(429, "rate_limited", Retry_After=str(seconds)),
    told=_slack_text,
    fault=_slack_fault,
)


def _bot_fault(call: WebhookCall, payload: dict[str, Any], secret: str) -> WebhookAnswer | None:
    if not call.headers.get("Authorization", "").startswith("Bearer xoxb-"):
        return answer(200, {"ok": False, "error": "invalid_auth"})
    return answer(200, {"ok": False, "error": "invalid_blocks"}) if _slack_fault(call, payload, secret) else None


SLACK_BOT = Rules(
    good=answer(200, {"ok": True, "channel": "C01", "ts": "1700000000.000100"}),
    too_long=answer(200, {"ok": False, "error": "msg_too_long"}),
    refused=answer(200, {"ok": False, "error": "channel_not_found"}),
    limited=lambda seconds: answer(429, {"ok": False, "error": "ratelimited"}, Retry_After=str(seconds)),
    told=_slack_text,
    target=lambda _call, payload: str(payload["channel"]),
    fault=_bot_fault,
)


class _TelegramHtml(HTMLParser):
    """Reads Telegram's HTML, which knows few tags and wants each closed."""

    TAGS = frozenset({"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.fault = ""
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag."""
        del attrs
        self.open.append(tag)
        if tag not in self.TAGS:
            self.fault = f'Unsupported start tag "{tag}"'

    def handle_endtag(self, tag: str) -> None:
        """Close a tag."""
        if not self.open or self.open.pop() != tag:
            self.fault = f'Unexpected end tag "{tag}"'

    def handle_data(self, data: str) -> None:
        """Take text."""
        self.said += data


def _bad_request(description: str) -> WebhookAnswer:
    return answer(400, {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"})


def _telegram_fault(_call: WebhookCall, payload: dict[str, Any], _secret: str) -> WebhookAnswer | None:
    said = str(payload["text"])
    if payload.get("parse_mode") == "HTML":
        reader = _TelegramHtml()
        reader.feed(said)
        reader.close()
        if reader.fault or reader.open:
            return _bad_request(f"can't parse entities: {reader.fault or 'a tag is not closed'}")
        said = reader.said
    if not said.strip():
        return _bad_request("message text is empty")
    return _bad_request("message is too long") if _utf16(said) > 4096 else None


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


TELEGRAM = Rules(
    good=answer(200, {"ok": True, "result": {"message_id": 7}}),
    too_long=_bad_request("message is too long"),
    refused=answer(403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}),
    limited=lambda seconds: answer(
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": f"Too Many Requests: retry after {seconds}",
            "parameters": {"retry_after": seconds},
        },
    ),
    told=lambda payload: str(payload["text"]),
    target=lambda _call, payload: str(payload["chat_id"]),
    fault=_telegram_fault,
)

_DISCORD_LONG = answer(
    400,
    {
        "message": "Invalid Form Body",
        "code": 50035,
        "errors": {
            "content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}]}
        },
    },
)

DISCORD = Rules(
    good=answer(200, {"id": "1", "type": 0}, X_RateLimit_Remaining="4", X_RateLimit_Reset_After="1.0"),
    too_long=_DISCORD_LONG,
    refused=answer(404, {"message": "Unknown Webhook", "code": 10015}),
    limited=lambda seconds: answer(
        429, {"message": "You are being rate limited.", "retry_after": float(seconds), "global": False}
    ),
    told=lambda payload: str(payload["content"]),
    fault=lambda _call, payload, _secret: _DISCORD_LONG if _utf16(payload["content"]) > 2000 else None,
)


def _sha256(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def _feishu_fault(call: WebhookCall, payload: dict[str, Any], secret: str) -> WebhookAnswer | None:
    if secret and payload.get("sign") != _sha256(f"{payload.get('timestamp')}\n{secret}", ""):
        return answer(
            200, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
        )
    return _FEISHU_LONG if len(call.body) > 20 * 1024 else None


_FEISHU_LONG = answer(200, {"code": 9499, "msg": "request body is too large"})

FEISHU = Rules(
    good=answer(200, {"code": 0, "msg": "success", "data": {}}),
    too_long=_FEISHU_LONG,
    refused=answer(200, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}),
    limited=lambda _seconds: answer(
        200, {"code": 11232, "msg": "frequency limited psm[lark.oapi.app_platform_runtime]"}
    ),
    told=lambda payload: (
        payload["card"]["header"]["title"]["content"]
        + "\n"
        + "\n".join(
            one["content"] if "content" in one else one["text"]["content"] for one in payload["card"]["elements"]
        )
    ),
    fault=_feishu_fault,
    malformed=answer(200, {"code": 9499, "msg": "Bad Request"}),
)


def _query(call: WebhookCall, name: str) -> str:
    return parse_qs(urlsplit(call.path).query).get(name, [""])[0]


def _dingtalk_fault(call: WebhookCall, _payload: dict[str, Any], secret: str) -> WebhookAnswer | None:
    at = _query(call, "timestamp")
    if secret and _query(call, "sign") != _sha256(secret, f"{at}\n{secret}"):
        return answer(200, {"errcode": 310000, "errmsg": "sign not match"})
    return _DINGTALK_LONG if len(call.body) > 20_000 else None


_DINGTALK_LONG = answer(200, {"errcode": 460101, "errmsg": "message too long, exceed 20000 bytes"})

DINGTALK = Rules(
    good=answer(200, {"errcode": 0, "errmsg": "ok"}),
    too_long=_DINGTALK_LONG,
    refused=answer(200, {"errcode": 300001, "errmsg": "token is not exist"}),
    limited=lambda _seconds: answer(200, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}),
    told=lambda payload: f"{payload['markdown']['title']}\n{payload['markdown']['text']}",
    fault=_dingtalk_fault,
    malformed=answer(200, {"errcode": 40035, "errmsg": "invalid parameter"}),
)

_WECOM_LONG = answer(
    200, {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096. invalid Request Parameter"}
)

WECOM = Rules(
    good=answer(200, {"errcode": 0, "errmsg": "ok"}),
    too_long=_WECOM_LONG,
    refused=answer(200, {"errcode": 93000, "errmsg": "invalid webhook url"}),
    limited=lambda _seconds: answer(200, {"errcode": 45009, "errmsg": "api freq out of limit"}),
    told=lambda payload: str(payload["markdown"]["content"]),
    fault=lambda _call, payload, _secret: _WECOM_LONG if len(payload["markdown"]["content"].encode()) > 4096 else None,
    malformed=answer(200, {"errcode": 40008, "errmsg": "invalid message type"}),
)

_NTFY_LONG = answer(413, {"code": 41301, "http": 413, "error": "request entity too large: message"})

NTFY = Rules(
    good=answer(200, {"id": "x1", "event": "message"}),
    too_long=_NTFY_LONG,
    refused=answer(403, {"code": 40301, "http": 403, "error": "forbidden"}),
    limited=lambda seconds: answer(
        429, {"code": 42901, "http": 429, "error": "limit reached: too many requests"}, Retry_After=str(seconds)
    ),
    told=lambda payload: f"{payload['title']}\n{payload['message']}",
    target=lambda _call, payload: str(payload["topic"]),
    fault=lambda _call, payload, _secret: _NTFY_LONG if len(payload["message"].encode()) > 4096 else None,
)


def _webhook_fault(call: WebhookCall, _payload: dict[str, Any], secret: str) -> WebhookAnswer | None:
    said = dict(one.split("=", 1) for one in call.headers.get("X-Hongtou-Signature", "").split(",") if "=" in one)
    right = hmac.new(secret.encode(), f"{said.get('t')}.".encode() + call.body, hashlib.sha256).hexdigest()
    return answer(401, {"error": "bad signature"}) if secret and said.get("v1") != right else None


WEBHOOK = Rules(
    good=answer(202, ""),
    too_long=answer(413, ""),
    refused=answer(410, "gone"),
    limited=lambda seconds: answer(429, "", Retry_After=str(seconds)),
    told=lambda payload: str(payload["subject"]),
    fault=_webhook_fault,
)
