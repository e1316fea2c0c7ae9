"""Sheets of paper: headings, lines of facts and texts in any script, set one under the other."""

import unicodedata
from functools import cache
from typing import cast

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from review.exports import fonts

LINE, SMALL_LINE = 4.8, 4.3
"""Millimetres."""
GREY, BLACK = (95, 95, 105), (20, 20, 25)
SHAPED = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0x0E00, 0x0EFF), (0x10A0, 0x10FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))
"""Scripts whose letters join, stack or run from the right."""
LEADS_RIGHT = {"R", "AL"}


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

    def small(self, words: str) -> None:
        """A line about something."""
        self._use(8.5, GREY)
        self._set(words, SMALL_LINE)

    def text_block(self, words: str, size: float = 9.5) -> None:
        """A text as it was written, its line ends kept."""
        self._use(size, BLACK)
        self._set(words, LINE)
        self.ln(1)

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

    def _wrapped(self, paragraph: str) -> list[str]:
        lines, line, room, width = [], "", self.epw - 2 * self.c_margin - 0.5, 0.0
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
