"""Local receivers on loopback that keep what they are sent: a mail server and a webhook.

The rehearsal delivers to them through the very path of real alerts, and the tests make them fail in the ways real ones
do. Each runs in a thread of its own, on a port of its own choosing, between `__enter__` and `__exit__`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import ssl
import struct
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import EmailMessage
    from pathlib import Path
    from types import TracebackType

LOOPBACK = "127.0.0.1"
FOREVER_S = 3600.0
"""A wait longer than anybody's patience; ends when the receiver is closed."""


class Encryption(Enum):
    """How a mail server is spoken to."""

    NONE = "none"
    STARTTLS = "starttls"
    """Upgrade required before anything else."""
    TLS = "tls"
    """From the first byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAnswer:
    """How the mail sink answers; the replies are whole SMTP lines."""

    recipient: str = "250 2.1.5 OK"
    data: str = "250 2.0.0 OK"
    wait_s: float = 0.0
    """Wait before the answer to the first recipient."""
    refused: frozenset[str] = frozenset()
    """Recipients that get `refusal` in place of `recipient`."""
    refusal: str = "550 5.1.1 no such user"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMail:
    """One mail that was accepted."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes = b""
    """As it came over the wire."""

    def part(self, subtype: str) -> str:
        """Return the decoded text of the first `text/<subtype>` part, empty when there is none."""
        for part in self.message.walk():
            if part.get_content_type() == f"text/{subtype}":
                return str(part.get_content())
        return ""


class SmtpSink:
    """A mail server that keeps every mail; a context manager.

    `answer` may be set at any time, from any thread, and holds from the next command on.
    """

    def __init__(
        self,
        *,
        login: tuple[str, str] | None = None,
        encryption: Encryption = Encryption.NONE,
        certificate: Path | None = None,
    ) -> None:
        """Describe the server.

        Args:
            login: User and password that a client must show; None lets everybody send.
            encryption: Whether and how the connection is encrypted.
            certificate: PEM file with certificate chain and key, for either encryption.
        """
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd logs every line of every dialogue
        self.answer = SmtpAnswer()
        self.mails: list[ReceivedMail] = []
        self.port = 0
        self._login = login
        self._encryption = encryption
        self._tls = _server_context(certificate) if certificate else None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-sink", daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The Apprise address of a mail from `hongtou@example.org` to `desk@example.org`, without login or TLS."""
        return f"mailto://{LOOPBACK}:{self.port}?from=hongtou@example.org&to=desk@example.org"

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        self.up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Hang up on everybody and stop."""
        self.down()
        asyncio.run_coroutine_threadsafe(_cancel_others(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def up(self) -> None:
        """Listen again, on the same port as before, if not listening."""
        if self._server is None:
            self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
            self.port = self._server.sockets[0].getsockname()[1]

    def down(self) -> None:
        """Stop listening: new connections are refused."""
        if self._server is not None:
            self._loop.call_soon_threadsafe(self._server.close)
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop).result()
            self._server = None

    async def _listen(self) -> asyncio.Server:
        implicit = self._tls if self._encryption is Encryption.TLS else None
        return await self._loop.create_server(self._session, LOOPBACK, self.port, ssl=implicit, reuse_address=True)

    def handler(self) -> SmtpHandler:
        """Return what answers one session."""
        return SmtpHandler(self)

    def _session(self) -> SMTP:
        upgrade = self._encryption is Encryption.STARTTLS
        session = SMTP(
            self.handler(),
            hostname="localhost",
            enable_SMTPUTF8=True,
            tls_context=self._tls if upgrade else None,
            require_starttls=upgrade,
            auth_required=self._login is not None,
            authenticator=self._authenticate,
            loop=self._loop,
        )
        # It knows TLS by STARTTLS only, and warns of logins without when asked to allow them at once.
        session._auth_require_tls = upgrade  # noqa: SLF001
        return session

    def _authenticate(
        self, _server: object, _session: object, _envelope: object, _how: str, shown: object
    ) -> AuthResult:
        known = isinstance(shown, LoginPassword) and (shown.login.decode(), shown.password.decode()) == self._login
        return AuthResult(success=known, handled=known)


class SmtpHandler:
    """What aiosmtpd calls at each command."""

    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self,
        _server: object,
        _session: object,
        envelope: Any,  # noqa: ANN401  # aiosmtpd has no types
        address: str,
        _options: object,
    ) -> str:
        """Answer to one recipient."""
        answer = self._sink.answer
        if answer.wait_s:
            await asyncio.sleep(answer.wait_s)
        if address in answer.refused:
            return answer.refusal
        if answer.recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer.recipient

    async def handle_DATA(self, _server: Any, _session: object, envelope: Any) -> str:  # noqa: ANN401, N802
        """Keep a mail, and answer to it."""
        reply = self._sink.answer.data
        if reply.startswith("2"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            mail = ReceivedMail(
                sender=envelope.mail_from,
                recipients=tuple(envelope.rcpt_tos),
                message=message,
                raw=envelope.original_content,
            )
            self._sink.mails.append(mail)
        return reply


async def _cancel_others() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAnswer:
    """One answer of the webhook sink."""

    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    """Wait before anything is sent."""
    reset: bool = False
    """Cut the connection in place of an answer."""
    drip_s: float = 0.0
    """Wait between two bytes of the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCall:
    """One request that the webhook sink got."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object."""
        return cast("dict[str, Any]", json.loads(self.body))


