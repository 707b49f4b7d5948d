"""Bytes to text: right, wrong, missing and contradictory declarations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DecodeError
from crawler.decode import decode

SIMPLIFIED = "本市将支持元宇宙关键技术攻关，并在张江、临港等地建设示范园区。"
TRADITIONAL = "香港金融管理局今日就穩定幣發行人的監管制度展開公眾諮詢，為期兩個月。"
JAPANESE = "これは暗号資産に関する新しい規制についてのお知らせです。"
WESTERN = "Décret relatif à la régulation “crypto” – l’Autorité répond à l’été"
KOREAN = "가상자산 정책 발표에 관한 안내입니다"

WRITTEN = [
    ("gb18030", SIMPLIFIED),
    ("gb2312", SIMPLIFIED),
    ("big5", TRADITIONAL),
    ("utf-8", SIMPLIFIED),
    ("utf-8", TRADITIONAL),
    ("utf-8", WESTERN),
    ("cp932", JAPANESE),
    ("cp1252", WESTERN),
]
CLAIMS = ["", "gb2312", "gbk", "utf-8", "iso-8859-1", "big5", "nonsense", "zlib"]


def page(text: str) -> str:
    """Return a small page around a text."""
    return f"<html><head><title>t</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize(("charset", "text"), WRITTEN)
def test_wrong_declarations_are_overruled(charset: str, text: str, claim: str) -> None:
    """Whatever charset the header claims, a text is read in the one it was written in."""
    decoded = decode(page(text).encode(charset), content_type=f"text/html; charset={claim}" if claim else "text/html")
    assert decoded.text == page(text)
    assert not decoded.suspicious


@pytest.mark.parametrize(("charset", "text"), WRITTEN)
def test_a_wrong_meta_element_is_overruled(charset: str, text: str) -> None:
    """A meta element that names another charset does no harm."""
    html = f"<html><head><meta charset='gb2312'></head><body>{text}</body></html>"
    assert decode(html.encode(charset)).text == html


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        (b"<meta charset=GBK>" + "政策".encode("gbk"), "", "gb18030"),
        (
            b"<meta http-equiv='Content-Type' content='text/html; charset=Big5'>" + "政策".encode("big5"),
            "",
            "big5hkscs",
        ),
        ("政策".encode("big5"), "text/html;charset=big5", "big5hkscs"),
        ("史料".encode("gbk"), "text/html; charset=gb2312", "gb18030"),
        ("模式统筹".encode("gbk")[:6], "text/html; charset=gb2312", "gb18030"),
        ("模式统筹".encode("gbk")[:6], "", "utf-8"),
        ("é à ü".encode(), "text/html; charset=gb2312", "utf-8"),
        (KOREAN.encode("euc-kr"), 'text/html; charset="EUC-KR"', "cp949"),
        ("Привет, мир".encode("cp1251"), "text/html; charset=windows-1251", "cp1251"),
        ("お知らせ".encode("iso-2022-jp"), "text/html; charset=iso-2022-jp", "iso2022_jp"),
        ("\ufeff政策".encode(), "text/html; charset=gbk", "utf-8"),
        ("\ufeff<p>政策</p>".encode("utf-16-le"), "", "utf-16-le"),
        ("<p>政策</p>".encode("utf-16-be"), "", "utf-16-be"),
        ("<p>政策</p>".encode("utf-16-le"), "text/html; charset=utf-8", "utf-16-le"),
        (b"plain words", "", "utf-8"),
        (b"", "", "utf-8"),
    ],
)
def test_the_charset_is_named(body: bytes, content_type: str, encoding: str) -> None:
    """Right declarations, marks and UTF-16 patterns decide where characters alone cannot."""
    decoded = decode(body, content_type=content_type)
    assert decoded.encoding == encoding
    assert "\ufffd" not in decoded.text


def test_the_header_is_before_the_meta_element() -> None:
    """Where header and document contradict each other and both could be, the header wins."""
    body = b"<meta charset='big5'>" + "政策".encode("gbk")
    assert decode(body, content_type="text/html; charset=gbk").text.endswith("政策")


def test_an_override_decides() -> None:
    """A source's own charset is used whatever the bytes say; an unknown one is passed over."""
    body = "政策".encode("gbk")
    assert decode(body, override="big5").text != "政策"
    assert decode(body, override="GB2312").text == "政策"
    assert decode("政策".encode(), override="no-such-charset").text == "政策"


