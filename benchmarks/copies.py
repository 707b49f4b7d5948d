"""Makes texts that never were, edited copies of them, and texts that look like copies and are none.

Stories are woven from clauses of our own training items, with names and numbers invented for each, so that two stories
share no more than a clause. Everything follows from the seed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from opencc import OpenCC

from core.near_duplicates import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TRAINING = Path(__file__).resolve().parents[1] / "classifier" / "training"
SYLLABLES_ZH = "安博辰达恩丰格瀚嘉凯澜铭诺普启瑞盛腾维信雅泽卓岚翰澄霖砚朔璟珂"
SYLLABLES_EN = (
    "al",
    "bex",
    "cor",
    "dun",
    "el",
    "fen",
    "gar",
    "hol",
    "ix",
    "jor",
    "kel",
    "lum",
    "mir",
    "nov",
    "ost",
    "pra",
)
END_ZH, END_EN = re.compile(r"(?<=[。！？])"), re.compile(r"(?<=[.!?]) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One generated text."""

    words: Words
    source: str
    kind: str
    """`original`, or how it was made of one."""
    story: int
    """Copies of one text share it."""
    chinese: bool


@cache
def clauses(language: str) -> tuple[str, ...]:
    """Return the different clauses of our training items in a language, `zh` or `en`."""
    found: dict[str, None] = {}
    splitter = re.compile(r"[，。；！？、：\n]" if language == "zh" else r"[,.;:!?\n]\s+|\n")
    bounds = (6, 40) if language == "zh" else (20, 110)
    for file in sorted(TRAINING.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["lang"][:2] == language:
                found |= {
                    clause.strip(" “”\"'()（）《》"): None
                    for clause in splitter.split(row["body"])
                    if bounds[0] <= len(clause) <= bounds[1]
                }
    return tuple(found)


def number(random: Random) -> str:
    """Return an invented number."""
    return random.choice((str(random.randint(2, 99)), f"{random.randint(1, 99)}.{random.randint(1, 9)}",
                          str(random.randint(100, 99999))))  # fmt: skip


def name(random: Random, *, chinese: bool) -> str:
    """Return an invented name."""
    if chinese:
        return "".join(random.sample(SYLLABLES_ZH, 3))
    return "".join(random.sample(SYLLABLES_EN, 3)).capitalize()


def clause(random: Random, names: Sequence[str], *, chinese: bool) -> str:
    """Return a clause of the pool with the story's names and numbers of its own."""
    text = re.sub(r"\d+(?:[.,]\d+)*", lambda _: number(random), random.choice(clauses("zh" if chinese else "en")))
    if random.random() < 0.35:
        text = f"{random.choice(names)}{text}" if chinese else f"{random.choice(names)} {text}"
    return text


def sentence(random: Random, names: Sequence[str], *, chinese: bool) -> str:
    """Return a sentence of two to four clauses."""
    parts = [clause(random, names, chinese=chinese) for _ in range(random.randint(2, 4 if chinese else 3))]
    return "，".join(parts) + "。" if chinese else ", ".join(parts).capitalize() + "."


def joined(sentences: Sequence[str], random: Random, *, chinese: bool) -> str:
    """Return sentences in paragraphs of one to three."""
    gap = "" if chinese else " "
    return "".join(one + ("\n" if random.random() < 0.45 else gap) for one in sentences).strip()


def sentences_of(text: str, *, chinese: bool) -> list[str]:
    """Return the sentences of a text."""
    return [
        part.strip()
        for line in text.split("\n")
        for part in (END_ZH if chinese else END_EN).split(line)
        if part.strip()
    ]


def headline(random: Random, names: Sequence[str], *, chinese: bool) -> str:
    """Return a headline."""
    return clause(random, names, chinese=chinese)


def original(random: Random, story: int) -> Text:
    """Return a new story: flash, report or document."""
    chinese = random.random() < 0.65
    names = [name(random, chinese=chinese) for _ in range(4)]
    count = random.choice((2, 3, 6, 8, 10, 12, 15, 30))
    body = joined([sentence(random, names, chinese=chinese) for _ in range(count)], random, chinese=chinese)
    return Text(
        words=Words(title=headline(random, names, chinese=chinese), text=body),
        source=f"site{random.randint(0, 59)}", kind="original", story=story, chinese=chinese,
    )  # fmt: skip


def retitled(random: Random, text: Text) -> Text:
    """Return the text of another site under another headline."""
    names = [name(random, chinese=text.chinese)]
    title = headline(random, names, chinese=text.chinese) if random.random() < 0.7 else text.words.title
    site = random.choice([f"site{n}" for n in range(60) if f"site{n}" != text.source])
    return replace(text, words=Words(title=title, text=text.words.text), source=site)


def edited(random: Random, body: str, share: float, *, chinese: bool) -> str:
    """Change a share of the characters (Chinese) or words (English): other, further and missing ones."""
    units = list(body) if chinese else re.split(r"(\s+)", body)
    pool = "".join(clauses("zh")[:400]) if chinese else " ".join(clauses("en")[:400]).split()
    out = []
    step = share / (2.5 if chinese else 1)  # an edit of Chinese runs over two or three characters
    skip = 0
    for unit in units:
        if skip and not unit.isdigit():
            skip -= 1
            continue
        if random.random() < step and unit.strip() and not any(c.isdigit() for c in unit) and unit not in "。！？":
            run = random.randint(2, 3) if chinese else 1
            new = "".join(random.choice(pool) for _ in range(run)) if chinese else str(random.choice(pool))
            choice = random.random()
            out.append(new if choice < 0.6 else unit + (new if chinese else f" {new}") if choice < 0.8 else "")
            skip = run - 1 if choice < 0.6 else 0
        else:
            out.append(unit)
    return "".join(out)


def with_boilerplate(random: Random, text: Text) -> Text:
    """Another site's page: headline, byline and the site's own lines around the text."""
    other = retitled(random, text)
    return replace(other, kind="boilerplate", words=replace(other.words, text=framed(other, random)))


def framed(text: Text, random: Random) -> str:
    """Return the text within its site's recurring lines, and lines of the day."""
    site = Random(text.source)  # noqa: S311 - no secret: the lines of a site are always the same
    names = [name(site, chinese=text.chinese) for _ in range(2)]
    above = [sentence(site, names, chinese=text.chinese) for _ in range(site.randint(0, 2))]
    below = [sentence(site, names, chinese=text.chinese) for _ in range(site.randint(1, 4))]
    hour = f"{random.randint(0, 23)}:{random.randint(10, 59)}"
    byline = f"来源：{names[0]}网　时间：{hour}" if text.chinese else f"By {names[0]} staff, {hour}"
    return "\n".join([byline, *above, text.words.text, *below])


def rewritten(random: Random, text: Text) -> Text:
    """Drop some sentences, edit one character or word in twenty."""
    other = retitled(random, text)
    kept = sentences_of(text.words.text, chinese=text.chinese)
    if len(kept) > 3:
        kept = [one for one in kept if random.random() > 0.15] or kept
    body = edited(random, joined(kept, random, chinese=text.chinese), 0.05, chinese=text.chinese)
    return replace(other, kind="rewrite", words=replace(other.words, text=body))


def syndicated(random: Random, text: Text) -> Text:
    """A new first sentence, and one character or word in fifty edited."""
    other = retitled(random, text)
    names = [name(random, chinese=text.chinese)]
    intro = re.sub(r"\d+(\.\d+)?", "", sentence(random, names, chinese=text.chinese))
    body = edited(random, text.words.text, 0.02, chinese=text.chinese)
    return replace(other, kind="syndication", words=replace(other.words, text=f"{intro}\n{body}"))


@cache
def converter(config: str) -> OpenCC:
    """Return a converter of scripts."""
    return OpenCC(config)


def traditional(random: Random, text: Text) -> Text:
    """The same in Traditional characters, half of them with Taiwan's words; English is left as it is."""
    kind = random.choice(("s2t", "s2twp"))
    other = retitled(random, text)
    if not text.chinese:
        return replace(other, kind="headline")
    convert = converter(kind).convert
    return replace(other, kind=kind, words=Words(title=convert(other.words.title), text=convert(text.words.text)))


def truncated(random: Random, text: Text) -> Text:
    """The first 40 to 75 % of it."""
    other = retitled(random, text)
    cut = int(len(text.words.text) * random.uniform(0.4, 0.75))
    return replace(other, kind="truncation", words=replace(other.words, text=text.words.text[:cut]))


def widened(random: Random, text: Text) -> Text:
    """Full-width digits and Latin letters, other case and punctuation."""
    other = retitled(random, text)
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} if text.chinese else {}
    body = text.words.text.translate(wide)
    body = body.upper() if not text.chinese and random.random() < 0.5 else body.replace("，", ", ").replace("'", "’")
    return replace(other, kind="width", words=replace(other.words, text=body))


