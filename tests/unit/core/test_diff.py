"""Readable differences of two texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.diff import Change, Piece, PieceKind, diff_texts
from core.wording import folded

OLD = "各区人民政府：现将计划印发给你们。到2025年，产业规模达到1.5亿元。请认真执行。"


def marks(old: str, new: str) -> list[str]:
    """Return the changes as marked lines."""
    return [change.marked for change in diff_texts(old, new)]


def test_an_edited_sentence_shows_the_edited_words() -> None:
    """Numbers are compared whole, Chinese character by character, and what stayed is shown once."""
    new = OLD.replace("2025", "2026").replace("1.5亿元", "15亿元")
    assert marks(OLD, new) == ["到[-2025-]{+2026+}年，产业规模达到[-1.5-]{+15+}亿元。"]


def test_english_is_compared_word_by_word() -> None:
    """A new word stands alone between the kept ones."""
    old = "The ministry will act. It said so on Monday."
    assert marks(old, old.replace("will act", "will not act")) == ["The ministry will {+not +}act."]


def test_sentences_come_and_go() -> None:
    """What has no counterpart is added or removed whole, in the order of the texts."""
    new = OLD.replace("请认真执行。", "") + "\n本通知自印发之日起施行。"
    assert marks(OLD, new) == ["{+本通知自印发之日起施行。+}", "[-请认真执行。-]"]
    assert marks(OLD, OLD + "\n附件：清单") == ["{+附件：清单+}"]
    assert marks(OLD + "\n附件：清单", OLD) == ["[-附件：清单-]"]


def test_a_new_sentence_finds_the_one_it_was_made_from() -> None:
    """Sentences removed before it do not hide it."""
    old = "第一条全部删去。第二条由市经济信息化委负责解释。"
    assert marks(old, "第二条由市科委负责解释。") == [
        "[-第一条全部删去。-]",
        "第二条由市[-经济信息化-]{+科+}委负责解释。",
    ]


def test_small_islands_join_the_change_around_them() -> None:
    """One or two characters that stayed between two changes are shown with them."""
    (change,) = diff_texts("通知由甲乙的丙丁部门共同负责落实到位。", "通知由戊己的庚辛部门共同负责落实到位。")
    assert change.marked == "通知由[-甲乙的丙丁-]{+戊己的庚辛+}部门共同负责落实到位。"


@pytest.mark.parametrize(
    "new",
    [OLD, OLD.replace("，", ","), OLD.replace("。", "。\n"), f"{OLD}\n浏览次数：99", OLD.replace("2025", "２０２５")],
    ids=["same", "marks", "breaks", "counter", "width"],
)
def test_setting_is_no_change(new: str) -> None:
    """What says the same has no difference."""
    assert diff_texts(OLD, new) == ()


def test_a_change_tells_both_sides() -> None:
    """Before and after are the whole sentences."""
    (change,) = diff_texts(OLD, OLD.replace("2025", "2026"))
    assert change.before == "到2025年，产业规模达到1.5亿元。"
    assert change.after == "到2026年，产业规模达到1.5亿元。"
    kept = Change(pieces=(Piece(kind=PieceKind.KEPT, text="a"),))
    assert kept.before == kept.after == kept.marked == "a"


def test_very_long_sentences_are_not_compared_word_by_word() -> None:
    """They come and go whole."""
    assert [len(change.pieces) for change in diff_texts("甲" * 3000, "甲" * 3000 + "乙")] == [1, 1]


def test_hostile_texts_take_no_quadratic_time() -> None:
    """Ten thousand sentences, alike or not, are compared within seconds, as sets."""
    begun = time.perf_counter()
    old = "".join(f"第{n}条。" for n in range(10_000))
    assert marks(old, old.replace("第77条。", "第77条之一。")) == ["第77条{+之一+}。"]
    diff_texts("一\n" * 10_000, "一\n二\n" * 5_000)
    assert time.perf_counter() - begun < 20


SENTENCES = st.lists(
    st.sampled_from(["甲方负责。", "乙方付款1.5元。", "乙方付款15元。", "It ends.", "It ended."]), max_size=8
)


@given(SENTENCES, SENTENCES)
def test_a_difference_accounts_for_every_sentence(old: list[str], new: list[str]) -> None:
    """Equal texts have none, unequal ones some; what it takes away was there before, what it adds is there now."""
    before, after = "\n".join(old), "\n".join(new)
    changes = diff_texts(before, after)
    assert bool(changes) == (folded(before) != folded(after))
    for change in changes:
        assert change.before in before
        assert change.after in after