@pytest.mark.parametrize("cut", [1, 2])
def test_a_cut_end_is_still_utf8(cut: int) -> None:
    """UTF-8 that breaks off inside its last character is UTF-8 without that character."""
    decoded = decode(SIMPLIFIED.encode()[:-cut])
    assert decoded.encoding == "utf-8"
    assert decoded.text.endswith("示范园区")
    assert not decoded.suspicious


def test_a_few_broken_characters_do_not_change_the_charset() -> None:
    """One stray byte in a long UTF-8 page is one replacement character, and no cause for doubt."""
    body = (SIMPLIFIED * 60).encode()
    decoded = decode(body[:300] + b"\xff" + body[300:])
    assert decoded.encoding == "utf-8"
    assert decoded.text.count("\ufffd") == 1
    assert not decoded.suspicious


def test_damage_is_suspicious() -> None:
    """Text of which much is broken in every charset is marked."""
    assert decode(b"<p>" + b"\xff\xfe\xe4\xb8" * 40 + b"</p>").suspicious
    assert decode("\ufffd\ufffd 政策".encode()).suspicious


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04 ...", "ZIP"),
        (b"\x1f\x8b\x08 ...", "gzip"),
        (b"\x89PNG\r\n", "image"),
        (b"text" + b"\x00" * 20, "NUL"),
        (bytes(range(1, 32)) * 10, "control"),
    ],
)
def test_what_is_no_text_is_refused(body: bytes, reason: str) -> None:
    """Files and binary data are a typed error that says what they are."""
    with pytest.raises(DecodeError, match=reason):
        decode(body)


def test_stray_nuls_are_dropped() -> None:
    """A lone NUL in a long text is dropped."""
    assert "\x00" not in decode(b"a" * 3000 + b"\x00" + b"b" * 3000).text


@pytest.mark.parametrize(
    ("head", "left"),
    [
        ('<?xml version="1.0" encoding="GB2312"?>', '<?xml version="1.0"?>'),
        ("<?xml version='1.0' encoding='gbk' standalone='yes'?>", "<?xml version='1.0' standalone='yes'?>"),
        ("<?xml version='1.0'?>", "<?xml version='1.0'?>"),
    ],
)
def test_the_xml_declaration_names_no_encoding_any_more(head: str, left: str) -> None:
    """Decoded XML can be handed to a parser that would trust its declaration."""
    assert decode(f"{head}<rss>政策</rss>".encode("gbk"), kind="xml").text == f"{left}<rss>政策</rss>"


def test_json_declares_nothing_inside() -> None:
    """In JSON, words that look like a declaration are content."""
    body = '{"html": "<meta charset=big5>", "title": "政策文件"}'.encode("gbk")
    assert decode(body, kind="json").encoding == "gb18030"


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=gbk", "text/xml; charset=utf-16"]))
def test_bytes_are_text_or_a_decode_error(body: bytes, content_type: str) -> None:
    """Any bytes are decoded or refused with the one typed error, and text comes without NULs."""
    try:
        decoded = decode(body, content_type=content_type)
    except DecodeError:
        return
    assert "\x00" not in decoded.text


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=200))
def test_utf8_comes_back(text: str) -> None:
    """Text written as UTF-8 is read back, without a byte-order mark."""
    assert decode(text.encode(), content_type="text/plain; charset=utf-8").text == text.removeprefix("\ufeff")
