"""Tests of the fingerprints by which copies are found."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from classifier.fingerprints import BANDS, CHOSEN, LEADS, ROWS, ShingleFingerprinter, _bands
from core.near_duplicates import Words, compare

FINGERPRINTER = ShingleFingerprinter()
PLAN = (
    "青岚市人民政府办公厅今日印发低空经济三年行动计划，提出到2026年建成起降点120处。\n"
    "计划要求各区在年内完成空域划设，并对开通固定航线的企业按里程给予补贴。\n"
    "市交通局负责人说，首批航线将连接机场、港口与两座高铁站，票价由企业自定。\n"
    "业内人士认为，补贴标准高于邻近城市，有望吸引整机厂商落户。\n"
    "市财政局同日公布了资金管理细则，明确单个项目最高支持800万元。"
)


def words(text: str, title: str = "青岚市发布低空经济行动计划") -> Words:
    """Return an item's words."""
    return Words(title=title, text=text)


def test_fingerprints_are_stable() -> None:
    """Keys stand in the database: whoever changes how they are made raises the version."""
    keys = FINGERPRINTER.fingerprint(words(PLAN)).keys
    assert FINGERPRINTER.version == "1"
    assert (len(keys), sum(keys)) == (36, -30469488078118937335)


def test_a_copy_in_another_spelling_has_all_keys_in_common() -> None:
    """Script, width and punctuation change no key of the text."""
    other = OpenCC("s2t").convert(PLAN).replace("，", ", ").replace("2026", "２０２６")
    assert FINGERPRINTER.fingerprint(words(other)).keys == FINGERPRINTER.fingerprint(words(PLAN)).keys


def test_a_cut_copy_shares_its_first_sentences() -> None:
    """The first two fifths of a text have a key in common with it, and are its copy."""
    cut, whole = words(PLAN[: len(PLAN) * 2 // 5 + 5], "简讯"), words(PLAN)
    one, other = FINGERPRINTER.fingerprint(cut), FINGERPRINTER.fingerprint(whole)
    assert set(one.keys) & set(other.keys)
    assert compare(one.traits, other.traits).is_copy


def test_other_texts_share_nothing() -> None:
    """A report of another event has no key in common."""
    other = words("监管部门昨晚通报两家平台违规发行稳定币，责令其停止服务并清退用户资产，案件已移送公安机关。")
    assert not set(FINGERPRINTER.fingerprint(other).keys) & set(FINGERPRINTER.fingerprint(words(PLAN)).keys)


def test_a_text_that_says_nothing_has_no_keys() -> None:
    """Nothing can be found by a text of a few letters."""
    found = FINGERPRINTER.fingerprint(words("……", "通知"))
    assert (found.keys, found.traits.shingles) == ((), frozenset())


def test_a_short_text_is_told_with_its_title() -> None:
    """Pages that say no more than that there is a file are told apart by their titles."""
    one, other = (
        FINGERPRINTER.traits(words("详见附件。", title)) for title in ("低空经济方案公开", "脑机接口名单公示")
    )
    assert not compare(one, other).is_copy


def test_boilerplate_is_left_out() -> None:
    """Lines of a source that are given as boilerplate change neither keys nor traits, where they stand at an edge."""
    frame = ("本网站由青岚报业集团主办", "未经许可不得转载本站内容")
    page = f"{frame[0]}\n{PLAN}\n{frame[1]}"
    boilerplate = FINGERPRINTER.lines("qinglan", "\n".join(frame))
    assert set(boilerplate) <= set(FINGERPRINTER.lines("qinglan", page))
    one = FINGERPRINTER.fingerprint(words(page), source_id="qinglan", boilerplate=boilerplate)
    assert one == FINGERPRINTER.fingerprint(words(PLAN))
    assert FINGERPRINTER.fingerprint(words(page), source_id="other", boilerplate=boilerplate) != one


def test_a_page_of_nothing_but_boilerplate_is_told_by_it() -> None:
    """When the same page comes again and again, its lines recur, and it is still its own copy."""
    lines = FINGERPRINTER.lines("qinglan", PLAN)
    again = FINGERPRINTER.fingerprint(words(PLAN), source_id="qinglan", boilerplate=lines)
    assert again == FINGERPRINTER.fingerprint(words(PLAN))


def test_lines_in_the_middle_are_no_boilerplate() -> None:
    """Only the first and last lines are looked at; short ones tell nothing."""
    numbered = [f"第{n}行写着一些字句" for n in range(20)]
    lines = FINGERPRINTER.lines("a", "\n".join(numbered))
    assert len(lines) == 8
    assert FINGERPRINTER.lines("a", "分享\n收藏") == ()
    middle = FINGERPRINTER.lines("a", numbered[10])
    text = words("\n".join(numbered))
    assert FINGERPRINTER.traits(text, source_id="a", boilerplate=middle) == FINGERPRINTER.traits(text)


@given(st.text(max_size=400), st.text(max_size=40))
def test_any_text_has_a_fingerprint(text: str, title: str) -> None:
    """Keys are few, different, and fit the database; traits are the same with and without keys."""
    found = FINGERPRINTER.fingerprint(words(text, title))
    assert len(set(found.keys)) == len(found.keys) <= BANDS + LEADS + CHOSEN
    assert all(-(1 << 63) <= key < 1 << 63 for key in found.keys)
    assert found.traits == FINGERPRINTER.traits(words(text, title))


def test_texts_share_bands_as_often_as_theory_says() -> None:
    """Two sets of resemblance J share a band with probability J to the power of the rows."""
    random, shared, rounds = np.random.default_rng(7), 0, 60
    for _ in range(rounds):
        every = random.integers(0, 1 << 64, 300, dtype=np.uint64)
        shared += len(set(_bands(np.sort(every[:240]))) & set(_bands(np.sort(every[60:]))))
    assert abs(shared / rounds / BANDS - (180 / 300) ** ROWS) < 0.03


def test_long_texts_are_read_in_portions() -> None:
    """However long a text is, its least values are those of all its shingles."""
    every = np.arange(1, 5000, dtype=np.uint64) << np.uint64(40)
    assert _bands(every) == _bands(every[::-1])
    assert _bands(every) != _bands(every[:512])
