"""The catalogue: what is shipped, and how a user's files add to it and change it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

import config
from config.sources import load_catalogue
from core.errors import ConfigError
from core.source import Source, SourceId, SourceKind, Voice

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.lexicon import Lexicon

SHIPPED_FILES = sorted((Path(config.__file__).parent / "sources").glob("*.yaml"))
SHIPPED = load_catalogue()
PLAIN_HTTP = {
    "exportcontrol.mofcom.gov.cn", "jr.sz.gov.cn", "kw.beijing.gov.cn", "opinion.people.com.cn", "stic.sz.gov.cn",
    "www.mct.gov.cn", "www.npc.gov.cn", "www.pbc.gov.cn", "www.people.com.cn", "www.sasac.gov.cn", "www.suzhou.gov.cn",
    "www.sz.gov.cn",
}  # fmt: skip
"""Hosts whose https is known to fail or not known to answer; every other address must be https."""
FIRST_IDS = Path(__file__).parents[2] / "data" / "sources" / "first-ids.txt"
"""Ids of the first catalogue that people ran, one a line."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def places(lexicon: Lexicon) -> set[str]:
    """Every code that the lexicon knows a place or a body of."""
    return {concept.jurisdiction for concept in lexicon.concepts}


@pytest.fixture
def catalogue(tmp_path: Path) -> Callable[..., dict[str, Source]]:
    """Loader of texts as source files over the shipped ones."""

    def run(*texts: str, **environ: str) -> dict[str, Source]:
        paths = []
        for index, text in enumerate(texts):
            path = tmp_path / f"{index}.yaml"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        return {str(key): value for key, value in load_catalogue(extra=paths, environ=environ).items()}

    return run


def test_enough_is_shipped_of_every_kind_and_place() -> None:
    """Over two hundred, most of them on; the essential ones reach from the capital to the crypto press."""
    assert len(SHIPPED) >= 200
    assert sum(source.enabled for source in SHIPPED.values()) >= 120
    essential = [source for source in SHIPPED.values() if source.tier == 1 and source.enabled]
    assert len(essential) >= 30
    assert {source.kind for source in essential} >= {SourceKind.FEED, SourceKind.JSON, SourceKind.LISTING}
    groups = Counter(source.group for source in essential)
    assert {"cn-central", "cn-shanghai", "cn-beijing", "hk", "crypto-zh", "crypto-en"} <= set(groups)


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.name)
def test_each_shipped_file_is_right_by_itself(path: Path) -> None:
    """Nothing in a shipped file is ignored, and each can be copied as a user's own."""
    assert load_catalogue(extra=[path]) == SHIPPED


FLASHES = {"panews", "panews-flash", "odaily-newsflash", "jinse-lives", "blockbeats-flash", "wallstreetcn"}
"""Feeds and services of flashes, which may be asked each minute."""


@pytest.mark.parametrize("source", SHIPPED.values(), ids=lambda source: source.id)
def test_each_shipped_source_is_complete(source: Source) -> None:
    """Each has its names, says how sure its facts are, hammers nobody, and tells why it is off if it is."""
    assert source.name
    assert source.name_en
    assert not CHINESE.search(source.name_en)
    assert source.confidence in ("high", "medium", "low")
    assert source.bounds.min_interval.total_seconds() >= (60 if source.id in FLASHES else 180)
    assert source.enabled or source.note
    assert not source.allow_private_addresses


@pytest.mark.parametrize("source", SHIPPED.values(), ids=lambda source: source.id)
def test_authorities_are_named_and_placed(places: set[str], source: Source) -> None:
    """An authority has a Chinese name and a jurisdiction that the lexicon knows; the press has neither."""
    is_authority = source.voice is Voice.AUTHORITY
    assert bool(CHINESE.search(source.issuer)) is is_authority
    assert bool(source.issuer) is is_authority
    assert (source.jurisdiction in places) if is_authority else not source.jurisdiction


@pytest.mark.parametrize("source", SHIPPED.values(), ids=lambda source: source.id)
def test_addresses_are_https_where_that_is_known_to_work(source: Source) -> None:
    """Plain http is for hosts that are listed here, and the entry says so; stand-ins are https always."""
    host = urlsplit(source.url).hostname
    assert source.url.startswith("https://") or (host in PLAIN_HTTP and "http" in source.note)
    assert all(url.startswith("https://") and url != source.url for url in source.fallback_urls)


@pytest.mark.parametrize("source", SHIPPED.values(), ids=lambda source: source.id)
def test_doubtful_sources_are_off(source: Source) -> None:
    """What is essential or useful is on, unless its note gives the reason; what is only half known is off."""
    assert source.enabled is False or source.confidence != "low"
    assert source.enabled or len(source.note) > 20


