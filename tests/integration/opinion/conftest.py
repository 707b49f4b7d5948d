"""A stand-in for a model's endpoint on loopback, which answers well, badly, slowly or not at all, as it is told."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from classifier.opinion.endpoint import ChatEndpoint
from classifier.opinion.prompt import load_prompt
from core.opinion import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "sk-secret-0123456789"
_PAGE = re.compile(r"^BEGIN PAGE (\d+) ([0-9a-f]{16})(.*)\n(.*)\nEND PAGE \1 \2$", re.MULTILINE)


@dataclass
class Request:
    """What the stand-in was asked."""

    path: str
    headers: dict[str, str]
    payload: dict[str, Any]

    @property
    def system(self) -> str:
        """The first message."""
        return str(self.payload["messages"][0]["content"])

    @property
    def user(self) -> str:
        """The second message."""
        return str(self.payload["messages"][1]["content"])

    @property
    def code(self) -> str:
        """The request's code."""
        found = re.search(r"The code of this request is ([0-9a-f]+)\.", self.user)
        assert found is not None
        return found[1]

    @property
    def pages(self) -> list[dict[str, Any]]:
        """The pages, as a model that keeps to the rules reads them."""
        return [json.loads(page[3]) for page in _PAGE.findall(self.user)]


@dataclass
class StandIn:
    """The endpoint's address, what it was asked, how it behaves, and words to answer in."""

    url: str
    behave: Callable[[Request, BaseHTTPRequestHandler], None]
    requests: list[Request] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    """Set when the test is over."""

    @staticmethod
    def send(handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> None:
        """Answer; underscores in header names stand for hyphens."""
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    @staticmethod
    def completion(content: object, **extra: Any) -> bytes:
        """Return an answer in the form of chat completions."""
        choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 700, "completion_tokens": 50}
        return json.dumps({"choices": [choice], "usage": usage, **extra}).encode()

    @staticmethod
    def answer(code: str, *pages: dict[str, Any]) -> str:
        """Return what a model writes about pages, in order."""
        answers = [{"page": number, **page} for number, page in enumerate(pages, start=1)]
        return json.dumps({"code": code, "answers": answers}, ensure_ascii=False)


def answer_well(request: Request, handler: BaseHTTPRequestHandler) -> None:
    """Call every page relevant."""
    yes = {"relevant": True, "confidence": 0.9, "topics": ["ai"], "act": "plan", "reason": "An authority's plan."}
    StandIn.send(handler, StandIn.completion(StandIn.answer(request.code, *[yes for _ in request.pages])))


@contextmanager
def serving() -> Iterator[StandIn]:
    """Serve on a free port of loopback."""
    made: StandIn

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            request = Request(self.path, dict(self.headers.items()), json.loads(body))
            made.requests.append(request)
            try:
                made.behave(request, self)
            except OSError:
                self.close_connection = True

        def do_GET(self) -> None:
            made.requests.append(Request(self.path, dict(self.headers.items()), {}))
            StandIn.send(self, b"{}")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of clients that went away."""

    server = Server(("127.0.0.1", 0), Handler)
    made = StandIn(f"http://127.0.0.1:{server.server_address[1]}/v1", answer_well)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A stand-in that answers well until it is told otherwise; no proxy of the environment stands before it."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as made:
        yield made


@pytest.fixture
def make_endpoint(standin: StandIn) -> Callable[..., ChatEndpoint]:
    """Maker of clients of the stand-in, patient for a second unless told otherwise."""

    def make(**options: Any) -> ChatEndpoint:
        defaults: dict[str, Any] = {
            "model": "stand-in",
            "key": KEY,
            "prompt": load_prompt(),
            "timeout": timedelta(seconds=1),
            "max_answer": 600,
        }
        return ChatEndpoint(options.pop("base_url", standin.url), **{**defaults, **options})

    return make


@pytest.fixture
def question() -> Question:
    """A question about a Chinese item of the press."""
    return Question(
        title="某市印发区块链产业行动计划",
        text="某市政府办公厅印发行动计划，提出建设公共服务平台。",
        issuer="",
        voice="press",
        published_on="2023-06-15",
        translate=True,
    )
