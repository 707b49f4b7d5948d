"""Addresses made comparable: two spellings of one article's address become one string. Pure, no look-ups.

The result of `canonical_url` is a key, not an address to fetch: scheme, `www.` and mobile hosts are folded away in it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import SplitResult, unquote, urlsplit


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TRACKING = _words("""
    gclid dclid gbraid wbraid fbclid msclkid yclid twclid ttclid igshid igsh li_fat_id mkt_tok mc_cid mc_eid
    _hsenc _hsmi __hstc __hssc __hsfp hsctatracking vero_id oly_anon_id oly_enc_id ncid cmpid xtor smid sr_share
    _ga _gl ga_source ga_medium ga_term ga_content ga_campaign ga_place gs_l
    pk_campaign pk_kwd pk_source pk_medium pk_content fb_action_ids fb_action_types fb_source fb_ref
    action_object_map action_type_map action_ref_map
    hmb_campaign hmb_source hmb_medium wt_mc wt_zmc ktm_source ktm_medium rss mod_rss
    spm scm pvid bd_vid share_token share_from share_source share_medium share_plat share_tag share_session_id
    share_times timestamp_share wxshare wx_share isappinstalled nsukey wxfid from_source from_wecom log_from commtag
    adchannelid tt_from tt_medium tt_campaign utm_id weibo_id_from vd_source unique_k bbid ts_share
    amp outputtype jsessionid phpsessid