EDITS: tuple[Callable[[Random, Text], Text], ...] = (
    with_boilerplate, rewritten, syndicated, traditional, truncated, widened,
)  # fmt: skip


def combined(random: Random, text: Text) -> Text:
    """Two edits, one after the other."""
    first, second = random.sample((rewritten, syndicated, traditional, truncated, with_boilerplate), 2)
    return replace(second(random, first(random, text)), kind="combination")


def copies(random: Random, text: Text) -> Iterator[Text]:
    """Yield one to three copies of a text, each of another kind."""
    for edit in random.sample((*EDITS, combined), random.randint(1, 3)):
        yield edit(random, text)


def follow_up(random: Random, text: Text, story: int) -> Text:
    """Another day's report that repeats three tenths of an earlier one."""
    names = [name(random, chinese=text.chinese) for _ in range(3)]
    old = sentences_of(text.words.text, chinese=text.chinese)
    told = old[: max(1, round(0.3 * len(old)))]
    size = sum(map(len, told))
    new: list[str] = []
    while sum(map(len, new)) < size / 0.3 * 0.7:
        new.append(sentence(random, names, chinese=text.chinese))
    body = joined([*new, *told], random, chinese=text.chinese)
    title = headline(random, names, chinese=text.chinese)
    return replace(text, words=Words(title=title, text=body), kind="follow-up", story=story)


