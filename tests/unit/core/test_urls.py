"""Addresses fold to keys: spellings of one article are equal, and different articles stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.urls import canonical_url, host_of

PIECES = st.sampled_from(
    [
        *"/.:@#?&=%!;[]\\ ", "http:", "https:", "//", "..", "index.html", "amp", ".amp", "www.", "m.", "news", "中文",
        "%2e", "%41", "%e4", "utm_source=x", "id=1", "from=a", "google.com/url", "google.com/amp/s/", "url=http://a.b/",
        "ampproject.org/v/s/", "a.example", "xinhuanet.com", ":80", ":8080", "::1", "\t", ";jsessionid=1", "12345678",
    ]
)  # fmt: skip
ADDRESSES = st.one_of(
    st.text(max_size=60),
    st.lists(PIECES, max_size=12).map("".join),
    st.lists(PIECES, max_size=12).map(lambda parts: "http://" + "".join(parts)),
)
PLAIN = st.text(st.characters(whitelist_categories=("Ll", "Lu", "Nd")), min_size=1, max_size=12)


@given(ADDRESSES)
def test_folding_twice_changes_nothing(address: str) -> None:
    """`canonical_url` is idempotent and raises on no string."""
    key = canonical_url(address)
    assert canonical_url(key) == key


@given(st.text())
def test_host_of_never_raises(address: str) -> None:
    """`host_of` gives a lower-case string for any text."""
    assert host_of(address) == host_of(address).lower()


@given(path=PLAIN, fragment=PLAIN, campaign=PLAIN)
def test_fragment_and_campaign_do_not_count(path: str, fragment: str, campaign: str) -> None:
    """A fragment that is no route or id, and utm parameters, change no key."""
    plain = f"https://news.example/{path}?id=7"
    anchor = fragment if not fragment.isdecimal() else "top"
    assert canonical_url(f"{plain}&utm_source={campaign}&utm_medium=x#{anchor}") == canonical_url(plain)


@given(name=PLAIN, one=PLAIN, other=PLAIN)
def test_identifying_parameters_keep_articles_apart(name: str, one: str, other: str) -> None:
    """Two addresses with different values of one unknown parameter have different keys."""
    base = f"https://news.example/show?x{name}="
    assert (canonical_url(base + one) == canonical_url(base + other)) is (one == other)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("HTTP://News.Example:80/a", "https://news.example/a"),
        ("https://news.example:443", "https://news.example/"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("https://user:word@news.example/a", "https://news.example/a"),
        ("//news.example/a", "https://news.example/a"),
        (r"http:\\news.example/a", "https://news.example/a"),
        (" https://news.example/\na\t ", "https://news.example/a"),
        ("http://news.example./a", "https://news.example/a"),
        ("http://例え.example/中 文", "https://xn--r8jz45g.example/%E4%B8%AD%20%E6%96%87"),
        ("http://news.example/%7ea%2Fb%e4", "https://news.example/~a%2Fb%E4"),
        ("http://news.example/100%", "https://news.example/100%25"),
        ("http://news.example/a/./b/../c//d/", "https://news.example/a/c/d"),
        ("http://news.example/a;jsessionid=9F?id=1", "https://news.example/a?id=1"),
        ("http://www.gov.cn/zhengce/index.html", "https://gov.cn/zhengce"),
        ("http://wap.miit.example/art/1.html", "https://miit.example/art/1.html"),
        ("http://192.168.0.1/a", "https://192.168.0.1/a"),
        ("http://[2001:DB8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
        ("http://m.com/a", "https://m.com/a"),
        ("http://news.example/a?b=2&a=1&&=", "https://news.example/a?a=1&b=2"),
        ("http://news.example/a?x=2&x=1", "https://news.example/a?x=2&x=1"),
        ("http://news.example/a?flag", "https://news.example/a?flag"),
    ],
)  # fmt: skip
def test_spellings_fold_to_one_key(address: str, key: str) -> None:
    """Scheme, port, user info, case, encoding, dots and order are spelling."""
    assert canonical_url(address) == key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("http://www.xinhuanet.com/tech/1.htm", "https://news.cn/tech/1.htm"),
        ("http://tech.xinhuanet.com/1.htm", "https://tech.news.cn/1.htm"),
        ("https://www.jinse.cn/news/1.html", "https://jinse.com.cn/news/1.html"),
        ("https://notxinhuanet.com/1.htm", "https://notxinhuanet.com/1.htm"),
    ],
)
def test_moved_domains_are_followed(address: str, key: str) -> None:
    """Addresses on a domain's old name equal those on the new one; look-alike names do not."""
    assert canonical_url(address) == key


