"""From the source of an HTML body to its lines, whatever the source is."""

import re
from html import unescape

from lxml import etree

from inbox.charsets import storable
from inbox.html.lines import Line, Rendering
from inbox.html.sheets import STYLE_CHARS, StyleSheet
from inbox.html.writer import Writer

_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_TEXT = re.compile(r">[^<]*\w")
_UNSEEN = ("script", "style", "head", "title")
_DATA = re.compile(r"data:[A-Za-z0-9/+.;=-]{0,100},[A-Za-z0-9+/=%\r\n]{200,}+")
_TAG = re.compile(r"<[^<>]{0,10000}>")


def render(html: str, *, deadline: float = float("inf")) -> Rendering:
    """The visible lines of an HTML body, as far as they were read by `deadline` (of `time.monotonic`).

    Never raises; where the parser gives up, the tags are cut out of the source instead.
    """
    root = _tree(html)
    if root is None:
        return _stripped(html)
    writer = Writer(_style_sheet(root))
    writer.walk(root, deadline)
    rendering = writer.finish()
    if not rendering.lines and not rendering.hidden and _TEXT.search(html):
        return _stripped(html)
    return rendering


def shorten(html: str, room: int) -> str:
    """The source without pictures that stand in it, scripts and overlong style sheets, if it has more characters than `room`."""
    if len(html) <= room:
        return html
    html = _without(_DATA.sub("data:,", html), "script")
    read = 0

    def within(found: re.Match[str]) -> str:
        nonlocal read
        kept = found[2][: max(0, STYLE_CHARS - read)]
        read += len(kept)
        return found[1] + kept + found[3]

    end = _last_end(html, "style")
    return re.sub(r"(<style\b[^<>]{0,500}>)(.*?)(</style\s*>)", within, html[:end], flags=re.IGNORECASE | re.DOTALL) + html[end:]


def _stripped(html: str) -> Rendering:
    """What is left without tags: for nesting beyond what the parser follows."""
    for tag in _UNSEEN:
        html = _without(html, tag)
    for tag in ("script", "style"):
        unclosed = re.search(rf"<{tag}\b", html, re.IGNORECASE)
        html = html[: unclosed.start()] if unclosed else html
    plain = storable(_SPACES.sub(" ", unescape(_TAG.sub(" ", html)))).strip()
    return Rendering([Line(plain)] if plain else [])


def _without(html: str, tag: str) -> str:
    """Only up to the last end tag: each start tag without one would cost a search to the end of the text."""
    last = _last_end(html, tag)
    return re.sub(rf"<{tag}\b.*?</{tag}\s*>", " ", html[:last], flags=re.IGNORECASE | re.DOTALL) + html[last:]


def _last_end(html: str, tag: str) -> int:
    return max((found.end() for found in re.finditer(rf"</{tag}\s*>", html, re.IGNORECASE)), default=0)


def _tree(html: str) -> "etree._Element | None":
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    try:
        return etree.fromstring(storable(html).encode("utf-8"), parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _style_sheet(root: "etree._Element") -> StyleSheet:
    return StyleSheet("\n".join(element.text or "" for element in root.iter("style")))
