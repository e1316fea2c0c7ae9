import pytest

from inbox.html import render

HIDING = [
    '<div style="display:none">secret</div>',
    '<div style="DISPLAY : none !important">secret</div>',
    '<span style="visibility:hidden">secret</span>',
    '<span style="font-size:0">secret</span>',
    '<span style="font-size:1px">secret</span>',
    '<span style="opacity:0">secret</span>',
    '<div style="max-height:0;overflow:hidden">secret</div>',
    '<div style="position:absolute;left:-9999px">secret</div>',
    '<div style="text-indent:-9999px">secret</div>',
    '<div style="mso-hide:all">secret</div>',
    "<div hidden>secret</div>",
    '<span style="color:#ffffff">secret</span>',
    '<font color="white">secret</font>',
    '<div style="background:#003366"><span style="color:rgb(0,51,102)">secret</span></div>',
    '<style>.x{display:none}</style><div class="x">secret</div>',
    '<style>#y, p.z { color: white }</style><p class="z">secret</p>',
]


@pytest.mark.parametrize("html", HIDING)
def test_hidden_text_is_set_apart(html: str) -> None:
    rendering = render(f"<p>Hello</p>{html}<p>Bo</p>")
    assert ("secret" in rendering.text, rendering.hidden) == (False, ["secret"])


@pytest.mark.parametrize(
    "html",
    [
        '<div style="background:#003366;color:white">shown</div>',
        '<div bgcolor="black"><font color="white">shown</font></div>',
        '<span style="font-size:10px">shown</span>',
        '<style>@media (max-width:600px){.m{display:none}}</style><div class="m">shown</div>',
        '<div style="height:0">shown</div>',
        '<div style="position:absolute;left:-5px">shown</div>',
    ],
)
def test_visible_text_is_kept(html: str) -> None:
    assert (render(html).text, render(html).hidden) == ("shown", [])


def test_what_follows_a_hidden_element_is_seen() -> None:
    assert render('<p><span style="display:none">a</span>b</p>').text == "b"
