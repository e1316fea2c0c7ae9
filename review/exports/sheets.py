"""Sheets of paper: headings, lines of facts and texts in any script, set one under the other."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from review.exports import fonts

LINE, SMALL_LINE = 4.8, 4.3
"""Millimetres."""
GREY, BLACK = (95, 95, 105), (20, 20, 25)
RULE = (215, 215, 220)
INKS = ((28, 38, 84), (80, 104, 176), (150, 172, 220), (206, 216, 240), (246, 246, 250))
"""Of bars and bands, from dark to light, so that they can be told apart in grey too."""
SHAPED = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0x0E00, 0x0EFF), (0x10A0, 0x10FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))
"""Scripts whose letters join, stack or run from the right."""
LEADS_RIGHT = {"R", "AL"}
BAR = 62
"""Millimetres of a bar that stands for all."""
CHART, SCALE, WIDEST, GAP, MOST_LABELS = 42, 12, 24, 0.18, 8
"""Of a chart: millimetres of its highest column, of its scale and of the room of a column, the share of that which stays empty, labels."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, and its part of the width of the sheet. Numbers stand at the right."""

    head: str
    part: float
    is_number: bool = False


class Sheets(FPDF):
    """A4 sheets with the name of the document and the number of the page at the foot."""

    def __init__(self, title: str) -> None:
        super().__init__(format="A4")
        self.foot = writable(title)[:90]
        self.set_title(title)
        self.set_creator("Countersign")
        self.set_margins(18, 16)
        self.set_auto_page_break(True, margin=18)
        for name, path in fonts.paths().items():
            self.add_font(name, fname=path)
        self.set_fallback_fonts([fonts.HAN])
        self.add_page()

    def footer(self) -> None:
        """What fpdf2 calls at the end of each page."""
        self.set_y(-13)
        self._use(8, GREY)
        self.cell(0, 4, f"{self.foot} · page {self.page_no()}", align="R")

    def heading(self, words: str, size: float = 11) -> None:
        """A heading that stays with what follows it."""
        self.ln(2)
        if self.will_page_break(3 * LINE):
            self.add_page()
        self._use(size, BLACK, fonts.BOLD)
        self._set(words, size / 2)

    def large_heading(self, words: str) -> None:
        """A heading of a part that begins anew."""
        self.heading(words, 15)

    def small(self, words: str) -> None:
        """A line about something."""
        self._use(8.5, GREY)
        self._set(words, SMALL_LINE)

    def text_block(self, words: str, size: float = 9.5) -> None:
        """A text as it was written, its line ends kept."""
        self._use(size, BLACK)
        self._set(words, LINE)
        self.ln(1)

    def grid(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Rows under heads that are said again on each sheet. Of a cell with several lines those below the first are grey."""
        self._row(columns, [column.head for column in columns], fonts.BOLD)
        for row in rows:
            if self.will_page_break(self._height(columns, row)):
                self.add_page()
                self._row(columns, [column.head for column in columns], fonts.BOLD)
            self._row(columns, row)
        self.ln(2)

    def bar(self, name: str, share: float, said: str, *, ink: int) -> None:
        """A name, a bar in one of INKS that is as long as `share` of 1, and what that is in words."""
        if self.will_page_break(LINE + 1):
            self.add_page()
        top = self.get_y()
        self._use(9, BLACK)
        self._cell(self.l_margin, 52, name, align="L")
        self._band(self.l_margin + 54, top + 0.7, max(share * BAR, 0.2), LINE - 1.6, ink)
        self._cell(self.l_margin + 54 + BAR + 2, self.epw - 56 - BAR, said, align="L")
        self.set_y(top + LINE + 1)

    def chart(self, labels: Sequence[str], columns: Sequence[Sequence[int]]) -> None:
        """Columns side by side, each of bands one upon the other in the order of INKS. As many `labels`, of which some are said."""
        if self.will_page_break(CHART + 2 * LINE):
            self.add_page()
        top, bottom, left = self.get_y() + LINE / 2, self.get_y() + LINE / 2 + CHART, self.l_margin + SCALE
        highest, room = max(map(sum, columns)), min((self.epw - SCALE) / len(columns), WIDEST)
        for place, bands in enumerate(columns):
            edge = bottom
            for ink, count in enumerate(bands):
                height = CHART * count / highest
                edge -= height
                if count:
                    self._band(left + (place + GAP / 2) * room, edge, (1 - GAP) * room, height, ink)
        self._use(8, GREY)
        for y, number in ((top, highest), (bottom, 0)):
            self.set_y(y - SMALL_LINE / 2)
            self._cell(self.l_margin, SCALE, f"{number:,}", align="R")
        self.line(left, bottom, left + self.epw - SCALE, bottom)
        for place in range(0, len(labels), -(-len(labels) // MOST_LABELS)):
            self.set_y(bottom + 0.6)
            self._cell(left + place * room, 30, labels[place], align="L")
        self.set_y(bottom + LINE + 2)

    def _band(self, x: float, y: float, width: float, height: float, ink: int) -> None:
        self.set_fill_color(*INKS[ink])
        self.set_draw_color(*GREY)
        with self.local_context(line_width=0.1):
            self.rect(x, y, width, height, style="DF")

    def _row(self, columns: Sequence[Column], cells: Sequence[str], family: str = fonts.TEXT) -> None:
        top, left, height = self.get_y(), self.l_margin, self._height(columns, cells, family)
        for column, words in zip(columns, cells, strict=True):
            width = column.part * self.epw
            first, *more = writable(words).split("\n")
            self._use(8.5, BLACK, family)
            self._stack(left, width, self._wrapped(first, width), is_number=column.is_number)
            self._use(8.5, GREY, family)
            self._stack(left, width, [line for part in more for line in self._wrapped(part, width)], is_number=column.is_number)
            self.set_y(top)
            left += width
        self.set_y(top + height)
        self.set_draw_color(*RULE)
        self.line(self.l_margin, self.get_y() - 0.6, self.w - self.r_margin, self.get_y() - 0.6)

    def _height(self, columns: Sequence[Column], cells: Sequence[str], family: str = fonts.TEXT) -> float:
        self._use(8.5, BLACK, family)
        return max(self._high(words, column.part * self.epw) for column, words in zip(columns, cells, strict=True)) * SMALL_LINE + 1.4

    def _high(self, words: str, width: float) -> int:
        return sum(len(self._wrapped(part, width)) for part in writable(words).split("\n"))

    def _stack(self, left: float, width: float, lines: list[str], *, is_number: bool) -> None:
        for line in lines:
            top = self.get_y()
            self._cell(left, width, line, align="R" if is_number else "L")
            self.set_y(top + SMALL_LINE)

    def _cell(self, left: float, width: float, words: str, *, align: Literal["L", "R"]) -> None:
        self.set_x(left)
        is_shaped = needs_shaping(words)
        if is_shaped:
            self.set_text_shaping(True)
        self.cell(width, SMALL_LINE, words, align=align)
        if is_shaped:
            self.set_text_shaping(False)

    def _use(self, size: float, colour: tuple[int, int, int], family: str = fonts.TEXT) -> None:
        self.set_font(family, size=size)
        self.set_text_color(*colour)

    def _set(self, words: str, height: float) -> None:
        for paragraph in writable(words).split("\n"):
            if needs_shaping(paragraph):
                self.set_text_shaping(True)
                align = "R" if runs_from_right(paragraph) else "L"
                self.multi_cell(0, height, paragraph, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
                self.set_text_shaping(False)
                continue
            # Wrapped here: fpdf2 measures the whole line anew for each letter, which takes minutes for a long conversation.
            for line in self._wrapped(paragraph):
                self.cell(0, height, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _wrapped(self, paragraph: str, within: float = 0) -> list[str]:
        """The lines of a paragraph that is `within` millimetres wide (0: as wide as the sheet)."""
        lines, line, room, width = [], "", (within or self.epw) - 2 * self.c_margin - 0.5, 0.0
        for piece in _pieces(paragraph):
            wide = sum(map(self._wide, piece))
            if line and width + wide > room:
                lines.append(line.rstrip())
                line, width = "", 0.0
                piece = piece.lstrip()  # noqa: PLW2901
                wide = sum(map(self._wide, piece))
            line, width = line + piece, width + wide
        return [*lines, line]

    def _wide(self, letter: str) -> float:
        """Millimetres of a letter in the font in use, or in the one that helps out."""
        code, font = ord(letter), cast(TTFFont, self.fonts[self.font_family])
        helping = cast(TTFFont, self.fonts[fonts.HAN])
        return float((font if code in font.cmap else helping).cw[code]) * self.font_size / 1000


@cache
def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _pieces(paragraph: str, longest: int = 60) -> list[str]:
    """Where a line may break: after blanks, between wide letters, and within words that no line holds."""
    pieces, piece = [], ""
    for letter in paragraph:
        if piece and (piece[-1] == " " != letter or _is_wide(letter) or _is_wide(piece[-1]) or len(piece) >= longest):
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece] if piece else pieces


def writable(text: str) -> str:
    """The text with what no font has shown by its code, such as [U+1F600], so that nothing vanishes."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").replace("\u00a0", " ")
    return "".join(map(_shown, plain))


def missing(text: str) -> bool:
    """Whether a sign in the text has no font here."""
    return writable(text).count("[U+") > text.count("[U+")


@cache
def _shown(letter: str) -> str:
    if letter == "\n" or ord(letter) in fonts.known():
        return letter
    # Signs that are never seen, such as marks of direction, leave nothing behind.
    return "" if unicodedata.category(letter) in {"Cc", "Cf", "Mn"} and ord(letter) < 0x1F000 else f"[U+{ord(letter):04X}]"


def needs_shaping(text: str) -> bool:
    """Whether letters of it join, stack or run from the right."""
    return not text.isascii() and any(low <= ord(letter) <= high for letter in text for low, high in SHAPED)


def runs_from_right(text: str) -> bool:
    """Whether its first letter with a direction (Unicode Annex 9, P2) leads to the left."""
    first = next((kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", *LEADS_RIGHT}), "L")
    return first in LEADS_RIGHT