@pytest.mark.parametrize(
    "query",
    [
        "gclid=1", "FBCLID=2", "spm=a.b", "share_token=x", "from=singlemessage", "from=", "ref=home-page",
        "_t=1687000000", "timestamp=1687000000123", "rand=0.123", "amp=1", "amp", "hmsr=toutiao",
    ],
)  # fmt: skip
def test_tracking_parameters_are_dropped(query: str) -> None:
    """What says only who led a reader here, or when, is no part of the key."""
    assert canonical_url(f"https://news.example/a?id=1&{query}") == "https://news.example/a?id=1"


@pytest.mark.parametrize(
    "query",
    [
        "aid=567",
        "p=107047",
        "docId=88",
        "from=20230101",
        "source=134",
        "ref=A-12",
        "t=88",
        "lang=_c",
        "xfbclid=1",
        "pk_id=4",
    ],
)
def test_parameters_that_may_identify_are_kept(query: str) -> None:
    """Ids stay, also under names that elsewhere hold a referrer."""
    assert canonical_url(f"https://news.example/a?{query}") == f"https://news.example/a?{query}"


def test_parameters_known_of_one_host_are_dropped_there_only() -> None:
    """A numeric `source` tracks on one site and may identify on all others."""
    assert canonical_url("https://www.infzm.com/contents/3?source=134") == "https://infzm.com/contents/3"
    assert canonical_url("https://other.example/contents/3?source=134").endswith("?source=134")


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://h5.example/index.html#/detail?id=3&utm_source=x", "https://h5.example/#/detail?id=3"),
        ("https://h5.example/#!/news/9/", "https://h5.example/#!/news/9"),
        (
            "https://blog.example/archive.html#109424958546889584",
            "https://blog.example/archive.html#109424958546889584",
        ),
        ("https://h5.example/a#/", "https://h5.example/a"),
        ("https://h5.example/a#p2", "https://h5.example/a"),
    ],
)
def test_fragments_that_are_addresses_are_kept(address: str, key: str) -> None:
    """Hash routes and numbered anchors lead to different articles; other fragments to places on one page."""
    assert canonical_url(address) == key


@pytest.mark.parametrize(
    "address",
    [
        "https://news.example/a/b/amp", "https://news.example/a/b/amp/", "https://news.example/amp/a/b",
        "https://news.example/a/b.amp", "https://amp.news.example/a/b", "https://news.example/a/b?amp=1",
        "https://www.google.com/amp/s/news.example/a/b", "https://www.google.co.uk/amp/news.example/a/b",
        "https://news-example.cdn.ampproject.org/c/s/news.example/a/b",
        "https://www.google.com/url?rct=j&url=https%3A%2F%2Fnews.example%2Fa%2Fb&ct=ga",
        "https://link.zhihu.com/?target=https%3A//news.example/a/b",
    ],
)  # fmt: skip
def test_amp_forms_and_redirectors_lead_to_the_article(address: str) -> None:
    """AMP pages, viewers and link redirectors are other dresses of one address."""
    assert canonical_url(address) == "https://news.example/a/b"


def test_viewer_keeps_the_query() -> None:
    """The query of an address inside a viewer belongs to the article."""
    assert canonical_url("https://www.google.com/amp/s/news.example/a?id=2") == "https://news.example/a?id=2"


def test_redirector_without_a_target_is_its_own_address() -> None:
    """A redirector that names no readable target is kept as it is."""
    assert canonical_url("https://www.google.com/url?url=nothing") == "https://google.com/url?url=nothing"


def test_nested_viewers_are_unwrapped_to_the_end() -> None:
    """However many viewers stand around an address, the key is the address."""
    assert canonical_url("https://" + "www.google.com/amp/s/" * 12 + "news.example/a") == "https://news.example/a"


def test_an_amp_page_name_alone_is_kept() -> None:
    """A path that is only `amp` is a page of that name."""
    assert canonical_url("https://news.example/amp") == "https://news.example/amp"


@pytest.mark.parametrize(
    "address",
    ["", "mailto:a@b.example", "javascript:void(0)", "/relative/a.html", "http://", "http://[bad/a", "http://a..b/c",
     "http://news.example:port/a", "http://a b.example/c", "ftp://news.example/a"],
)  # fmt: skip
def test_what_is_no_address_comes_back_stripped(address: str) -> None:
    """Anything but a readable http(s) address is given back as it is, without white space around it."""
    assert canonical_url(f" {address}\n") == address


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://WWW.News.Example:8080/a", "www.news.example"),
        ("http://例え.example/", "xn--r8jz45g.example"),
        ("mailto:a@b.example", ""),
        ("http://[::1]:80/", "[::1]"),
    ],
)
def test_host_is_read(address: str, host: str) -> None:
    """The host is lower-case ASCII without a port, and keeps its first label."""
    assert host_of(address) == host
