"""Names of charsets: what an answer, an XML declaration or a meta element declares, and which codec reads it.

Declarations are often wrong; `crawler.decode` weighs them against the bytes.
"""

from __future__ import annotations

import codecs
import re
from typing import Literal

MarkupKind = Literal["html", "xml", "json"]

_HEAD = 8_192
"""Bytes searched for a declaration: HTML asks for the first 1,024, but templates put scripts and comments before it."""
_HEADER = re.compile(r"charset\s{0,4}=\s{0,4}[\"']?([\w.:-]{2,40})", re.ASCII | re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,4}=\s{0,4}[\"']([\w.:-]{2,40})[\"']", re.IGNORECASE)
_META = re.compile(rb"<meta\s[^>]{0,400}?charset\s{0,4}=\s{0,4}[\"']?\s{0,4}([\w.:-]{2,40})", re.IGNORECASE)
_KNOWN = re.compile(
    r"utf-?(8|16|32)([-_]?[bl]e)?|gb_?2312(-80)?|gbk|gb18030|x-gbk|euc-cn|cp936|windows-936|big5(-?hkscs)?|cp950|x-x-big5"
    r"|(windows|cp|ibm)-?\d{3,4}|iso-?8859-?\d{1,2}|latin-?1|l1|(us-)?ascii|koi8-[ru]|euc-(jp|kr)|ks_c_5601(-1987)?"
    r"|shift[-_]jis|x-sjis|sjis|ms_?kanji|iso-2022-(jp|kr)|macintosh|tis-620"
)
_SUPERSETS = {
    "gb2312": "gb18030", "gb_2312": "gb18030", "gb_2312-80": "gb18030", "gb2312-80": "gb18030", "gbk": "gb18030",
    "x-gbk": "gb18030", "euc-cn": "gb18030", "cp936": "gb18030", "windows-936": "gb18030", "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs", "cp950": "big5hkscs", "x-x-big5": "big5hkscs", "utf8": "utf-8", "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "windows-1252": "cp1252", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932",
    "x-sjis": "cp932", "ms_kanji": "cp932", "mskanji": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949", "macintosh": "mac_roman",
}  # fmt: skip
"""Labels that are read as a larger charset: the Encoding Standard (WHATWG) §4.2, with gb18030 in place of GBK."""


def codec_for(label: str) -> str | None:
    """Return the name of the codec that reads a declared charset; None for an unknown label or one that is no charset.

    Python also knows codecs such as `zlib` or `idna` by name; only charsets pass.
    """
    name = label.strip().lower()
    if not _KNOWN.fullmatch(name):
        return None
    try:
        return codecs.lookup(_SUPERSETS.get(name, name)).name
    except LookupError:
        return None


def declared(body: bytes, *, content_type: str, kind: MarkupKind) -> tuple[str, ...]:
    """Return the codecs that are declared for a body, the strongest declaration first, each once.

    The Content-Type header is before the document's own word (RFC 9110 §8.3, HTML §13.2.3.2). Declarations of UTF-16
    and UTF-32 that can be read as ASCII contradict themselves and are left out.
    """
    labels = _HEADER.findall(content_type)
    if kind != "json":
        head = body[:_HEAD]
        labels += [found.decode("ascii", "ignore") for found in (*_XML.findall(head)[:1], *_META.findall(head)[:1])]
    names = [codec_for(label) for label in labels]
    return tuple(dict.fromkeys(name for name in names if name and not name.startswith(("utf-16", "utf-32"))))
