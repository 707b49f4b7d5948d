"""Names and numbers of official documents are found, normalised and comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import document_key, find_document_numbers, find_document_titles


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("沪府办发〔2023〕10号", ("沪府办发〔2023〕10号",)),
        ("根据国办发[2023]1号文件精神", ("国办发〔2023〕1号",)),
        ("（国办发（2023）1号）", ("国办发〔2023〕1号",)),
        ("国办发﹝２０２３﹞ 第 １ 號", ("国办发〔2023〕1号",)),
        ("上海市人民政府办公厅沪府办发【2023】010号", ("沪府办发〔2023〕10号",)),
        ("工业和信息化部办公厅工信厅科函〔2018〕217号", ("工信厅科函〔2018〕217号",)),
        ("工信部联科〔2021〕62号", ("工信部联科〔2021〕62号",)),
        ("的通知国办发〔2004〕44号和国发〔2021〕1号", ("国办发〔2004〕44号", "国发〔2021〕1号")),
        ("决定将渝府发〔2001〕120号废止", ("渝府发〔2001〕120号",)),
        ("沪数据〔2024〕1号", ("沪数据〔2024〕1号",)),
        ("证监会公告〔2023〕10号", ("证监会公告〔2023〕10号",)),
        ("〔2017〕7号", ()),
    ],
)
def test_document_codes_are_normalised(text: str, numbers: tuple[str, ...]) -> None:
    """Any brackets, widths and lead-ins give one form of an organ's running number."""
    assert find_document_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("由国务院令第761号公布", ("国务院令第761号",)),
        ("中华人民共和国国务院令 第七百六十一号", ("国务院令第761号",)),
        ("国令第754号", ("国务院令第754号",)),
        ("中华人民共和国主席令（第三十五号）", ("主席令第35号",)),
        ("教育部\n令\n第15号", ("教育部令第15号",)),
        ("财政部 税务总局公告2023年第5号", ("税务总局公告2023年第5号",)),
        ("中国民航局令第一九一号", ("中国民航局令第191号",)),
        ("第二条所称命令第3号", ()),
        ("口令第15号", ()),
    ],
)
def test_orders_carry_their_organ(text: str, numbers: tuple[str, ...]) -> None:
    """Orders and announcements are told with who issued them; without an organ they identify nothing."""
    assert find_document_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("依据GB/T 12345-2023和JR/T 0184—2020", ("GB/T 12345-2023", "JR/T 0184-2020")),
        ("ＧＢ１８８６．２９７－２０１８", ("GB 1886.297-2018",)),
        ("团体标准T/CCSA 402-2022", ("T/CCSA 402-2022",)),
        ("《稳定币条例》（第656章）即Cap. 656", ("Cap. 656",)),
        ("Market Cap. 500 billion", ()),
        ("Regulation (EU) 2023/1114 and Regulation (EU) No 575/2013", ("(EU) 2023/1114", "(EU) 575/2013")),
        ("Release No. 34-98765; H.R. 4763", ("Release No. 34-98765", "H.R. 4763")),
        ("Executive Order 14110", ("Executive Order 14110",)),
        ("in 2023 (2023) 10 people", ()),
    ],
)
def test_standards_and_foreign_numbers_are_found(text: str, numbers: tuple[str, ...]) -> None:
    """Standards, Hong Kong chapters, EU and US numbers have one form each."""
    assert find_document_numbers(text) == numbers


def test_numbers_are_unique_and_in_order() -> None:
    """The first mention decides the order; a second one adds nothing."""
    text = "GB/T 1-2020，国发〔2021〕1号，国发[2021]1号，国务院令第1号"
    assert find_document_numbers(text) == ("GB/T 1-2020", "国发〔2021〕1号", "国务院令第1号")


@pytest.mark.parametrize(
    "title",
    [
        "上海市推动制造业高质量发展三年行动计划（2023-2025年）",
        "上海市“元宇宙”关键技术攻关行动方案（2023-2025年）",
        "生成式人工智能服务管理办法（征求意见稿）",
        "關於香港虛擬資產發展的政策宣言",
        "关于印发〈某某条例〉的通知",
        "关于《某某办法》的决定",
        "中华人民共和国数据安全法",
        "刑法",
        "区块链和分布式记账技术 参考架构",
        "国务院批转某总局关于某项工作的报告",
        "北京市互联网3.0创新发展白皮书（2023年）",
    ],
)
def test_official_titles_are_found(title: str) -> None:
    """Titles in 《》 that end in an instrument are found whole, with what stands in brackets after it."""
    assert find_document_titles(f"近日，有关方面发布《{title}》，引起关注。") == (title,)


