"""The catalogue as a page for people: every source by group, with tier, kind, confidence, and why it is on or off.

`docs/sources.md` holds what `sources_document` returns; a test keeps the two in step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.settings import WatchSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.source import Source

GROUPS: Mapping[str, str] = {
    "cn-central": "China: State Council, ministries, regulators",
    "cn-shanghai": "Shanghai",
    "cn-beijing": "Beijing",
    "cn-guangdong": "Guangdong, with Shenzhen",
    "cn-zhejiang": "Zhejiang",
    "cn-jiangsu": "Jiangsu",
    "cn-chongqing": "Chongqing",
    "cn-sichuan": "Sichuan",
    "cn-hubei": "Hubei",
    "cn-anhui": "Anhui",
    "cn-hainan": "Hainan",
    "cn-hebei": "Hebei",
    "hk": "Hong Kong",
    "mo": "Macau",
    "crypto-zh": "Crypto press in Chinese",
    "crypto-en": "Crypto press in English",
    "press-zh": "General press in Chinese",
    "press-en": "General press and think tanks in English",
}
"""Every group of the shipped catalogue, in the order of the page, with what it holds."""
_USUAL_TIERS: Sequence[int] = WatchSettings().tiers
_HEAD = """# Shipped sources

{sources} sources in {groups} groups; {watched} are watched unless you say otherwise. None was asked live when this list
was made. `hongtou sources list --all` shows them with how they do.

- **tier**: 1 essential, 2 useful, 3 to 5 marginal or fragile; `watch.tiers` is `[{tiers}]`.
- **sure**: how sure address and layout are. What is only half known is off until somebody has tried it.
- **watched**: *yes*; *by tier* when its tier is named in `watch.tiers`, or its id in `watch.also`; *off* when only
  `watch.also` or `enabled: true` helps, and the note says why. What robots.txt forbids, and what answers with a
  challenge, is off: Hongtou works round neither.

`watch: {{groups: [cn-shanghai, hk]}}` watches two groups alone; see
[configuration](configuration.md#watch-which-sources). [How to add a source](howto-add-source.md) tells how entries are
changed and added.
"""


def sources_document(sources: Iterable[Source]) -> str:
    """Return the page in Markdown.

    Args:
        sources: The catalogue, in its own order, which is kept inside each group.

    Raises:
        KeyError: A source's group is not among `GROUPS`.
    """
    by_group: dict[str, list[Source]] = {group: [] for group in GROUPS}
    for source in sources:
        by_group[source.group].append(source)
    whole = [source for members in by_group.values() for source in members]
    head = _HEAD.format(
        sources=len(whole),
        groups=sum(bool(members) for members in by_group.values()),
        watched=sum(_is_watched(source) for source in whole),
        tiers=", ".join(map(str, _USUAL_TIERS)),
    )
    parts = [_section(group, members) for group, members in by_group.items() if members]
    return "\n".join([head, _overview(by_group), *parts])


def _overview(by_group: Mapping[str, Sequence[Source]]) -> str:
    rows = [
        _row(f"[`{group}`](#{group})", GROUPS[group], len(members), sum(_is_watched(source) for source in members))
        for group, members in by_group.items()
        if members
    ]
    return "\n".join([_row("group", "holds", "sources", "watched"), "| --- | --- | --- | --- |", *rows, ""])


def _section(group: str, members: Sequence[Source]) -> str:
    rows = [
        _row(
            f"[`{source.id}`]({source.url})",
            source.name if source.name == source.name_en else f"{source.name}<br>{source.name_en}",
            source.tier,
            f"`{source.kind}`",
            source.confidence,
            _state(source),
            source.note,
        )
        for source in members
    ]
    head = _row("id", "name", "tier", "kind", "sure", "watched", "note")
    return "\n".join([f"## {group}", "", f"{GROUPS[group]}.", "", head, "| --- " * 7 + "|", *rows, ""])


def _state(source: Source) -> str:
    if not source.enabled:
        return "off"
    return "yes" if _is_watched(source) else "by tier"


def _is_watched(source: Source) -> bool:
    return source.enabled and source.tier in _USUAL_TIERS


def _row(*cells: object) -> str:
    words = (str(cell).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(words)} |"
