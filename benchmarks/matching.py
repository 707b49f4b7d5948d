"""How fast the lexicon is found and documents are judged; run with `python benchmarks/matching.py`.

Prints documents a second on made-up texts of 2 to 10 kB, half Chinese and half English, and the cost relative to one
bare scan of the same folded text by the automaton.
"""

from __future__ import annotations

import random
import resource
import time
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, Implementation

from classifier.folding import fold
from classifier.lexicon_classifier import LexiconClassifier
from classifier.matching import LexiconMatcher
from config.lexicon import load_lexicon
from core.classification import Document

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENTS = 400
SENTENCES = (
    "上海市经济和信息化委员会印发行动方案，提出加快区块链底层技术布局。", "全市新增岗位三万个，就业形势总体平稳。",
    "各区要结合实际制定细则，并于月底前报送进展情况。", "会议审议了防汛预案和老旧小区改造计划。",
    "企业可通过一网通办申报人工智能专项资金。", "专家认为，数据要素市场仍处在起步阶段。",
    "The ministry said on Monday that the rules would take effect in June. ", "Shares rose after the announcement. ",
    "Officials in Shenzhen have published draft measures on drones and air taxis. ", "It rained for most of the week. ",
    "Companies must register large models with the regulator before launch. ", "The bridge will open in spring. ",
)  # fmt: skip


def make_documents() -> list[Document]:
    """Return documents of 2 to 10 kB, the same on every run."""
    source = random.Random(7)  # noqa: S311 - not for secrets
    documents = []
    for number in range(DOCUMENTS):
        sentences = SENTENCES[:6] if number % 2 else SENTENCES[6:]
        size, text = source.randint(2_000, 10_000), ""
        while len(text.encode()) < size:
            text += source.choice(sentences)
        documents.append(Document(title=source.choice(sentences), text=text))
    return documents


def seconds(work: Callable[[], object]) -> float:
    """Return the best of three runs."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Measure and print."""
    start = time.perf_counter()
    lexicon = load_lexicon()
    loaded = time.perf_counter()
    matcher, judge = LexiconMatcher(lexicon), LexiconClassifier(lexicon, threshold=0.5)
    built = time.perf_counter()
    documents = make_documents()
    texts = [document.text for document in documents]
    folded = [fold(text) for text in texts]
    size = sum(len(text.encode()) for text in texts) / 1e6
    names = list({fold(name.removeprefix("=")) for concept in lexicon.concepts for name in concept.names})
    automaton = AhoCorasick(names, implementation=Implementation.DFA)
    bare = seconds(lambda: [automaton.find_matches_as_indexes(text, overlapping=True) for text in folded])
    print(
        f"{len(lexicon.concepts)} concepts, {len(names)} names; "
        f"load {loaded - start:.2f} s, build {built - loaded:.2f} s"
    )
    print(f"{len(texts)} documents, {size:.1f} MB; bare scan {size / bare:.0f} MB/s")
    for name, work in {
        "fold": lambda: [fold(text) for text in texts],
        "match": lambda: [matcher.find(text) for text in texts],
        "classify": lambda: [judge.classify(document) for document in documents],
    }.items():
        taken = seconds(work)
        print(f"{name:9} {len(texts) / taken:8.0f} documents/s {size / taken:6.1f} MB/s {taken / bare:6.1f}x the scan")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