@pytest.mark.parametrize(
    "title", ["三体", "人民日报", "流浪地球", "推荐算法", "书法", "法", "办法", "暂行办法", "行动方案",
     "实施方案（试行）", "中国区块链发展报告"]
)  # fmt: skip
def test_books_papers_and_mere_references_are_left_out(title: str) -> None:
    """What is no instrument, or only points back to one, is no title."""
    assert find_document_titles(f"见《{title}》。") == ()


def test_unbalanced_brackets_lose_no_later_title() -> None:
    """An opening bracket without an end is passed over."""
    assert find_document_titles("《未完" + "字" * 200 + "《某市规划》，又《半截") == ("某市规划",)
    assert find_document_titles("未闭合《某市 然后《某省规划》") == ("某省规划",)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (
            "It issued a Three-Year Action Plan for Promoting High-Quality Development of Manufacturing (2023-2025).",
            ("Three-Year Action Plan for Promoting High-Quality Development of Manufacturing (2023-2025)",),
        ),
        (
            'It released the "Metaverse Key Technology R&D Plan (2023-2025)," officials said.',
            ("Metaverse Key Technology R&D Plan (2023-2025)",),
        ),
        (
            "China's Interim Measures for the Management of Generative AI Services take effect.",
            ("Interim Measures for the Management of Generative AI Services",),
        ),
        ("Lawmakers passed Hong Kong's Stablecoins Ordinance.", ("Stablecoins Ordinance",)),
        ("GENIUS Act Signed Into Law by the President", ("GENIUS Act",)),
        ("Shanghai Releases Metaverse Action Plan to Boost Web3 Industry", ("Metaverse Action Plan",)),
        ("Lawmakers Move to Weaken the Stablecoin Standards Act", ("Stablecoin Standards Act",)),
        ("They agreed on a Joint Statement on Digital Assets today.", ("Joint Statement on Digital Assets",)),
        ("Under the Markets in Crypto-Assets Regulation, firms wait.", ("Markets in Crypto-Assets Regulation",)),
        ("A White Paper on Web 3.0 Innovation (Draft) came out.", ("White Paper on Web 3.0 Innovation (Draft)",)),
        ("The “Stablecoin Guidelines” and the Stablecoin Guidelines.", ("Stablecoin Guidelines",)),
    ],
)  # fmt: skip
def test_english_titles_are_found(text: str, titles: tuple[str, ...]) -> None:
    """Quoted titles and bare ones in title case are found, without who owns them and what follows them."""
    assert find_document_titles(text) == titles


@pytest.mark.parametrize(
    "text",
    [
        "The Plan says so. This Five-Year Plan matters.",
        '"Most of the plan is hardware that exists," he said.',
        '"Follow the Plan" was the slogan.',
        "He studied at the School of Law.",
        "The Securities and Exchange Commission met on Tuesday.",
        "The Stablecoin Standards Board met.",
        "On 13 June. The Measures apply.",
        "The Two Sessions Are Over",
        "City Hall Hails Progress on Metaverse Plan to End Slump",
        "Regulator Tightens Rules on Crypto Lending in Classes",
        "The restaurant is in the Michelin Guide again.",
        "White House Working on Executive Order to Foil States",
    ],
)
def test_speech_bodies_and_mere_references_are_left_out(text: str) -> None:
    """Quoted speech, organisations, and `the Plan` are no titles."""
    assert find_document_titles(text) == ()


def test_titles_of_both_languages_keep_their_order() -> None:
    """Titles come in the order in which a text names them, each once."""
    text = "《某市规划》 and the Stablecoins Ordinance, then 《某市规划》 again."
    assert find_document_titles(text) == ("某市规划", "Stablecoins Ordinance")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海市“元宇宙”行动方案（2023—2025年）", "上海市元宇宙行动方案(2023年-2025年)"),
        ("The Stablecoins Ordinance", "stablecoins  ordinance"),
        ("Ａ市规划", "a市规划"),
    ],
)
def test_spellings_of_a_title_have_one_key(one: str, other: str) -> None:
    """Width, brackets, quotes, dashes and articles do not count."""
    assert document_key(one) == document_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("某办法（征求意见稿）", "某办法"),
        ("某规划（2021-2025年）", "某规划（2026-2030年）"),
    ],
)
def test_stages_and_years_keep_documents_apart(one: str, other: str) -> None:
    """A draft is not its final form, and one period's plan not the next one's."""
    assert document_key(one) != document_key(other)


@given(
    st.text(st.sampled_from('《》〈〉“”"‘’()（）〔〕[] 的令第号年0123456789一十百法办国院部发A Plan,.\n'), max_size=80)
)
def test_any_text_can_be_read(text: str) -> None:
    """No text makes the finders raise, and what they find is found again in itself."""
    for number in find_document_numbers(text):
        assert find_document_numbers(number) == (number,)
    find_document_titles(text)


@given(st.text(max_size=60))
def test_the_key_of_a_key_is_itself(title: str) -> None:
    """`document_key` is idempotent."""
    assert document_key(document_key(title)) == document_key(title)
