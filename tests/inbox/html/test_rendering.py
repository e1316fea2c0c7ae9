import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.html import render


def test_paragraphs_lists_and_line_breaks_are_kept() -> None:
    assert render("<p>One<br>two</p><ul><li>a</li><li>b</li></ul><ol><li>x<li>y</ol>").text == "One\ntwo\n\n- a\n- b\n\n1. x\n2. y"


def test_a_table_row_is_a_line_with_tabs() -> None:
    html = "<table><tr><th>Item</th><th>Number</th></tr><tr><td><p>Pump</p></td><td><div>2</div></td></tr></table>"
    assert render(html).text.replace("\n\n", "\n") == "Item\tNumber\nPump\t2"


def test_a_link_is_kept_behind_its_line() -> None:
    assert render('<p>See <a href="https://example.com/x">our page</a> please.</p>').text == "See our page please. <https://example.com/x>"


def test_a_link_that_shows_its_address_is_not_repeated() -> None:
    assert render('<a href="https://example.com/">example.com</a>').text == "example.com"


def test_white_space_is_collapsed_but_not_in_preformatted_text() -> None:
    assert render("<p>a \n  b&nbsp; c</p><pre>x\n  y</pre>").text == "a b c\n\nx\n  y"


def test_words_in_inline_elements_stay_together() -> None:
    assert render("<p>He<b>ll</b>o <i>you</i>!</p>").text == "Hello you!"


def test_scripts_styles_and_comments_are_no_text() -> None:
    assert render("<style>p{}</style><script>x()</script><!-- c --><p>Hi</p><title>t</title>").text == "Hi"


def test_a_cited_block_is_quoted() -> None:
    lines = render('<div>Yes</div><blockquote type="cite"><p>Which pump?</p></blockquote>').lines
    assert [(line.text, line.quoted) for line in lines if line.text] == [("Yes", False), ("Which pump?", True)]


def test_a_plain_indented_block_is_not() -> None:
    assert not any(line.quoted for line in render("<blockquote>My own words</blockquote>").lines)


def test_a_class_that_is_called_quote_is_no_quote() -> None:
    assert not any(line.quoted for line in render('<div class="quote">Price for 3 pumps?</div>').lines)


def test_everything_below_the_reply_marker_of_outlook_is_quoted() -> None:
    html = '<div>Yes</div><div id="divRplyFwdMsg"><b>From:</b> Ann</div><div>Which pump?</div>'
    assert [line.quoted for line in render(html).lines if line.text] == [False, True, True]


def test_nesting_beyond_the_parsers_depth_keeps_its_text() -> None:
    assert render("<div>" * 5_000 + "hello").text == "hello"


@pytest.mark.parametrize("html", ["<div>&nbsp;</div>", "<p>&nbsp;</p><p>&#160;</p>"])
def test_nothing_but_spaces_is_no_text(html: str) -> None:
    assert render(html).text.strip() == ""


@given(st.text(alphabet=st.sampled_from("<>/abdiv tr\"'=style:;&#x0-! \n"), max_size=300))
def test_rendering_never_fails(html: str) -> None:
    assert isinstance(render(html).text, str)
