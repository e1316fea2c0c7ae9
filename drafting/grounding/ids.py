"""Ids: order, invoice, customer and tracking numbers, article codes. Anything with digits that is more than a plain number."""

import re

from drafting.grounding.atom import Finder, Found, Kind

_SEGMENT = re.compile(r"[0-9]+|[^\W\d_]+")
_UNIT = re.compile(
    r"[0-9]+(?:st|nd|rd|th|er|x|kg|g|mg|mm|cm|m|km|ml|l|h|min|v|kv|w|kw|ma|nm|bar|stk|pcs|pc|szt|ks|uds?|pz|tage|days|m²|cm²|m³|m2|m3)",
    re.IGNORECASE,
)


def _is_id(token: str) -> bool:
    """Not the plain numbers in "10kg", "3-day", "Order-10423", "2-3" and "1002/7": those are left to the numbers."""
    parts = re.split(r"[-/_.]", token)
    if all(part.isdecimal() for part in parts):
        if len(parts) == 1:
            return len(token) >= 7 or (len(token) >= 3 and token.startswith("0"))
        return "." not in token and (len(parts) >= 3 or (len(token) > 6 and max(map(len, parts)) >= 5))
    return not (_UNIT.fullmatch(token) or _is_counted_word(parts) or _is_named_number(parts))


def _is_counted_word(parts: list[str]) -> bool:
    """ "24-Stunden-Service", but not "24-XL"."""
    first, *others = parts
    return first.isdecimal() and len(first) <= 3 and all(part.isalpha() and not part.isupper() for part in others)


def _is_named_number(parts: list[str]) -> bool:
    """ "Order-10423", but not "SO-10423"."""
    return len(parts) == 2 and len(parts[0]) >= 4 and parts[0].isalpha() and parts[0][1:].islower() and parts[1].isdecimal()


def _canonical(text: str) -> str:
    """Upper case, letters and digits parted by "-": "so10423" and "SO-10423" are one order; "A-1002/7" is not "A-10027"."""
    return "-".join(_SEGMENT.findall(text.upper()))


def _read_token(match: re.Match[str]) -> list[Found]:
    token = match[0]
    if not any("0" <= character <= "9" for character in token) or not _is_id(token):
        return []
    return [Found(Kind.ID, *match.span(), (_canonical(token),))]


def _read_spaced(match: re.Match[str]) -> list[Found]:
    """ "SO 10423" is an id, unless the two only happen to stand together."""
    return [Found(Kind.ID, *match.span(), tuple(dict.fromkeys((_canonical(match[0]), match["n"].lstrip("0"), match["n"]))))]


def _read_grouped(match: re.Match[str]) -> list[Found]:
    return [Found(Kind.ID, *match.span(), (_canonical(match[0].replace(" ", "")),))]


GROUPED = [
    Finder(re.compile(r"(?<!\w)[A-Z]{2}[0-9]{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,4})?(?!\w)"), _read_grouped),
    Finder(re.compile(r"(?<![\w.,])[0-9]{4}(?: [0-9]{4}){3,5}(?: [0-9]{1,4})?(?![\w]|[.,][0-9])"), _read_grouped),
]
"""Bank accounts and tracking numbers, written in groups of four."""

SPACED = Finder(re.compile(r"(?<!\w)(?<!\w-)[A-Z]{2,4}[ :#]{1,2}(?P<n>[0-9]{4,})(?![\w]|[-/.,][\w])"), _read_spaced)
_THOUSANDS = r"(?:(?<=\b[0-9] )|(?<=\b[0-9]{2} )|(?<=\b[0-9]{3} ))0[0-9]{2}(?![\w/-])"
"""The end of "100 000"."""
TOKENS = Finder(re.compile(rf"(?!{_THOUSANDS})[^\W_]+(?:(?:[-/_]|(?<=[0-9])\.(?=[0-9]))[^\W_]+)*"), _read_token)
