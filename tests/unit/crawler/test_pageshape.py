"""The outward shape of pages."""

from __future__ import annotations

import pytest

from crawler.pageshape import ENOUGH, page_shape


def test_only_visible_text_counts() -> None:
    """Scripts, styles, fallbacks and white space are not seen by a reader."""
    shape = page_shape(
        "<title>标 题</title><style>a{}</style><noscript>no</noscript><body> a <b>b</b> c<script>x</script> d </body>"
    )
    assert (shape.title, shape.visible, shape.shows_content, shape.scripts) == ("标 题", 4, False, True)


def test_counting_stops_at_enough() -> None:
    """A long page shows content."""
    shape = page_shape("<p>" + "字" * 5000 + "</p>")
    assert (shape.visible, shape.shows_content) == (ENOUGH, True)


@pytest.mark.parametrize(
    ("markup", "target"),
    [
        ("<script>window.location.replace('/a.html')</script>", "/a.html"),
        ("<script>location='b.html'</script>", "b.html"),
        ("<meta http-equiv=refresh content='0;url=c.html'>", "c.html"),
        ("<script>location.reload()</script>", "itself"),
        ("<p>The location of x</p>", ""),
        ("<script>location.href=</script>", "another address"),
    ],
)
def test_where_a_page_leads_on(markup: str, target: str) -> None:
    """Assignments to the location and meta refreshes lead on; other words do not."""
    assert page_shape(markup).target == target


def test_shells_and_logins() -> None:
    """An app's root element and a password field are seen."""
    assert page_shape("<div id=app></div>").app_root
    assert not page_shape("<div id=content></div>").app_root
    assert page_shape("<input type='password'>").asks_login
    assert page_shape("<title>Sign in</title><p>x").asks_login
    assert not page_shape("<title>Blog internals</title><p>x").asks_login


def test_text_without_an_element() -> None:
    """Nothing and bare text have a shape too."""
    assert page_shape("").visible == 0
    assert page_shape("words").visible == 5
