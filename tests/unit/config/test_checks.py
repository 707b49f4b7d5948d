"""Names that name nothing, and which sources are watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.loaded import Loaded

    Load = Callable[..., Loaded]
    Faults = Callable[..., list[str]]

SOURCES = """
defaults: {kind: feed, name_en: x, url: 'https://x.example/feed', voice: press}
sources:
  one: {name: One, group: small, tier: 1}
  two: {name: Two, group: small, tier: 3}
  off: {name: Off, group: small, tier: 1, enabled: false}
"""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("watch: {groups: [cn-centrall]}",
         "watch.groups[0]: there is no group 'cn-centrall'; did you mean `cn-central`?"),
        ("watch: {only: [panew]}", "watch.only[0]: there is no source 'panew'; did you mean `panews`?"),
        ("watch: {also: [qqq]}", "watch.also[0]: there is no source 'qqq'"),
        ("watch: {never: [coindesks]}", "watch.never[0]: there is no source 'coindesks'; did you mean `coindesk`?"),
        ("routes: {a: {match: {topics: [blockchainn]}}}",
         "routes.a.match.topics[0]: there is no topic 'blockchainn'; did you mean `blockchain`?"),
        ("routes: {a: {match: {acts: [rules]}}}",
         "routes.a.match.acts[0]: there is no act 'rules'; did you mean `rule`?"),
        ("routes: {a: {match: {sources: [odaily]}}}", "routes.a.match.sources[0]: there is no source 'odaily'"),
        ("routes: {a: {match: {groups: [xx]}}}",
         "routes.a.match.groups[0]: there is no group 'xx'; known: cn-anhui, cn-beijing, cn-central, "),
        ("routes: {a: {match: {languages: [no]}}}",
         "routes.a.match.languages[0]: there is no language 'no'; known: en, zh, zh-Hant"),
        ("routes: {a: {match: {jurisdictions: [cn, China]}}}",
         "routes.a.match.jurisdictions[1]: 'China' is no jurisdiction; use lower-case codes such as cn, cn-sh or hk"),
        ("routes: {a: {channels: [desk]}}", "routes.a.channels[0]: there is no channel 'desk'; known: terminal"),
        ("alerts: {notices: [dsk]}", "alerts.notices[0]: there is no channel 'dsk'; known: terminal"),
        ("routes: {a: {cron: 9am}}",
         "routes.a.cron: '9am' is no cron time; write minute, hour, day, month, weekday, such as `0 9 * * *`"),
        ("routes: {a: {cron: 0 9 * * %}}",
         "routes.a.cron: '0 9 * * %' is no cron time; write minute, hour, day, month, weekday, such as `0 9 * * *`"),
    ],
)  # fmt: skip
def test_a_name_that_names_nothing_is_told(faults: Faults, text: str, problem: str) -> None:
    """Topics, acts, sources, groups, languages, channels, codes and times are checked against what there is."""
    told = faults(text)
    assert len(told) == 1
    assert told[0].removeprefix("hongtou.yaml:1: ").startswith(problem)


def test_a_channel_with_a_fault_of_its_own_still_counts(faults: Faults) -> None:
    """The fault is told once, at the channel, not again at each route that names it."""
    assert faults("channels: {desk: {}}\nroutes: {a: {channels: [desk]}}") == [
        "hongtou.yaml:1: channels.desk.url: is required; or give `url_file`"
    ]


def test_a_source_with_a_fault_of_its_own_still_counts(faults: Faults, folder: Path) -> None:
    """The fault is told once, at the source, not again where its id or group is named."""
    (folder / "sources.d").mkdir()
    (folder / "sources.d/a.yaml").write_text("sources: {mine: {group: mine}}")
    told = faults("watch: {only: [mine], groups: [mine]}")
    assert {line.split(": ")[0] for line in told} == {"sources.d/a.yaml:1"}


@pytest.mark.parametrize(
    ("watch", "ids"),
    [
        ("groups: [small]", ["one"]),
        ("groups: [small], tiers: [1, 3]", ["one", "two"]),
        ("groups: [small], also: [off, two]", ["one", "two", "off"]),
        ("groups: [small], never: [one]", []),
        ("groups: [small], also: [one], never: [one]", []),
        ("only: [off, one], never: [one], tiers: [5]", ["one", "off"]),
    ],
)
def test_the_watch_section_chooses(load: Load, folder: Path, watch: str, ids: list[str]) -> None:
    """Groups and tiers choose among enabled sources, `also` adds, `never` takes away, `only` decides alone."""
    (folder / "sources.d").mkdir()
    (folder / "sources.d/a.yaml").write_text(SOURCES)
    assert [source.id for source in load(f"watch: {{{watch}}}").watched] == ids


def test_by_default_every_group_is_watched_in_the_first_two_tiers(load: Load) -> None:
    """Marginal and disabled sources wait to be asked for."""
    loaded = load()
    usual = [source for source in loaded.sources.values() if source.enabled and source.tier <= 2]
    assert list(loaded.watched) == usual
    assert {"cn-central", "cn-shanghai", "hk", "crypto-zh", "press-en"} <= {source.group for source in usual}
