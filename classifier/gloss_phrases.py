"""Writes the words of one clause in English: forms of verbs, verbs or nouns by their neighbours, `of` for 的. Pure."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from classifier.english_verbs import VerbForm, conjugate, passive, takes_base
from classifier.glossary import Term, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.segmenting import Token

_THINGS = frozenset({Word.NOUN, Word.NAME, Word.PLAIN, Word.UNKNOWN})
_AND = frozenset({"and", "or", ","})
_PAPERS = frozenset({
    "standard", "list", "plan", "measure", "rule", "regulation", "opinion", "notice", "law", "bill", "guideline",
    "guidance", "paper", "policy", "provision", "roadmap", "catalogue", "licence", "case", "system", "framework",
})  # fmt: skip
_OF = "'s"
"""How the glossary gives 的."""
_LONGEST_OWNER = 6
"""Words before 的 that are turned behind their thing with `of`."""
_PLURAL_ONLY = frozenset({
    "affairs", "arms", "chemicals", "communications", "customs", "economics", "futures", "goods", "headquarters",
    "logistics", "measures", "news", "robotics", "securities", "series", "services", "sports", "statistics",
    "telecommunications",
})  # fmt: skip
_OPEN = frozenset('《〈“‘"(（【[「『')
_CLOSE = frozenset('》〉”’")）】]」』%.,:;!?')


def phrase(tokens: Sequence[Token], form: VerbForm, *, is_open: bool = False) -> str:
    """Write a clause.

    Args:
        tokens: Its words.
        form: Of its first verb where nothing before it tells: `THIRD` in headlines, where a verb without a subject
            stays plain; `GERUND` behind a preposition.
        is_open: Whether an object follows that is not among the tokens, a quoted title.
    """
    terms = _owned(_resolved([token.term for token in tokens], is_open=is_open))
    return _joined(_singular(_conjugated(terms, form, is_open=is_open)))


def _resolved(terms: Sequence[Term], *, is_open: bool) -> list[Term]:
    """Decide which words that are verb or noun are which: a verb begins a phrase and has an object."""
    done: list[Term] = []
    for index, term in enumerate(terms):
        if term.word is not Word.BOTH:
            done.append(term)
            continue
        after = terms[index + 1].word if index + 1 < len(terms) else (Word.PLAIN if is_open else None)
        is_verb = _begins(done) and (after in _THINGS or (after is Word.BOTH and not done))
        done.append(Term(Word.VERB, term.verb, term.verb) if is_verb else Term(Word.NOUN, term.english))
    return done


def _begins(done: Sequence[Term]) -> bool:
    """Tell whether a phrase begins after some words: nothing, who acts, an adverb, a verb like `will`."""
    if not done:
        return True
    last = done[-1]
    if last.word is Word.PARTICLE and last.english in _AND:
        return any(term.word is Word.VERB for term in done[-3:-1]) or len(done) == 1
    if last.word is Word.PARTICLE:
        return last.english.endswith("ly") or last.english in {"further", "first", "will", "also", "not"}
    return last.word is Word.NAME or (last.word is Word.VERB and takes_base(last.verb))


def _owned(terms: list[Term]) -> list[Term]:
    """Put the owner behind its thing: `虚拟货币交易 的 风险` as `risks of virtual currency trading`."""
    places = [index for index, term in enumerate(terms) if term.english == _OF and term.word is Word.PARTICLE]
    for place in reversed(places):
        start = place
        while start and place - start < _LONGEST_OWNER and _is_thing(terms[start - 1]):
            start -= 1
        end = place + 1
        while end < len(terms) and terms[end].word in _THINGS:
            end += 1
        owner, thing = terms[start:place], terms[place + 1 : end]
        if owner and thing:
            linked = [*thing, Term(Word.PARTICLE, "of"), *owner] if len(owner) > 1 else [*owner, *thing]
        else:
            linked = [*owner, *thing]
        terms = [*terms[:start], *linked, *terms[end:]]
    return terms


def _is_thing(term: Term) -> bool:
    return term.word in {Word.NOUN, Word.PLAIN, Word.UNKNOWN} or (term.word is Word.PARTICLE and term.english == "and")


def _conjugated(terms: Sequence[Term], form: VerbForm, *, is_open: bool) -> list[Term]:
    """Put verbs into their forms; one that ends a headline without an object is told in the passive."""
    done: list[Term] = []
    last: VerbForm | None = None
    for index, term in enumerate(terms):
        if term.word is not Word.VERB:
            done.append(term)
            continue
        if term.verb == "will" and form is VerbForm.GERUND:
            continue  # 将 puts an object before its verb there
        wanted = _wanted(done, form, last)
        if wanted is VerbForm.THIRD and last and done[-1].word in _THINGS:
            done.append(Term(Word.PARTICLE, "to"))
            wanted = VerbForm.BASE
        is_end = index + 1 == len(terms) and form is VerbForm.THIRD and bool(done) and not is_open
        told = passive(term.verb, is_plural=_is_plural(done)) if is_end and not last and _is_paper(done[-1]) else ""
        last = wanted
        done.append(Term(Word.VERB, told or conjugate(term.verb, wanted), term.verb))
    return done


def _is_paper(term: Term) -> bool:
    """Tell whether a thing is one that is issued, not somebody who issues."""
    return term.word is Word.NOUN and term.english.rsplit(" ", 1)[-1].removesuffix("s") in _PAPERS


def _is_plural(done: Sequence[Term]) -> bool:
    return done[-1].word is Word.NOUN and done[-1].english.endswith("s") and not done[-1].english.endswith("ss")


def _wanted(done: Sequence[Term], form: VerbForm, last: VerbForm | None) -> VerbForm:
    """Return the form of the next verb."""
    content = [term for term in done if term.word is not Word.MARK and term.english]
    before = content[-1] if content else None
    if before and before.word is Word.VERB:
        return VerbForm.BASE if takes_base(before.verb) else VerbForm.GERUND
    if before and before.word is Word.PARTICLE and before.english in _AND and last:
        return last
    if before and before.word is Word.PARTICLE and before.english in {"will", "to", "may", "how to"}:
        return VerbForm.BASE
    if form is not VerbForm.THIRD:
        return form
    if before and not last and _is_plural(content):
        return VerbForm.BASE
    return VerbForm.THIRD if any(term.word in _THINGS for term in content) else VerbForm.BASE


def _singular(terms: Sequence[Term]) -> list[Term]:
    """Put nouns that stand before another noun into the singular: `stablecoin issuers`."""
    done: list[Term] = []
    for term, after in zip_longest(terms, terms[1:]):
        is_owner = term.word is Word.NOUN and after and after.word is Word.NOUN
        done.append(Term(Word.NOUN, _one(term.english)) if is_owner else term)
    return done


def _one(noun: str) -> str:
    last = noun.rsplit(" ", 1)[-1]
    if not last.islower() or last in _PLURAL_ONLY or not last.endswith("s") or last.endswith(("ss", "us", "is")):
        return noun
    return f"{noun[:-3]}y" if last.endswith("ies") else noun[:-1]


def _joined(terms: Sequence[Term]) -> str:
    text = ""
    for term in terms:
        word = term.english.strip()
        if not word:
            continue
        tight = not text or word[0] in _CLOSE or text[-1] in _OPEN
        text += word if tight else f" {word}"
    return text