def flashes(random: Random, first_story: int) -> Iterator[Text]:
    """Yield three flashes of one template with other numbers."""
    chinese = random.random() < 0.65
    names = [name(random, chinese=chinese) for _ in range(2)]
    if chinese:
        body = (f"{names[0]}数据显示，{{}}当前报价{{}}美元，{{}}小时涨跌幅为{{}}%，"
                + clause(random, names, chinese=True) + "，成交额{}万美元。")  # fmt: skip
    else:
        body = (f"{names[0]} data show {{}} trading at {{}} dollars, moving {{}} hours by {{}}%, "
                + clause(random, names, chinese=False) + ", with {} million changing hands.")  # fmt: skip
    title = headline(random, names, chinese=chinese)
    source = f"site{random.randint(0, 59)}"
    for number_ in range(3):
        filled = body.format(names[1], number(random), 24, number(random), number(random))
        yield Text(
            words=Words(title=title, text=filled), source=source, kind="flash template", story=first_story + number_,
            chinese=chinese,
        )  # fmt: skip


def backgrounds(random: Random, first_story: int) -> Iterator[Text]:
    """Yield two flashes of one project: news of their own, and the description that is told each time."""
    chinese = random.random() < 0.65
    names = [name(random, chinese=chinese) for _ in range(2)]
    known = [sentence(random, names, chinese=chinese) for _ in range(2)]
    for offset in range(2):
        news = sentence(random, [names[0]], chinese=chinese)
        words = Words(
            title=headline(random, names, chinese=chinese), text=("" if chinese else " ").join([news, *known])
        )
        yield Text(words=words, source="site4", kind="background", story=first_story + offset, chinese=chinese)