class WebhookSink:
    """An HTTP server that keeps every POST and answers like Slack's incoming webhook; a context manager.

    Answers put into `answers` are given first, one a request, in order; then `default` is.
    """

    def __init__(self, default: WebhookAnswer = WebhookAnswer(), *, certificate: Path | None = None) -> None:
        """Describe the server.

        Args:
            default: What it answers.
            certificate: PEM file with certificate and key, to speak TLS.
        """
        self.default = default
        self.tls = _server_context(certificate) if certificate else None
        self.answers: deque[WebhookAnswer] = deque()
        self.calls: list[WebhookCall] = []
        self.port = 0
        self._server: _WebhookServer | None = None
        self._closing = threading.Event()

    @property
    def address(self) -> str:
        """Its plain HTTP address, without a path."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        """The Apprise address of its Slack-compatible webhook."""
        return f"slackhook://{LOOPBACK}:{self.port}/services/T0/B0/local"

    def __enter__(self) -> Self:
        """Listen."""
        self.up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """End every wait and stop."""
        self._closing.set()
        self.down()

    def up(self) -> None:
        """Listen again, on the same port as before, if not listening."""
        if self._server is None:
            self._server = _WebhookServer(self)
            self.port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.02,), name="webhook-sink", daemon=True).start()

    def down(self) -> None:
        """Stop listening: new connections are refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer_to(self, call: WebhookCall) -> WebhookAnswer:
        """Keep a request and return the answer to it."""
        self.calls.append(call)
        return self.answers.popleft() if self.answers else self.default

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than the sink lives."""
        self._closing.wait(seconds)


class _WebhookServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, sink: WebhookSink) -> None:
        self.sink = sink
        super().__init__((LOOPBACK, sink.port), _WebhookHandler)
        if sink.tls is not None:
            # Without the handshake here, a client that refuses the certificate costs a thread, not the server.
            self.socket = sink.tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up."""


class _WebhookHandler(BaseHTTPRequestHandler):
    server: _WebhookServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        sink = self.server.sink
        answer = sink.answer_to(WebhookCall(path=self.path, headers=dict(self.headers), body=body))
        sink.wait(answer.wait_s)
        if answer.reset:
            self._cut()
            return
        with suppress(OSError):  # the client has lost patience
            self._reply(answer)

    def _reply(self, answer: WebhookAnswer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if not answer.drip_s:
            self.wfile.write(answer.body)
            return
        for index in range(len(answer.body)):
            self.wfile.write(answer.body[index : index + 1])
            self.server.sink.wait(answer.drip_s)

    def _cut(self) -> None:
        """Close with a reset: no lingering (SO_LINGER on, zero seconds), so that no orderly end is sent."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Say nothing: the terminal belongs to the rehearsal."""
