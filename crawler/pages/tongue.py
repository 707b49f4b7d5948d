"""The language of an article, program listings aside: code is written in Latin letters in every language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.language import detect_language

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODE_MARKS = re.compile(r"[{}\[\]();=<>_$\\#@&|*+/]")
_CODE_SHARE = 0.06
"""Share of programming marks from which a line is code; English prose stays under 0.03."""
_CODE_WORD = re.compile(
    r"^\s*(?:import|from|def|class|return|const|let|var|function|public|private|contract|pragma|mapping|struct|if|else|"
    r"for|while|npm|pip|git|curl|sudo|docker|cargo|\$|>>>|//)\b"
)
_HAN_OR_KANA = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")


def language_of(title: str, lines: Sequence[str]) -> str:
    """Tell the language of an article as `core.language.detect_language` does, from its lines of prose.

    Args:
        title: Its title.
        lines: Its lines; those of code do not count, unless there are no others.
    """
    prose = [line for line in lines if not _is_code(line)]
    return detect_language("\n".join([title, *(prose or lines)]))


def _is_code(line: str) -> bool:
    if _HAN_OR_KANA.search(line):
        return False
    marks = len(_CODE_MARKS.findall(line))
    return marks > _CODE_SHARE * len(line) or (marks > 0 and bool(_CODE_WORD.match(line)))
