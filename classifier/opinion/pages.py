"""Lays documents out for a model as delimited data: nothing in a page can look like our own words."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from classifier.opinion.cleaning import clean_line, clean_text
from core.opinion import Question, is_chinese

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.classification import Document

_MAX_TITLE = 300
_MAX_ISSUER = 120
_CODE_BYTES = 8
"""Random bytes of a request's code: nobody guesses 64 bits."""


def question_of(document: Document, *, translate: bool, max_text: int) -> Question:
    """Return a document as it is shown to a model.

    Args:
        document: What was judged.
        translate: Whether Chinese documents are to be translated.
        max_text: Characters of text that are shown.
    """
    return Question(
        title=clean_line(document.title, _MAX_TITLE),
        text=clean_text(document.text, max_text),
        issuer=clean_line(document.issuer, _MAX_ISSUER),
        voice=document.voice.value if document.voice else "",
        published_on=f"{document.published_at:%Y-%m-%d}" if document.published_at else "",
        translate=translate and is_chinese(document),
    )


def fresh_code(
    questions: Sequence[Question], random: Callable[[], str] = lambda: secrets.token_hex(_CODE_BYTES)
) -> str:
    """Return a code that no page of this request contains, and whose author cannot have known it."""
    pages = [page_json(question) for question in questions]
    code = random()
    while any(code in page for page in pages):
        code = random()
    return code


def page_json(question: Question) -> str:
    """Return a page as JSON on one line: no line of it can be taken for one of ours."""
    shown = {
        "title": question.title,
        "issuer": question.issuer,
        "speaker": question.voice,
        "published": question.published_on,
        "text": question.text,
    }
    return json.dumps({name: words for name, words in shown.items() if words}, ensure_ascii=False)


def lay_out(questions: Sequence[Question], code: str) -> str:
    """Return the user's message: the pages between lines that carry the code, and our own words around them."""
    lines = [f"The code of this request is {code}."]
    for number, question in enumerate(questions, start=1):
        wanted = " (translation and summary wanted)" if question.translate else ""
        lines += [f"BEGIN PAGE {number} {code}{wanted}", page_json(question), f"END PAGE {number} {code}"]
    pages = "page 1" if len(questions) == 1 else f"pages 1 to {len(questions)}"
    lines.append(f"The pages end here. Answer about {pages} with the one JSON object, with the code in it.")
    return "\n".join(lines)