def rounds(random: Random, first_story: int) -> Iterator[Text]:
    """Yield two rounds of one list: the same notice with another number, and other entries."""
    names = [name(random, chinese=True) for _ in range(4)]
    notice = joined([sentence(random, names, chinese=True) for _ in range(8)], random, chinese=True)
    subject, batch = clause(random, names, chinese=True), random.randint(5, 40)
    for offset in range(2):
        entries = "\n".join(f"{name(random, chinese=True)}{number(random)}" for _ in range(5))
        words = Words(
            title=f"关于发布第{batch + offset}批{subject}名单的公告",
            text=f"现发布第{batch + offset}批名单。{notice}\n{entries}",
        )
        yield Text(words=words, source="site1", kind="list round", story=first_story + offset, chinese=True)


def stages(random: Random, first_story: int) -> Iterator[Text]:
    """Yield a draft and its final form, which differ by few words."""
    chinese = random.random() < 0.7
    names = [name(random, chinese=chinese) for _ in range(4)]
    subject = clause(random, names, chinese=chinese)
    body = joined([sentence(random, names, chinese=chinese) for _ in range(20)], random, chinese=chinese)
    titles = (
        (f"关于《{subject}管理办法（征求意见稿）》公开征求意见的通知", f"关于印发《{subject}管理办法》的通知")
        if chinese
        else (f"Draft rules on {subject}: consultation", f"Rules on {subject}")
    )
    for offset, title in enumerate(titles):
        text = edited(random, body, 0.03 * offset, chinese=chinese)
        yield Text(words=Words(title=title, text=text), source="site2", kind="stage", story=first_story + offset,
                   chinese=chinese)  # fmt: skip


def framed_page(random: Random, story: int) -> Text:
    """A page of a site with many lines of its own."""
    text = original(random, story)
    text = replace(text, source=f"site{random.randint(0, 59)}")
    short = sentences_of(text.words.text, chinese=text.chinese)[: random.randint(1, 5)]
    text = replace(text, words=replace(text.words, text=joined(short, random, chinese=text.chinese)))
    return replace(text, kind="shared boilerplate", words=replace(text.words, text=framed(text, random)))


def round_up(random: Random, texts: Sequence[Text], story: int) -> Text:
    """A daily round-up that quotes several texts word by word."""
    same = [text for text in texts if text.chinese and len(text.words.text) < 250]
    quoted = random.sample(same, min(len(same), 6))
    body = "\n".join(text.words.text for text in quoted)
    title = random.choice(("每日要闻汇总", "、".join(text.words.title for text in quoted[:2])))
    return Text(words=Words(title=title, text=body), source="site3", kind="round-up", story=story, chinese=True)


def corpus(stories: int, *, seed: int) -> list[Text]:
    """Return a shuffled corpus.

    Args:
        stories: How many; they have 3.3 true pairs each on average.
        seed: Decides everything.
    """
    random = Random(seed)  # noqa: S311 - no secret: the corpus must be the same again
    texts: list[Text] = []
    originals = [original(random, story) for story in range(stories)]
    for text in originals:
        texts += [text, *copies(random, text)]
    story = stories
    for text in random.sample(originals, stories // 4):
        texts.append(follow_up(random, text, story))
        story += 1
    for _ in range(2 * stories):
        texts.append(framed_page(random, story))
        story += 1
    for make in (flashes, flashes, rounds, stages):
        for _ in range(stories // 12):
            made = list(make(random, story))
            texts += made
            story += len(made)
    for _ in range(stories // 30):
        texts.append(round_up(random, originals, story))
        story += 1
    random.shuffle(texts)
    return texts


def background_flashes(count: int, *, seed: int) -> list[Text]:
    """Return pairs of flashes of one project, one after the other; they are no part of `corpus`."""
    random = Random(seed)  # noqa: S311 - as above
    return [text for number_ in range(count) for text in backgrounds(random, 2 * number_)]


def true_pairs(texts: Sequence[Text]) -> set[tuple[int, int]]:
    """Return the pairs of positions of texts of one story, the lower first."""
    by_story: dict[int, list[int]] = {}
    for position, text in enumerate(texts):
        by_story.setdefault(text.story, []).append(position)
    return {
        (one, other)
        for positions in by_story.values()
        for index, one in enumerate(positions)
        for other in positions[index + 1 :]
    }
