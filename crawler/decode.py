"""Bytes to text. The one place where charsets are decided, for feeds, JSON, lists and pages alike.

An override by the source's configuration wins, then a byte-order mark; every other declaration is a claim that the
bytes may overrule: text that is valid UTF-8 is UTF-8 whatever it says of itself, and what is not is judged, charset by
charset, by its characters.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from core.errors import DecodeError
from crawler import plausibility
from crawler.charsets import MarkupKind, codec_for, declared

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = {
    b"%PDF": "a PDF file", b"PK\x03\x04": "a ZIP or Office file", b"\x1f\x8b": "gzip data", b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image", b"GIF8": "an image", b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x28\xb5\x2f\xfd": "zstd data",
}  # fmt: skip
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\v\f\r\x1b\x00")
_MAX_CONTROLS = 0.01
"""Share of control bytes from which a body is binary; uniformly random bytes have 0.10."""
_MAX_NULS = 0.001
"""Share of NUL bytes up to which they are strays in a text, and are dropped."""
_SAMPLE = 200_000
"""Bytes in which binary data is looked for."""
_GUESSES = ("gb18030", "big5hkscs", "cp932", "cp1252")
_CLAIM = 0.1
"""What a declaration adds to a charset's score, so that it decides between near equals only."""
_DOUBTFUL = 0.6
"""Score under which the winner may be wrong: running Chinese reaches 0.95, mistaken charsets stay under 0.6."""
_MAX_REPLACED = 0.002
"""Share of U+FFFD among characters beyond ASCII above which a text is suspicious; a few cut sequences are not."""
_XML_ENCODING = re.compile(
    r"(<\?xml[^>]{0,200}?)\s{1,10}encoding\s{0,4}=\s{0,4}(?:\"[^\"]{0,60}\"|'[^']{0,60}')", re.IGNORECASE
)
_HEAD = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text, and how it was read."""

    text: str
    """Without byte-order mark and NULs; an XML declaration names no encoding any more, so it can be parsed as it is."""
    encoding: str
    """Python's name of the charset."""
    suspicious: bool
    """Whether the charset may be wrong or the bytes damaged: many replacement characters, or unlikely ones."""


def decode(body: bytes, *, content_type: str = "", override: str = "", kind: MarkupKind = "html") -> Decoded:
    """Turn the bytes of an answer into text.

    Args:
        body: As it came, any Content-Encoding undone.
        content_type: The Content-Type header, empty when there was none.
        override: Charset label that the source is configured with; empty for none, unknown ones are passed over.
        kind: Where a declaration may stand in the body: XML declaration and meta element, or nowhere (JSON).

    Raises:
        DecodeError: The bytes are no text; the message says what they seem to be.
    """
    forced = codec_for(override) if override else None
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _decoded(body.removeprefix(mark).decode(name, "replace"), name)
    wide = _wide_codec(body)
    if wide:
        return _decoded(body.decode(wide, "replace"), wide)
    _refuse_binary(body)
    if forced:
        return _decoded(body.decode(forced, "replace"), forced)
    return _judge(body, declared(body, content_type=content_type, kind=kind))


def _judge(body: bytes, claims: tuple[str, ...]) -> Decoded:
    utf8 = _strict_utf8(body)
    if utf8 is not None and not _is_legacy_in_disguise(body, utf8, claims):
        shifted = next((name for name in claims if name.startswith("iso2022")), None)
        return _decoded(body.decode(shifted, "replace") if shifted else utf8, shifted or "utf-8")
    readings = {name: body.decode(name, "replace") for name in (*claims, "utf-8", *_GUESSES)}
    scores = {name: _score(text, name) + _CLAIM * (name in claims) for name, text in readings.items()}
    best = max(scores, key=scores.__getitem__)
    return _decoded(readings[best], best, doubtful=scores[best] < _DOUBTFUL)


def _score(text: str, name: str) -> float:
    """Return how well a text fits the charset it was read in: 1 for flawless, negative for mostly replacements."""
    damage = 3 * plausibility.replacement_share(text)
    if name in ("gb18030", "big5hkscs"):
        return plausibility.chinese_share(text) - damage
    if name == "cp932":
        return min(1.0, 2 * plausibility.kana_share(text)) - damage
    if name == "cp1252":
        return plausibility.latin_share(text) - damage
    return 0.95 - damage


def _strict_utf8(body: bytes) -> str | None:
    """Read valid UTF-8, of which the last character may have been cut; None when it is none."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and error.start >= len(body) - 3
        return body[: error.start].decode("utf-8") if cut else None


def _is_legacy_in_disguise(body: bytes, utf8: str, claims: tuple[str, ...]) -> bool:
    """Tell a few GBK or Big5 characters that happen to be valid UTF-8 (联通), which needs two-byte sequences only."""
    legacy = [name for name in claims if name in ("gb18030", "big5hkscs")]
    if not legacy or utf8.isascii() or max(utf8) > "\u07ff":
        return False
    text = body.decode(legacy[0], "replace")
    return plausibility.chinese_share(text) == 1.0


def _wide_codec(body: bytes) -> str | None:
    """Tell UTF-16 without a mark by the NULs of its first two characters, which are ASCII in markup and JSON."""
    nuls = bytes(byte == 0 for byte in body[:4])
    return {b"\0\1\0\1": "utf-16-le", b"\1\0\1\0": "utf-16-be"}.get(nuls)


def _refuse_binary(body: bytes) -> None:
    for signature, what in _SIGNATURES.items():
        if body.startswith(signature):
            raise DecodeError(f"not text but {what}")
    sample = body[:_SAMPLE]
    if sample.count(0) > _MAX_NULS * len(sample):
        raise DecodeError("not text: it holds NUL bytes")
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > max(1, _MAX_CONTROLS * len(sample)):
        raise DecodeError("not text: it is full of control bytes")


def _decoded(text: str, encoding: str, *, doubtful: bool = False) -> Decoded:
    clean = text.replace("\x00", "").removeprefix("\ufeff")
    head = _XML_ENCODING.sub(r"\1", clean[:_HEAD], count=1)
    broken = plausibility.replacement_share(clean) > _MAX_REPLACED
    return Decoded(text=head + clean[_HEAD:], encoding=encoding, suspicious=doubtful or broken)
