"""Numbers of the report as people read them: shares, counts, durations, money. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from math import floor

SPACE = "\u00a0"
"""A number and its unit stay on one line."""
NONE = "–"


def count(number: float) -> str:
    """How many: 1,204."""
    return f"{number:,.0f}"


def large(number: float) -> str:
    """How many, where nobody needs the last digits: 950, 12.4 k, 3.1 M."""
    for unit, size in (("M", 1_000_000), ("k", 10_000)):
        if number >= size:
            return f"{number / (1000 if unit == 'k' else size):,.1f}{SPACE}{unit}"
    return count(number)


def share(part: float | None) -> str:
    """A share of 1 in per cent, to a tenth. What is not quite none or all never reads as if it were."""
    if part is None:
        return NONE
    tenths = round(1000 * part)
    if part > 0 and tenths == 0:
        return f"under 0.1{SPACE}%"
    if part < 1 and tenths == 1000:
        return f"over 99.9{SPACE}%"
    return _tenths(tenths)


def parts_of_all(counts: Sequence[int]) -> list[str]:
    """Counts as shares of their sum, so rounded that they add up to 100 % (the largest remainders are rounded up)."""
    total = sum(counts)
    if not total:
        return [NONE] * len(counts)
    exact = [1000 * each / total for each in counts]
    tenths = [floor(each) for each in exact]
    places = sorted(range(len(counts)), key=lambda place: tenths[place] - exact[place])
    for place in places[: 1000 - sum(tenths)]:
        tenths[place] += 1
    return [_tenths(each) for each in tenths]


def points(change: float) -> str:
    """How far a share moved, in percentage points and without its sign: 2.1 points."""
    tenths = abs(round(1000 * change))
    return f"{tenths / 10:.1f}{SPACE}{'point' if tenths == 10 else 'points'}"


def duration(seconds: float | None) -> str:
    """How long something took: 45 s, 12 min, 3.4 h, 2.1 d."""
    if seconds is None:
        return NONE
    if seconds < 60:
        return f"{seconds:.0f}{SPACE}s"
    if seconds < 3600:
        return f"{seconds / 60:.0f}{SPACE}min"
    return f"{seconds / 3600:.1f}{SPACE}h" if seconds < 2 * 86_400 else f"{seconds / 86_400:.1f}{SPACE}d"


def hours(seconds: float) -> str:
    """So many hours: 31.2 h, −0.4 h."""
    said = f"{abs(seconds) / 3600:,.1f}{SPACE}h"
    return f"−{said}" if round(seconds / 360) < 0 else said


def money(amount: Decimal, currency: str) -> str:
    """An amount: 12.40 EUR, and finer where it is small: 0.0042 EUR."""
    digits = 2 if amount >= 1 or not amount else 4
    return f"{amount:,.{digits}f}{SPACE}{currency}"


def still_uncounted(conversations: int) -> str:
    """Said where so many conversations are not counted yet; "" where all are."""
    if not conversations:
        return ""
    noun = "conversation" if conversations == 1 else "conversations"
    return f"Not counted yet: {count(conversations)} {noun} in which something changed. Some numbers will change."


def _tenths(tenths: int) -> str:
    return f"{tenths / 10:.1f}{SPACE}%" if tenths % 10 else f"{tenths // 10}{SPACE}%"
