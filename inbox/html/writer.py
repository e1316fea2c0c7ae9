"""Writes lines while the tree of an HTML body is walked, without recursion: nesting of any depth is only a matter of time."""

import re
import time
from itertools import islice
from typing import NamedTuple

from lxml import etree

from inbox.charsets import storable
from inbox.html import hidden, quotes
from inbox.html.hidden import Look
from inbox.html.lines import Line, Rendering
from inbox.html.sheets import Declarations, StyleSheet

_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_SKIPPED = frozenset(
    {"script", "style", "head", "title", "template", "object", "embed", "svg", "math", "select", "audio", "video", "noframes"}
)
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "table", "blockquote", "fieldset"})
_BLOCKS = _PARAGRAPHS | frozenset(
    {
        "div",
        "li",
        "tr",
        "dt",
        "dd",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "nav",
        "aside",
        "address",
        "center",
        "form",
        "body",
        "caption",
        "figure",
        "option",
    }
)


class _Frame(NamedTuple):
    """What an element changes for what it holds."""

    look: Look
    quoted: bool
    depth: int
    preformatted: bool
    href: str
    list_kind: str


class Writer:
    """Collects lines while the tree is walked."""

    def __init__(self, sheet: StyleSheet) -> None:
        self.sheet = sheet
        self.out = Rendering()
        self.pieces: list[str] = []
        self.links: list[str] = []
        self.breaks = 0
        self.separator = ""
        self.rows: list[int] = []
        self.is_row_fresh = False
        self.rest = False
        self.counters: list[int] = []
        self.line_state = (False, 0)
        self.frames = [_Frame(Look(), False, 0, False, "", "")]

    def walk(self, root: "etree._Element", deadline: float) -> None:
        """Visit every element once, entering and leaving, with an explicit stack."""
        stack: list[tuple[etree._Element, bool]] = [(root, False)]
        visits = 0
        while stack:
            visits += 1
            if visits % 200 == 0 and time.monotonic() > deadline:
                self.out.is_cut = True
                return
            element, leaving = stack.pop()
            if leaving:
                self.leave(element)
            elif self.enter(element):
                stack.append((element, True))
                stack.extend((child, False) for child in reversed(element))
                self.write(element.text)
                continue
            if element is not root:
                self.write(element.tail)

    def enter(self, element: "etree._Element") -> bool:
        """Begin an element; False if nothing in it is to be read."""
        tag = element.tag if isinstance(element.tag, str) else ""
        attributes = {str(name): str(value) for name, value in element.items()}
        if not tag or tag in _SKIPPED:
            return False
        style = self.sheet.style(element, tag, attributes)
        if hidden.is_hidden(style, attributes) and tag not in {"body", "html"}:
            self.hide("".join(str(text) for text in element.itertext()))
            return False
        self._open(tag, attributes, style)
        return True

    def _open(self, tag: str, attributes: dict[str, str], style: Declarations) -> None:
        above = self.frames[-1]
        look = hidden.look_of(above.look, style, attributes) if style or attributes else above.look
        kind = quotes.kind_of(tag, attributes, style)
        self.rest = self.rest or kind == "rest"
        self._break_before(tag)
        self._mark(tag, attributes, above)
        depth = above.depth + (1 if kind == "cited" else 0)
        href = attributes.get("href", "") if tag == "a" else above.href
        listed = tag if tag in {"ul", "ol"} else above.list_kind
        self.frames.append(
            _Frame(look, above.quoted or kind in {"cited", "quote"}, depth, above.preformatted or tag == "pre", href, listed)
        )

    def _break_before(self, tag: str) -> None:
        if tag == "br":
            self._newline(1, add=True)
        elif tag in _PARAGRAPHS:
            self._newline(2)
        elif tag in _BLOCKS:
            self._newline(1)
        elif tag == "hr":
            self._newline(1)
            self.write("_" * 32)
            self._newline(1)

    def _mark(self, tag: str, attributes: dict[str, str], above: _Frame) -> None:
        if tag == "tr":
            self._flush()
            self.rows.append(len(self.out.lines))
            self.separator, self.is_row_fresh = "", True
        elif tag in {"ul", "ol"}:
            self.counters.append(0)
        elif tag == "li":
            if self.counters:
                self.counters[-1] += 1
            self.write(f"{self.counters[-1]}. " if above.list_kind == "ol" and self.counters else "- ")
        elif tag == "img" and 0 < len(attributes.get("alt", "")) <= 4 and not attributes["alt"].isascii():
            self.write(attributes["alt"])

    def leave(self, element: "etree._Element") -> None:
        """End an element."""
        tag = str(element.tag)
        frame = self.frames.pop()
        if tag == "a" and frame.href:
            self._note_link(frame.href, "".join(islice(map(str, element.itertext()), 20)))
        if tag in {"td", "th"}:
            one_line = bool(self.pieces) and bool(self.rows) and self.rows[-1] == len(self.out.lines)
            self.separator = "\t" if one_line else ""
            self.breaks = 0 if one_line else self.breaks
        elif tag == "tr":
            self.separator, self.is_row_fresh = "", False
            self.rows = self.rows[:-1]
            self._newline(1)
        elif tag in {"ul", "ol"} and self.counters:
            self.counters.pop()
        if tag in _PARAGRAPHS:
            self._newline(2)
        elif tag in _BLOCKS:
            self._newline(1)

    def write(self, text: str | None) -> None:
        """Text in the current element; white space as a browser would show it."""
        if not text:
            return
        frame = self.frames[-1]
        if hidden.is_invisible(frame.look):
            self.hide(text)
            return
        if frame.preformatted:
            self._write_preformatted(text)
            return
        shown = _SPACES.sub(" ", text)
        if shown == " " and (not self.pieces or self.breaks or self.pieces[-1].endswith(" ")):
            return
        self._put(shown)

    def _write_preformatted(self, text: str) -> None:
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
            if number:
                self._newline(1, add=True)
            if line:
                self._put(line)

    def _put(self, shown: str) -> None:
        frame = self.frames[-1]
        state = (frame.quoted or self.rest, frame.depth)
        if self.breaks:
            self._flush()
        self.is_row_fresh = False
        if not self.pieces:
            shown = shown if frame.preformatted else shown.lstrip(" ")
            if not shown:
                return
            self.line_state = state
        elif self.separator:
            self.pieces.append(self.separator)
        self.separator = ""
        if self.pieces and self.pieces[-1].endswith(" ") and not frame.preformatted:
            shown = shown.lstrip(" ")
        self.pieces.append(shown)

    def _newline(self, count: int, *, add: bool = False) -> None:
        if (self.separator or self.is_row_fresh) and not add:
            return  # the first block of a table cell stays in the row's line
        self.breaks = self.breaks + 1 if add else max(self.breaks, count if self.pieces or self.out.lines else 0)

    def _flush(self) -> None:
        if self.pieces:
            tail = "".join(f" <{link}>" for link in dict.fromkeys(self.links))
            self.out.lines.append(Line("".join(self.pieces).rstrip() + tail, *self.line_state))
        self.pieces, self.links = [], []
        frame = self.frames[-1]
        blank = Line("", frame.quoted or self.rest, 0)
        self.out.lines.extend([blank] * min(self.breaks - 1, 2))
        self.breaks = 0

    def _note_link(self, href: str, text: str) -> None:
        href = storable(href.strip())
        plain = href.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").rstrip("/")
        if not href.lower().startswith(("http://", "https://")) or len(href) > 500 or not self.pieces or self.breaks:
            return
        if plain and plain not in text.replace(" ", "") and len(self.links) < 20:
            self.links.append(href)

    def hide(self, text: str) -> None:
        """Remember text that a reader does not see."""
        shown = _SPACES.sub(" ", text).strip()
        if shown and len(self.out.hidden) < 500:
            self.out.hidden.append(storable(shown))

    def finish(self) -> Rendering:
        """The lines, without blank ones at both ends."""
        self.breaks = 0
        self._flush()
        lines = [line._replace(text=storable(line.text)) for line in self.out.lines]
        while lines and not lines[0].text.strip():
            lines.pop(0)
        while lines and not lines[-1].text.strip():
            lines.pop()
        return Rendering(lines, self.out.hidden, self.out.is_cut or self.sheet.is_cut)
