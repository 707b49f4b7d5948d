"""A stand-in for a language model that knows the labels and errs on purpose: what such a second opinion gains.

Usage: `python -m benchmarks.opinion_standin FILE.jsonl [--noise 0 0.1 0.2 0.3] [--margin 0.25] [--weight 1]` compares
the classifier alone with one that asks the stand-in; `--serve PORT` answers as an OpenAI-compatible endpoint on
loopback, so that the whole program can be tried without a model. `add_standin` is for other benchmarks.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classifier.opinion.ledger import Reservation
from classifier.opinion.pages import question_of
from classifier.opinion.second_opinion import OpinionRules, SecondOpinion
from config.loader import load_settings
from core.catalogue import source_for_url
from core.opinion import Advice, Band, Opinion, Question, Usage
from core.source import SourceId
from hongtou.clock import SystemClock
from hongtou.evaluation import LabelledItem, document_of, evaluate, read_labelled
from hongtou.parts import build_classifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from classifier.lexicon_classifier import LexiconClassifier
    from core.classification import Document
    from core.evaluation import Counts
    from core.source import Source

    SourceFinder = Callable[[str, str], Source | None]

NOISE = 0.1
"""Share of wrong answers: about what mid-sized models are said to reach on tasks like this; no measurement of ours."""
_SURE = 0.9
_MAX_TEXT = 6000
_PAGE = re.compile(r"^BEGIN PAGE (\d+) ([0-9a-f]{16}).*\n(.*)\nEND PAGE \1 \2$", re.MULTILINE)
Answer = tuple[bool, tuple[str, ...], str]
"""Whether it is relevant, its topics, its act."""


class LabelAdviser:
    """Implements `core.opinion.Adviser` from labels. Its errors are of the item, and the same in every run."""

    name = "stand-in"

    def __init__(self, answers: Iterable[tuple[Document, Answer]], *, noise: float = NOISE, seed: int = 1) -> None:
        """Learn the labels.

        Args:
            answers: Documents as they are judged, with what a reader said of them.
            noise: Share of verdicts that are turned round.
            seed: Another one turns others round.
        """
        self._noise = noise
        self._seed = seed
        self._answers = {_key(_question(document)): answer for document, answer in answers}

    @property
    def version(self) -> str:
        """Name, noise and seed."""
        return f"stand-in.{self._noise}.{self._seed}"

    def most_tokens(self, questions: Sequence[Question]) -> Usage:
        """Cost nothing."""
        del questions
        return Usage(tokens_in=0, tokens_out=0)

    def ask(self, questions: Sequence[Question]) -> Advice:
        """Answer from the labels; nothing about what has none."""
        return Advice(opinions=tuple(map(self.opinion, questions)), usage=Usage(tokens_in=0, tokens_out=0))

    def opinion(self, question: Question) -> Opinion | None:
        """Return what it says of one document."""
        key = _key(question)
        if key not in self._answers:
            return None
        relevant, topics, act = self._answers[key]
        drawn = int(hashlib.sha256(f"{self._seed}/{key}".encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
        if drawn < self._noise:
            relevant = not relevant
        return Opinion(
            relevant=relevant, confidence=_SURE, topics=topics if relevant else (), act=act if relevant else "none"
        )


class OpenPurse:
    """Implements the ledger of second opinions with money for everything and no memory; counts the questions."""

    def __init__(self) -> None:
        self.questions = 0

    def recall(self, keys: Sequence[str], *, count: bool) -> Mapping[str, Opinion]:
        """Remember nothing."""
        del keys, count
        return {}

    def reserve(self, most: Usage) -> Reservation | None:
        """Give what is asked for."""
        return Reservation(month="", amount=most.tokens_in)

    def settle(
        self,
        reservation: Reservation,
        usage: Usage | None,
        *,
        questions: int,
        opinions: Mapping[str, Opinion],
        adviser: str,
        fault: str = "",
    ) -> None:
        """Count."""
        del reservation, usage, opinions, adviser, fault
        self.questions += questions


def add_standin(
    classifier: LexiconClassifier,
    adviser: LabelAdviser,
    *,
    threshold: float,
    margin: float = 0.25,
    weight: float = 1.0,
    purse: OpenPurse | None = None,
) -> SecondOpinion:
    """Return a classifier that asks the stand-in, whatever the age of a document.

    Args:
        classifier: The first one.
        adviser: The stand-in, which knows the labels of what will be judged.
        threshold: Of the first one.
        margin: How far from it a score may lie to be asked about.
        weight: Factor on the opinion's log-odds.
        purse: Counts the questions.
    """
    band = Band.around(threshold, margin)
    return SecondOpinion(
        classifier,
        lenient=classifier.at(band.low),
        adviser=adviser,
        ledger=purse or OpenPurse(),
        rules=OpinionRules(threshold=threshold, band=band, weight=weight, max_age=timedelta(days=36_500)),
        clock=SystemClock(),
    )


def answers_of(items: Iterable[LabelledItem], find_source: SourceFinder | None = None) -> list[tuple[Document, Answer]]:
    """Return labelled items as the stand-in learns them."""
    return [(document_of(item, find_source), (item.relevant, item.topics, item.act)) for item in items]


def _question(document: Document) -> Question:
    return question_of(document, translate=False, max_text=_MAX_TEXT)


def _key(question: Question) -> str:
    return f"{question.title}\n{question.text}"


def main() -> None:
    """Compare, or serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--noise", type=float, nargs="+", default=[0.0, NOISE, 0.2, 0.3])
    parser.add_argument("--margin", type=float, default=0.25)
    parser.add_argument("--weight", type=float, default=1.0)
    parser.add_argument("--serve", type=int, metavar="PORT")
    options = parser.parse_args()
    items = read_labelled(options.file.read_text(encoding="utf-8").splitlines(), name=str(options.file))
    loaded = load_settings(None, environ={})

    def find_source(source_id: str, url: str) -> Source | None:
        return loaded.sources.get(SourceId(source_id)) or source_for_url(url, loaded.sources.values())

    answers = answers_of(items, find_source)
    if options.serve:
        serve(LabelAdviser(answers, noise=options.noise[0]), options.serve)
        return
    first = build_classifier(loaded)
    threshold = loaded.settings.classify.threshold
    show("alone", evaluate(items, first, find_source=find_source).relevance, asked=0)
    for noise in options.noise:
        purse = OpenPurse()
        adviser = LabelAdviser(answers, noise=noise)
        second = add_standin(
            first, adviser, threshold=threshold, margin=options.margin, weight=options.weight, purse=purse
        )
        counts = evaluate(items, second, find_source=find_source).relevance
        show(f"noise {noise:.0%}", counts, asked=purse.questions)


