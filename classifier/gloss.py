"""An English gloss of a Chinese title: its words by lexicon and glossary, put in English order for the usual forms.

A gloss is no translation. What is not known stays in Chinese, and a title of which under half is known gets none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.english_verbs import VerbForm
from classifier.folding import fold
from classifier.gloss_phrases import phrase
from classifier.glossary import Glossary, Word, build_glossary
from classifier.segmenting import segment

if TYPE_CHECKING:
    from core.lexicon import Lexicon

LEAST_KNOWN = 0.5
"""Share of a title's Chinese characters that must be known for it to be glossed."""
_LONGEST = 200
"""Characters of a title that are read: longer ones are texts."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3041-\u30fa]")
"""Japanese writes its words with the same characters, and means others."""
_REMARK = re.compile(r" ?\(([^()]{1,40})\) ?$")
_QUOTED = re.compile(r"《([^《》]*)》|[〈]([^〈〉]*)[〉]")
_BREAK = re.compile(r"[,:;。!?、|]+ *| +")
_ISSUED = "(?:联合|正式)?(?:印发实施|印发|发布|公布|颁布|出台|制定|下发|推出|审议通过|表决通过|刊登|签署)|拟出台"
_REPORTED = re.compile(rf"(?P<who>.{{2,40}}?)(?P<verb>{_ISSUED})(?P<what>[^《》]{{4,}})")
"""Who issues what; the paper may follow without its marks."""
_NOTICE = re.compile(r"(?P<who>[^《》,:;。!?|]{0,80}?)关于(?P<what>.+)的?$")
_ISSUES = re.compile(r"(?:印发|发布|公布|下达|转发)(?=[^《》]{4,}$)")
"""What a notice does with a paper that stands there without its marks."""
_CONSULTS = re.compile(
    r"(?P<who>.{0,30}?)(?:公开征求对?|征求对?|就|对)(?P<what>.+?)(?:公开)?(?:征求意见|展开(?:公众)?(?:咨询|谘询)|进行(?:公众)?(?:咨询|谘询)|的?意见)$"
)
_CONSULTATION = re.compile(r"(?:就|对)?(?P<what>.{4,}?)(?:向社会)?(?:公开)?征求(?:社会)?意见")
"""The same where a notice says it of its own paper."""


@dataclass(frozen=True, slots=True)
class Gloss:
    """A gloss with how much of the title it covers."""

    text: str
    known: float
    """Share of the title's Chinese characters that were known, 0 to 1; 1 where there are none."""


class Glosser:
    """Glosses titles. Immutable after construction, deterministic, safe in any thread."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._glossary = build_glossary(lexicon)

    def gloss(self, title: str) -> str:
        """Return the gloss of a Chinese title; empty for other titles, and where under half of it is known."""
        made = self.measure(title)
        return made.text if made.known >= LEAST_KNOWN else ""

    def measure(self, title: str) -> Gloss:
        """Return a title's gloss, however little is known, and the share that is; an empty one for other languages."""
        surface = " ".join(title.split())[:_LONGEST]
        if not _HAN.search(surface) or _KANA.search(surface):
            return Gloss("", 1.0)
        folded = fold(surface)
        tokens = segment(folded, surface, self._glossary)
        left = sum(
            len(_HAN.findall(folded[token.start : token.end])) for token in tokens if token.term.word is Word.UNKNOWN
        )
        return Gloss(_capital(_Writer(self._glossary).title(folded, surface)), 1 - left / len(_HAN.findall(folded)))