""")
"""Parameters that say who led a reader here, or hold a session: seen in the addresses of feeds and share links."""
_TRACKING_PREFIXES = ("utm_", "mtm_", "hmsr", "hmpl", "hmcu", "hmkw", "hmci")
_REFERRERS = frozenset({"from", "ref", "referrer", "referer", "source", "src", "channel", "share", "partner", "via"})
"""Names that may also carry an id: dropped only when the value reads like a channel's name."""
_CHANNEL_NAME = re.compile(r"[A-Za-z_.\-]*")
_STAMPS = frozenset({"_", "_t", "t", "ts", "timestamp", "time", "rand", "random"})
"""Names of cache busters: dropped only when the value is a moment in seconds or milliseconds."""
_STAMP = re.compile(r"1\d{9}(?:\d{3})?|0\.\d+")
_HOST_TRACKING = {
    "mp.weixin.qq.com": _words(
        "chksm scene sessionid subscene clicktime enterid ascene devicetype version nettype lang pass_ticket"
    ),
    "infzm.com": frozenset({"source", "source_1"}),
    "news.google.com": frozenset({"oc", "hl", "gl", "ceid"}),
    "finance.sina.com.cn": frozenset({"cre", "mod", "loc", "r", "doct", "rfunc"}),
    "toutiao.com": frozenset({"wid", "channel", "source"}),
    "h5.ifeng.com": frozenset({"isnews", "showcomments"}),
}
_MOVED = {
    "xinhuanet.com": "news.cn",
    "jinse.com": "jinse.com.cn",
    "jinse.cn": "jinse.com.cn",
    "cbirc.gov.cn": "nfra.gov.cn",
    "twitter.com": "x.com",
}
"""Old domain → the one it moved to; both led to the same articles (RSSHub issues 14361, 21005, 18660)."""
_FACES = ("www", "m", "wap", "mobile", "3g", "amp")
"""First labels of hosts that serve one site in another dress."""
_REDIRECTORS = {
    "google.com/url": ("url", "q"),
    "link.zhihu.com": ("target",),
    "link.juejin.cn": ("target",),
    "t.cn/redirect": ("url",),
}
_AMP_VIEWER = re.compile(r"(?:google(?:\.[a-z]{2,3}){1,2}/amp|[a-z0-9.-]*ampproject\.org/[a-z]+)/(?:s/)?(?=[^/]+\.)")
_INDEX = re.compile(r"(?:^|(?<=/))(?:index|default|home)\.(?:s?html?|php|jsp|aspx?|do)$", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_NUMBERED_ANCHOR = re.compile(r"\d{8,}")
"""Anchors that are ids: weblogs and live tickers that keep many posts on one page."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}|[^!$&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]]")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def canonical_url(url: str) -> str:
    """Fold the spellings of one article's address into one key.

    Idempotent, and never raises. Folded: scheme, default port, user info, case and dots of the host, `www.` and mobile
    hosts, moved domains, dot segments, doubled and trailing slashes, `index.html`, AMP forms and viewers, known
    redirectors, percent-encoding, tracking parameters, order of parameters, and the fragment. A fragment stays when it
    is a hash router's path (`#/detail?id=7`, `#!/7`) or a long number.

    Args:
        url: An absolute `http` or `https` address; white space and control characters are ignored.

    Returns:
        The key; anything else than a readable http(s) address comes back stripped.
    """
    key = _clean(url)
    while (folded := _fold(key)) != key:  # ends: a round unwraps, which shortens, or assembles, which is idempotent
        key = folded
    return key


def host_of(url: str) -> str:
    """Return the host of an http(s) address, lower case and in ASCII (punycode), without port; empty when none."""
    parts = _split(_clean(url))
    return _host(parts) if parts else ""


def _clean(url: str) -> str:
    return _CONTROLS.sub("", url).strip()


def _fold(url: str) -> str:
    parts = _split(url)
    host = _site(parts) if parts else ""
    if parts is None or not host:
        return url
    return _unwrap(parts, host) or _assemble(parts, host)


def _split(url: str) -> SplitResult | None:
    """Split an http(s) address; None for anything else. Slashes may be any number and lean any way, as in browsers."""
    place = re.split(r"[?#]", url, maxsplit=1)[0]
    slashed = place.replace("\\", "/") + url[len(place) :]
    mended = re.sub(r"^(?:https?:/*|//+)(?=[^/])", "https://", slashed, count=1, flags=re.IGNORECASE)
    if not mended.startswith("https://"):
        return None
    with suppress(ValueError):
        parts = urlsplit(mended)
        if parts.hostname and (parts.port is None or parts.port >= 0):
            return parts
    return None


def _host(parts: SplitResult) -> str:
    name = unquote(parts.hostname or "").strip(".").lower()
    if ":" in name:
        return f"[{name}]"
    with suppress(UnicodeError):
        name = name.encode("idna").decode("ascii").lower().strip(".")
    return name if re.fullmatch(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", name) else ""


def _site(parts: SplitResult) -> str:
    """Return the host with its dress taken off and its moves followed; empty when the host is none."""
    host = _host(parts)
    if re.fullmatch(r"[\d.]+", host):
        return host
    label, _, rest = host.partition(".")
    while label in _FACES and "." in rest:
        host = rest
        label, _, rest = host.partition(".")
    for old, new in _MOVED.items():
        if host == old or host.endswith(f".{old}"):
            return host.removesuffix(old) + new
    return host


def _unwrap(parts: SplitResult, host: str) -> str | None:
    """Return the address inside a redirector's or AMP viewer's address; None for an address of its own."""
    place = host + parts.path
    viewer = _AMP_VIEWER.match(place)
    if viewer:
        query = f"?{parts.query}" if parts.query else ""
        return f"https://{place[viewer.end() :]}{query}"
    for prefix, names in _REDIRECTORS.items():
        if place in (prefix, f"{prefix}/"):
            inner = [unquote(value) for name, _, value in _pairs(parts.query) if name in names]
            return next((_clean(value) for value in inner if _split(_clean(value))), None)
    return None


def _assemble(parts: SplitResult, host: str) -> str:
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    path = _path(parts.path)
    query = _query(parts.query, host)
    fragment = _fragment(parts.fragment, host)
    return f"https://{host}{port}{path}{query}{fragment}"


def _path(path: str) -> str:
    path = _SESSION.sub("", _encode(path))
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return "/" + "/".join(_without_dress(segments))


def _without_dress(segments: list[str]) -> list[str]:
    """Take index files and AMP marks off a path until there are none."""
    while segments:
        last = segments[-1]
        bare = _INDEX.sub("", re.sub(r"\.amp(?=\.s?html?$|$)", "", last))
        if bare == last and not (last == "amp" and len(segments) > 1):
            break
        segments = segments[:-1] + ([bare] if bare and bare != last else [])
    while len(segments) > 1 and segments[0] == "amp":
        segments = segments[1:]
    return segments


def _query(query: str, host: str) -> str:
    kept = [
        name + equals + value
        for name, equals, value in sorted(_pairs(_encode(query)), key=lambda pair: pair[0])
        if not _is_tracking(name, value, host)
    ]
    return "?" + "&".join(kept) if kept else ""


def _pairs(query: str) -> list[tuple[str, str, str]]:
    return [piece.partition("=") for piece in query.split("&") if piece.strip("=")]


def _is_tracking(name: str, value: str, host: str) -> bool:
    lowered = unquote(name).lower()
    if lowered in _TRACKING or lowered.startswith(_TRACKING_PREFIXES) or lowered in _HOST_TRACKING.get(host, ()):
        return True
    if lowered in _REFERRERS:
        return _CHANNEL_NAME.fullmatch(value) is not None
    return lowered in _STAMPS and _STAMP.fullmatch(value) is not None


def _fragment(fragment: str, host: str) -> str:
    if _NUMBERED_ANCHOR.fullmatch(fragment):
        return f"#{fragment}"
    route, _, query = _encode(fragment).partition("?")
    route = route.rstrip("/")
    return f"#{route}{_query(query, host)}" if re.match(r"!?/.|!.", route) else ""


def _encode(text: str) -> str:
    """Percent-encode what must be, decode what need not be, in capital hex digits (RFC 3986 §6.2.2)."""
    return _ESCAPE.sub(_encode_one, text)


def _encode_one(match: re.Match[str]) -> str:
    piece = match[0]
    if len(piece) == 3:
        character = chr(int(piece[1:], 16))
        return character if character in _UNRESERVED else piece.upper()
    return "".join(f"%{byte:02X}" for byte in piece.encode("utf-8", "surrogatepass"))