def show(name: str, counts: Counts, *, asked: int) -> None:
    """Print one row."""
    print(f"{name:>12}  F1 {counts.f1:.3f}  P {counts.precision:.3f}  R {counts.recall:.3f}  asked {asked}")


def serve(adviser: LabelAdviser, port: int) -> None:
    """Answer `POST …/chat/completions` on loopback until interrupted."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(completion(adviser, asked["messages"][-1]["content"])).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    print(f"base_url: http://127.0.0.1:{port}/v1")
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


def completion(adviser: LabelAdviser, message: str) -> dict[str, Any]:
    """Return an answer to a request's last message in the form of chat completions; unknown pages are left out."""
    answers, code = [], ""
    for number, found, page in _PAGE.findall(message):
        code, shown = found, json.loads(page)
        question = Question(
            title=shown.get("title", ""), text=shown.get("text", ""), issuer="", voice="", published_on="",
            translate=False,
        )  # fmt: skip
        opinion = adviser.opinion(question)
        if opinion is not None:
            verdict = {"relevant": opinion.relevant, "confidence": opinion.confidence}
            answers.append({"page": int(number), **verdict, "topics": list(opinion.topics), "act": opinion.act})
    content = json.dumps({"code": code, "answers": answers})
    usage = {"prompt_tokens": len(message) // 2, "completion_tokens": len(content) // 3}
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return {"object": "chat.completion", "choices": [choice], "usage": usage}


if __name__ == "__main__":
    main()