class _Writer:
    """Writes stretches of a title; each is given folded and as it stands, of the same length."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary

    def title(self, folded: str, surface: str) -> str:
        """Write a whole title or the name of a paper."""
        remark = _REMARK.search(folded)
        if remark and remark.start():
            inside = self._remark(remark[1], surface[remark.start(1) : remark.end(1)])
            return f"{self.title(folded[: remark.start()], surface)} ({inside})"
        return self._paper(folded, surface) or self._clauses(folded, surface)

    def _remark(self, folded: str, surface: str) -> str:
        known = self._glossary.remarks.get(folded.strip())
        return known or self._plain(folded, surface[: len(folded)], VerbForm.BASE)

    def _paper(self, folded: str, surface: str) -> str:
        """Write the title of a paper, by what it ends in; empty where it is none."""
        ending = self._ending(folded)
        if not ending:
            return ""
        subject, template = folded[: -len(ending)], self._glossary.papers[ending]
        formal = _NOTICE.fullmatch(subject)
        if formal:
            who = self._plain(formal["who"].strip(), surface[formal["who"].startswith(" ") :], VerbForm.THIRD)
            start = formal.start("what")
            made = _chosen(template, is_deed=False).replace("{}", self._matter(subject[start:], surface[start:]))
            return f"{_capital(who)}: {made}" if who else made
        if _BREAK.search(_QUOTED.sub("", subject).strip()) or _REPORTED.match(subject) or "《" in subject:
            return ""
        return self._named(folded, surface, ending)

    def _matter(self, folded: str, surface: str) -> str:
        """Write what a notice is on: a deed, or the issue of a paper that is named without marks."""
        what = folded.removesuffix("的")
        consults = _CONSULTATION.fullmatch(what) or _CONSULTS.fullmatch(what)
        if consults:
            start = consults.start("what")
            return f"seeking comments on {self._inner(consults['what'], surface[start:], VerbForm.GERUND)}"
        issues = _ISSUES.match(what)
        if not issues or not self._ending(_REMARK.sub("", what[issues.end() :])):
            return self._inner(what, surface, VerbForm.GERUND)
        verb = self._plain(what[: issues.end()], surface, VerbForm.GERUND)
        return f"{verb} {self.title(what[issues.end() :], surface[issues.end() :])}"

    def _lead(self, subject: str, surface: str) -> tuple[int, bool]:
        """Return where names in front of a subject end, and whether a deed follows: 促进, or 发展 with an object."""
        tokens = segment(subject, surface[: len(subject)], self._glossary)
        lead = next((at for at, token in enumerate(tokens[:-1]) if token.term.word is not Word.NAME), len(tokens) - 1)
        words = [token.term.word for token in tokens[lead : lead + 2]]
        is_deed = words[:1] == [Word.VERB] or (words[:1] == [Word.BOTH] and words[1:] not in ([], [Word.BOTH]))
        return (tokens[lead].start if tokens else 0), is_deed

    def _shorter(self, ending: str) -> tuple[str, str]:
        """Return the paper inside a paper that takes a deed: 三年行动计划 in 发展三年行动计划; else the same."""
        papers = self._glossary.papers
        inner = (ending[start:] for start in range(1, len(ending) - 1))
        found = next((paper for paper in inner if "|" in papers.get(paper, "")), ending)
        return found, papers[found]

    def _named(self, folded: str, surface: str, ending: str) -> str:
        """Write `Shanghai action plan to promote …`: a place in front stays there."""
        subject, template = folded[: -len(ending)].removesuffix("的"), self._glossary.papers[ending]
        at, is_deed = self._lead(subject, surface)
        if is_deed and "|" not in template:
            ending, template = self._shorter(ending)
            subject = folded[: -len(ending)].removesuffix("的")
        place = self._plain(subject[:at], surface, VerbForm.BASE)
        form = VerbForm.BASE if is_deed and "|" in template else VerbForm.GERUND
        inner = self._plain(subject[at:], surface[at:], form)
        template = _chosen(template, is_deed=is_deed)
        made = template.replace("{}", inner) if inner else template.partition(" {}")[0].rsplit(" ", 1)[0]
        owner = f"{place}'s" if made.startswith("several ") else place
        return f"{owner} {made}" if place else made

    def _ending(self, folded: str) -> str:
        """Return the longest paper that a stretch ends in, if a word begins there; a paper needs a subject."""
        last = segment(folded, folded, self._glossary)[-2:]
        starts = [token.start for token in last]
        found = [folded[start:] for start in starts if folded[start:] in self._glossary.papers]
        return found[0] if found and len(found[0]) < len(folded) else ""

    def _clauses(self, folded: str, surface: str) -> str:
        """Write a headline clause by clause, its quoted papers as papers."""
        parts: list[str] = []
        position = 0
        for match in _BREAK.finditer(_masked(folded)):
            parts += [self._clause(folded[position : match.start()], surface[position : match.start()])]
            parts.append(_mark(match[0]))
            position = match.end()
        parts.append(self._clause(folded[position:], surface[position:]))
        return re.sub(r"\s+([,:;.!?])", r"\1", "".join(parts)).strip()

    def _clause(self, folded: str, surface: str) -> str:
        if "关于" in folded and (paper := self._paper(folded, surface)):
            return paper
        consults = _CONSULTS.fullmatch(folded)
        if consults:
            who = self._plain(consults["who"], surface, VerbForm.BASE)
            what = self._inner(consults["what"], surface[consults.start("what") :], VerbForm.GERUND)
            return f"{who} seeks comments on {what}" if who else f"Seeking comments on {what}"
        reported = _REPORTED.fullmatch(folded)
        if reported and self._ending(reported["what"]):
            start = reported.start("what")
            head = self._plain(folded[:start], surface, VerbForm.THIRD, is_open=True)
            return f"{head} {self.title(reported['what'], surface[start:])}"
        return self._inner(folded, surface, VerbForm.THIRD)

    def _inner(self, folded: str, surface: str, form: VerbForm) -> str:
        """Write a stretch with quoted papers in it."""
        quoted = _QUOTED.search(folded)
        if not quoted:
            return self._plain(folded, surface, form)
        start, end = quoted.span(1 if quoted[1] is not None else 2)
        before = self._plain(folded[: quoted.start()], surface, form, is_open=True)
        inside = _capital(self.title(folded[start:end], surface[start:end]))
        after = self._inner(folded[quoted.end() :], surface[quoted.end() :], form)
        return " ".join(part for part in (before, f"“{inside}”", after) if part)

    def _plain(self, folded: str, surface: str, form: VerbForm, *, is_open: bool = False) -> str:
        return phrase(segment(folded, surface[: len(folded)], self._glossary), form, is_open=is_open)


def _masked(folded: str) -> str:
    """Hide what stands between marks of quotation, so that nothing is parted inside."""
    return _QUOTED.sub(lambda match: "_" * len(match[0]), folded)


def _chosen(template: str, *, is_deed: bool) -> str:
    """Choose `to` or the preposition of `plan to|for {}`."""
    return re.sub(r"(\w+)\|(\w+)", lambda match: match[1] if is_deed else match[2], template)


def _mark(mark: str) -> str:
    found = mark.strip()
    return {"": ", ", "。": ". ", "、": ", ", "|": " | "}.get(found, f"{found} ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
