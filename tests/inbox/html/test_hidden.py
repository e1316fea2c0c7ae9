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
    '<style>div .h{display:none}</style><div><span class="h">secret</span></div>',
    '<style>p > .h{display:none}</style><p><span class="h">secret</span></p>',
    '<style>table td.a.b{display:none}</style><table><tr><td class="b a">secret</td></tr></table>',
    '<style>span[data-x="1"]{display:none}</style><span data-x="1">secret</span>',
    "<style>.h{display:none !important}</style><span class='h' style='display:inline'>secret</span>",
    '<table bgcolor="black"><tr><td><font color="black">secret</font></td></tr></table>',
    '<div style="font-size:0"><b style="font-size:2em">secret</b></div>',
    '<div style="visibility:hidden"><b>secret</b></div>',
    *(
        f'<span style="{style}">secret</span>'
        for style in (
            "color:transparent",
            "color:rgba(0,0,0,0)",
            "color:rgb(255 255 255 / 1%)",
            "color:red;background:red",
            "color:hsl(0,0%,100%)",
            "color:rgb(100%,100%,100%)",
            "color:#FEFEFE",
            "font:0/0 a",
            "font-size:2px",
            "font-size:calc(0px)",
            "opacity:0.01",
            "filter:opacity(0)",
            "transform:scale(0)",
            "zoom:0",
            "clip:rect(0,0,0,0)",
            "clip-path:inset(100%)",
            "position:absolute;left:-999px",
            "position:relative;left:-100vw",
            "position:absolute;left:5000px",
            "margin-left:-9999px",
            "height:1px;overflow:hidden",
            "content-visibility:hidden",
            "display:/**/none",
            r"dis\70lay:none",
        )
    ),
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
        '<table><tr><td style="font-size:0px;padding:10px"><div style="font-size:13px;color:#000000">shown</div></td></tr></table>',
        '<div style="font-size:0"><b style="font-size:medium">shown</b></div>',
        '<div style="visibility:hidden"><b style="visibility:visible">shown</b></div>',
        '<a style="background:navy;color:white">shown</a>',
        '<div style="background:#336699"><p style="background-color:rgba(255,255,255,0);color:#fff">shown</p></div>',
        '<div style="background:#336699"><p style="background:transparent;color:#fff">shown</p></div>',
        '<style>.hd td.k{background-color:#000080}</style><table class="hd"><tr><td class="k" style="color:#fff">shown</td></tr></table>',
        '<style>.other .m{display:none}</style><div class="m">shown</div>',
        '<style>body > .m{display:none}</style><body><div><p class="m">shown</p></div></body>',
        '<style>u + .body .m{display:none}</style><div class="m">shown</div>',
        '<style>[data-ogsc] .m{display:none}</style><div class="m">shown</div>',
        "<style>a:hover{display:none}</style><a>shown</a>",
        '<style>.m{display:none}</style><div class="m" style="display:block">shown</div>',
        '<style>p{color:#fff} .m{color:#000}</style><p class="m">shown</p>',
        '<div style="color:#666;background:#eee;opacity:.6;font-size:9px">shown</div>',
        '<div style="margin-left:-20px;text-indent:-30px">shown</div>',
    ],
)
def test_visible_text_is_kept(html: str) -> None:
    assert (render(html).text, render(html).hidden) == ("shown", [])


def test_what_follows_a_hidden_element_is_seen() -> None:
    assert render('<p><span style="display:none">a</span>b</p>').text == "b"
