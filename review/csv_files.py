"""CSV that people open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would take for a formula."""


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def line(cells: Iterable[str]) -> str:
    """One line of a file, line end included; harmless, and without what CSV cannot hold."""
    file = io.StringIO(newline="")
    csv.writer(file).writerow([harmless(cell.replace("\0", "")) for cell in cells])
    return file.getvalue()
