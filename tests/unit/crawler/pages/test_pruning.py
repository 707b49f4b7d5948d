"""What surrounds articles is taken out of the tree."""

from __future__ import annotations

import pytest

from crawler.pages.blocks import paragraphs
from crawler.pages.dom import parse_page
from crawler.pages.pruning import prune

STORY = "<p>" + "A sentence of the story stands here. " * 12 + "</p>"


def left(page: str) -> str:
    """Return the text that pruning leaves."""
    root = parse_page(page)
    assert root is not None
    prune(root)
    return "\n".join(paragraphs(root))


@pytest.mark.parametrize(
    "box",
    [
        "<nav>gone</nav>",
        "<aside>gone</aside>",
        "<footer>gone</footer>",
        "<form>gone</form>",
        '<div role="complementary">gone</div>',
        '<div class="post-related">gone</div>',
        '<ul class="Share_Bar share">gone</ul>',
        '<div id="newsletter-box">gone</div>',
        '<div class="cookie-notice">gone</div>',
        '<div class="ad slot">gone</div>',
        '<div class="widget">gone</div>',
        '<div class="commentlist">gone</div>',
        '<div class="bread-crumbs">gone</div>',
        "<div hidden>gone</div>",
        '<span style="color:red; display : none">gone</span>',
        '<p aria-hidden="true">gone</p>',
        "<noscript>gone</noscript>",
    ],
)
def test_surroundings_go(box: str) -> None:
    """Elements that say by tag, role, name or style that they are not the article go."""
    assert "gone" not in left(f"<body>{STORY}{box}</body>")


@pytest.mark.parametrize(
    "box",
    [
        '<div class="download">stays</div>',
        '<span class="comment">stays</span>',
        '<div class="loads readmeore">stays</div>',
        '<h1 class="banner">stays</h1>',
        '<div class="position-relative">stays</div>',
        '<div class="elementor-widget elementor-widget-text-editor">stays</div>',
        '<div class="subscriber-only commentary paywall">stays</div>',
    ],
)
def test_others_stay(box: str) -> None:
    """Names that merely contain such a word, words in sentences, and headings are kept."""
    assert "stays" in left(f"<body>{STORY}{box}</body>")


def test_wrappers_stay() -> None:
    """An element that holds much of the page is content, whatever it is called."""
    assert "story" in left(f'<body><form class="share"><div style="display:none">{STORY}</div></form></body>')
