"""The language of articles full of code."""

from __future__ import annotations

import pytest

from crawler.pages.tongue import language_of

CODE = [
    "const provider = new ethers.JsonRpcProvider(url);",
    "function transfer(address to, uint256 amount) public returns (bool) {",
    "npm install @openzeppelin/contracts --save-dev && npx hardhat compile",
] * 8


@pytest.mark.parametrize(
    ("title", "prose", "language"),
    [
        ("如何部署智能合约", "首先安装依赖，然后编译合约并部署到测试网。", "zh"),
        ("如何部署智慧合約", "首先安裝依賴，然後編譯合約並部署到測試網。", "zh-Hant"),
        ("How to deploy a contract", "First install what it needs, then compile and deploy it.", "en"),
    ],
)
def test_code_does_not_count(title: str, prose: str, language: str) -> None:
    """A tutorial is in the language of its sentences, however much code stands between them."""
    assert language_of(title, [prose, *CODE]) == language


def test_code_alone() -> None:
    """A page that is nothing but code is told by its letters."""
    assert language_of("", CODE) == "en"
    assert language_of("", []) == ""
