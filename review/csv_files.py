"""CSV that people open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable

MARK = "\ufeff"
"""Begins a file for spreadsheets: without it Excel takes UTF-8 for something else (Unicode 15.0, 23.8: byte order mark)."""
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would take for a formula."""
NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")
"""A number below zero: it runs nothing, and a text could not be summed up."""


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(RISKY) and not NEGATIVE.fullmatch(cell) else cell


def heads(cells: Iterable[str]) -> str:
    """The first line of a file, with the mark in front."""
    return f"{MARK}{line(cells)}"


def line(cells: Iterable[str]) -> str:
    """One line of a file, line end included; harmless, and without what CSV cannot hold."""
    file = io.StringIO(newline="")
    csv.writer(file).writerow([harmless(cell.replace("\0", "")) for cell in cells])
    return file.getvalue()
