"""Names and declarations of charsets."""

from __future__ import annotations

import pytest

from crawler.charsets import codec_for, declared


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("GB2312", "gb18030"), ("x-gbk", "gb18030"), ("Big5-HKSCS", "big5hkscs"), ("ISO-8859-1", "cp1252"),
        ("us-ascii", "cp1252"), ("Shift_JIS", "cp932"), ("ks_c_5601-1987", "cp949"), ("UTF8", "utf-8"),
        (" utf-8 ", "utf-8"), ("windows-1251", "cp1251"), ("koi8-r", "koi8-r"), ("iso-8859-99", None),
        ("zlib", None), ("idna", None), ("unicode_escape", None), ("utf-7", None), ("", None),
    ],
)  # fmt: skip
def test_labels_mean_the_larger_charset(label: str, codec: str | None) -> None:
    """A label is read as the superset that pages really use; what is no charset is none."""
    assert codec_for(label) == codec


def test_declarations_come_in_order_of_strength() -> None:
    """Header, XML declaration and meta element are each heard once, in this order."""
    body = b"<?xml version='1.0' encoding='big5'?><html><meta charset=\"gb2312\"><meta charset='shift_jis'>"
    assert declared(body, content_type="text/html; Charset='UTF-8'", kind="html") == ("utf-8", "big5hkscs", "gb18030")


def test_json_bodies_declare_nothing() -> None:
    """Only the header speaks for JSON."""
    assert declared(b"<meta charset=big5>", content_type="application/json; charset=gbk", kind="json") == ("gb18030",)


def test_a_readable_declaration_of_utf16_is_a_contradiction() -> None:
    """A document that says UTF-16 in ASCII is not UTF-16."""
    assert declared(b"<?xml version='1.0' encoding='utf-16'?>", content_type="", kind="xml") == ()
