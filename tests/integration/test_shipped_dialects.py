"""The shipped sources of the CMS dialects read lists of the shapes their sites have; every sample is made up by us.

The answers of one source's site stand in `tests/data/sources/ID/`, in the order in which they are asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from config.source_entry import PARAMS
from config.sources import load_catalogue
from core.source import SourceId, SourceKind
from crawler.dialects.ask import Page, Reading
from crawler.dialects.registry import DIALECTS, recognise
from crawler.lists.row import ListContext, to_entry

SAMPLES = Path(__file__).parents[1] / "data" / "sources"
CATALOGUE = load_catalogue()
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TITLES = ["关于促进某产业发展的若干措施", "关于开展某项试点工作的通知", "关于公布某类项目名单的公告"]
DAYS = ["2026-02-27T16:00+00:00", "2026-02-13T16:00+00:00", "2026-01-29T16:00+00:00"]
"""Midnight in Shanghai of the days that every sample tells, in UTC."""
TYPES = {".html": "text/html", ".json": "application/json", ".xml": "application/xml"}
FIRST_LINKS = {
    "gov-cn-bumen": "https://www.gov.cn/lianbo/bumen/202602/content_1.htm",
    "miit-consultations": "https://www.miit.gov.cn/gzcy/yjzj/art/2026/art_1.html",
    "mofcom-policy": "https://www.mofcom.gov.cn/zwgk/zcfb/art/2026/art_1.html",
    "samr-docs": "https://www.samr.gov.cn/zw/zjwj/art/2026/art_1.html",
    "hangzhou-gov": "https://www.hangzhou.gov.cn/art/2026/2/28/art_1229063389_1.html",
    "zhejiang-fzggw": "https://fzggw.zj.gov.cn/art/2026/2/28/art_1229565788_1.html",
    "shenzhen-gov": "http://www.sz.gov.cn/gkmlpt/content/1/1/post_1.html",
    "guangdong-gov": "https://www.gd.gov.cn/gkmlpt/content/1/1/post_1.html",
    "jiangsu-gov": "https://www.jiangsu.gov.cn/art/2026/2/28/art_84242_1.html",
    "cnipa-announcements": "https://www.cnipa.gov.cn/art/2026/2/28/art_74_1.html",
    "nrta-notices": "https://www.nrta.gov.cn/art/2026/2/28/art_113_1.html",
    "ndrc-news": "https://www.ndrc.gov.cn/xwdt/xwfb/202602/t20260228_1.html",
    "ndrc-announcements": "https://www.ndrc.gov.cn/xxgk/zcfb/gg/202602/t20260228_1.html",
    "most-notices": "https://www.most.gov.cn/tztg/202602/t20260228_1.html",
    "most-rules": "https://www.most.gov.cn/xxgk/xinxifenlei/fdzdgknr/fgzc/gfxwj/202602/t20260228_1.html",
    "mof-policy": "http://kjs.mof.gov.cn/zhengcefabu/202602/t20260228_1.htm",
    "spp-flfgk": "https://www.spp.gov.cn/spp/flfg/sfjs/202602/t20260228_1.shtml",
    "mct-notices": "http://www.mct.gov.cn/whzx/ggtz/202602/t20260228_1.htm",
    "chongqing-gov": "https://www.cq.gov.cn/zwgk/zfxxgkml/szfwj/xzgfxwj/szfbgt/202602/t20260228_1.html",
    "chongqing-gov-normative": "https://www.cq.gov.cn/zwgk/zfxxgkml/szfwj/xzgfxwj/szf/202602/t20260228_1.html",
    "wuhan-gov": "https://www.wuhan.gov.cn/zwgk/xxgk/zfwj/gfxwj/202602/t20260228_1.shtml",
    "wuhan-gov-ai": "https://www.wuhan.gov.cn/ztzl/25zt/rgzncy/zcwj_94757/202602/t20260228_1.shtml",
    "hainan-iitb": "https://iitb.hainan.gov.cn/iitb/tzgg/202602/1.shtml",
    "the-block-sitemap": "https://www.theblock.co/post/1/sample",
}


def read_through(source_id: str) -> tuple[Reading, str, int]:
    """Read a source's list from its samples as a poll would.

    Returns:
        The first page of the list, the address that its links are relative to, and how many answers it took.
    """
    source = CATALOGUE[SourceId(source_id)]
    dialect, files = DIALECTS[source.kind], sorted((SAMPLES / source_id).iterdir())
    ask = dialect.first(source)
    for count, path in enumerate(files, start=1):
        page = Page(url=ask.url, body=path.read_bytes(), content_type=TYPES[path.suffix])
        reading = dialect.read(source, ask, page)
        if not reading.needs:
            return reading, reading.base or ask.url, count
        (ask,) = reading.needs
    raise AssertionError(f"{source_id} asks for more than {len(files)} answers")


@pytest.mark.parametrize(("source_id", "link"), FIRST_LINKS.items())
def test_a_list_of_the_sites_shape_is_read(source_id: str, link: str) -> None:
    """Titles, addresses and days of all rows come out in order, navigation does not, and nothing is degraded."""
    reading, base, _ = read_through(source_id)
    context = ListContext(source=CATALOGUE[SourceId(source_id)], url=base, now=NOW, url_dates=True)
    entries = [entry for entry in (to_entry(row, context) for row in reading.rows) if entry]
    assert [entry.title for entry in entries] == TITLES
    assert entries[0].url == link
    found = [entry.published.at.isoformat(timespec="minutes") if entry.published else "" for entry in entries]
    assert found == DAYS
    assert reading.degraded == ""


@pytest.mark.parametrize("source_id", FIRST_LINKS)
def test_no_more_is_asked_than_the_site_needs(source_id: str) -> None:
    """Ids that the entry knows are not looked for on the column page."""
    assert read_through(source_id)[2] == len(list((SAMPLES / source_id).iterdir()))


@pytest.mark.parametrize("source_id", FIRST_LINKS)
def test_a_column_page_is_recognised_as_what_its_entry_says(source_id: str) -> None:
    """What recognition makes of a page would be the same kind, with params that an entry may have."""
    source, first = CATALOGUE[SourceId(source_id)], min((SAMPLES / source_id).iterdir())
    found = recognise(source.url, first.read_bytes())
    if found is not None:
        assert found.kind is source.kind
        assert found.params.keys() <= PARAMS.get(source.kind, frozenset())


def test_known_ids_lead_beyond_a_page_that_hides_them() -> None:
    """A column page of 江苏 with encrypted ids can be read on, since the entry names them."""
    reading, _, _ = read_through("jiangsu-gov")
    assert reading.following is not None
    query = dict(parse_qsl(urlsplit(reading.following.url).query))
    assert (query["columnid"], query["unitid"], query["webid"], query["startrecord"]) == ("84242", "356383", "1", "4")


def test_every_dialect_that_is_shipped_was_tried() -> None:
    """At least one source of each kind that is not read by plain paths or selectors has samples."""
    plain = {SourceKind.FEED, SourceKind.JSON, SourceKind.LISTING}
    shipped = {source.kind for source in CATALOGUE.values()} - plain
    assert {CATALOGUE[SourceId(source_id)].kind for source_id in FIRST_LINKS} == shipped == set(DIALECTS)


def test_every_shipped_set_of_selectors_was_tried() -> None:
    """The few selectors of dialect sources are those of a source with samples."""
    tried = {CATALOGUE[SourceId(source_id)].rows for source_id in FIRST_LINKS}
    used = {source.rows for source in CATALOGUE.values() if source.kind in DIALECTS and source.rows}
    assert used <= tried