@pytest.mark.parametrize("host", ["sousuo.www.gov.cn", "news.google.com"])
def test_what_robots_txt_forbids_is_off(host: str) -> None:
    """An entry whose host forbids crawling stays off and says why."""
    there = [source for source in SHIPPED.values() if urlsplit(source.url).hostname == host]
    assert there
    assert all(not source.enabled and "robots.txt" in source.note for source in there)


def test_no_id_that_was_ever_shipped_is_gone() -> None:
    """Stored items refer to their source by id, so an id may be switched off but never dropped or renamed."""
    first = FIRST_IDS.read_text(encoding="utf-8").split()
    assert len(first) == 69
    assert set(first) <= set(SHIPPED)


def test_ids_and_addresses_are_not_shared() -> None:
    """Two entries never ask the same question: address, form fields and ids together are unique."""
    asked = Counter(
        (source.url, tuple(sorted(source.form.items())), tuple(sorted(source.params.items())))
        for source in SHIPPED.values()
    )
    assert max(asked.values()) == 1
    names = Counter(source.name_en for source in SHIPPED.values())
    assert max(names.values()) == 1


def test_a_user_changes_a_shipped_source_key_by_key(catalogue: Callable[..., dict[str, Source]]) -> None:
    """Only the keys that are given change, also inside selectors."""
    before = SHIPPED[SourceId("ndrc-policy")]
    after = catalogue("sources: {ndrc-policy: {tier: 3, rows: {date: b}}}")["ndrc-policy"]
    assert before.rows is not None
    assert after.rows is not None
    assert (after.tier, after.rows.date, after.rows.row) == (3, "b", before.rows.row)
    assert after.url == before.url


def test_a_user_adds_a_source_with_defaults(catalogue: Callable[..., dict[str, Source]]) -> None:
    """`defaults` fill what an entry leaves out, and change no source that is known already."""
    text = """
defaults: {group: mine, voice: press, kind: feed, tier: 1, name_en: Mine}
sources:
  mine: {name: 我的, url: 'https://mine.example/feed', tier: 2}
  panews: {tier: 2}
"""
    sources = catalogue(text)
    assert (sources["mine"].group, sources["mine"].tier) == ("mine", 2)
    assert (sources["panews"].group, sources["panews"].tier) == ("crypto-zh", 2)
    assert set(sources) == {*SHIPPED, "mine"}


def test_a_later_file_wins(catalogue: Callable[..., dict[str, Source]]) -> None:
    """Files are laid over each other in the order given."""
    assert catalogue("sources: {panews: {tier: 2}}", "sources: {panews: {tier: 3}}")["panews"].tier == 3


def test_headers_may_come_from_the_environment(catalogue: Callable[..., dict[str, Source]]) -> None:
    """A key for an interface need not stand in a file."""
    sources = catalogue("sources: {panews: {headers: {X-Key: '${KEY}'}}}", KEY="secret")
    assert sources["panews"].headers == {"X-Key": "secret"}


def test_a_file_without_content_changes_nothing(catalogue: Callable[..., dict[str, Source]]) -> None:
    """Empty files and empty sections are fine."""
    assert catalogue("", "sources:\n", "defaults:\nsources: {}\n") == SHIPPED


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("source: {}", ":1: source: unknown key; did you mean `sources`?"),
        ("zzz: {}", ":1: zzz: unknown key; known here: sources, defaults"),
        ("sources: [a]", ":1: sources: must hold keys below it, indented"),
        ("sources: {a: 1}", ":1: sources.a: must hold keys below it, indented"),
        ("sources:\n  panews:\n    knd: feed\n", ":3: sources.panews.knd: unknown key; did you mean `kind`?"),
        ("sources: {panews: {kind: json}}", ":1: sources.panews: a source of kind `json` needs `paths`"),
        ("sources: {panews: {url: '${GONE}'}}",
         ":1: sources.panews.url: needs the environment variable GONE, which is not set"),
        ("sources: {panews: {rows: {row: 'a['}}}",
         ":1: sources.panews.rows.row: is no CSS selector: Expected ident or '*', got <EOF at 2>"),
        ("sources: [", ":1: is no valid YAML: expected the node content, but found '<stream end>'"),
    ],
)  # fmt: skip
def test_faults_name_file_line_and_source(catalogue: Callable[..., dict[str, Source]], text: str, problem: str) -> None:
    """A user finds the place at once."""
    with pytest.raises(ConfigError) as caught:
        catalogue(text)
    assert str(caught.value.problems[0]).endswith("0.yaml" + problem)


def test_an_id_of_another_form_is_told(catalogue: Callable[..., dict[str, Source]]) -> None:
    """Ids appear in addresses, logs and the database, so they are plain."""
    with pytest.raises(ConfigError, match=r"sources\.My Source: a source id is lower-case letters"):
        catalogue("sources: {My Source: {}}")
