"""Structured header values: message ids, dates, and MIME parameters (RFC 2045, 2231)."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from inbox import charsets
from inbox.parsing.headers import decode_words

_ID = re.compile(r"<([^<>]{1,2000})>")
_PARAMETER = re.compile(
    r"""([^\s=;"]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.){0,20000})(?:"|$)|([^;]{0,20000}))""",
    re.DOTALL,
)
_ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?")
_LOOSE_DATE = re.compile(
    r"(\d{1,2})[\s.\-/]+([A-Za-z]{3})[a-z]*[\s.,\-/]+(\d{2,4})(?:[\s,T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?(?:.*?([+-]\d{2}):?(\d{2}))?"
)
_US_DATE = re.compile(
    r"([A-Za-z]{3})[a-z]*\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})[\s,at]*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?"
)
_MONTHS = {
    name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}


def read_ids(value: str) -> tuple[str, ...]:
    """Message ids without angle brackets, each once, in order; a value without any brackets is split at white space."""
    if "=?" in value:
        value = decode_words(value)
    found = _ID.findall(value) if "<" in value else [word.strip("<>,;") for word in value.split()]
    return tuple(dict.fromkeys("".join(one.split()) for one in found if one.strip()))


def read_id(value: str) -> str:
    """The first message id of a value, or ""."""
    ids = read_ids(value)
    return ids[0] if ids else ""


def read_date(value: str) -> datetime | None:
    """An aware datetime from a Date header, RFC 5322 or one of the forms that programs use instead; None if there is no sense in it.

    A date without a zone is taken as UTC.
    """
    value = re.sub(r"\([^()]*\)", " ", decode_words(value)).strip()
    if not value:
        return None
    for reader in (_standard_date, _iso_date, _loose_date, _us_date):
        try:
            found = reader(value)
            if found is not None:
                found.astimezone(UTC)
                return found
        except (ValueError, OverflowError, TypeError, IndexError, KeyError):
            continue
    return None


def _standard_date(value: str) -> datetime | None:
    if re.match(r"\d{4}[-/.]", value):
        return None
    parts = parsedate_tz(value)
    if parts is None or not re.search(r"\d", value):
        return None
    year, month, day, hour, minute, second = parts[:6]
    offset = parts[9] or 0
    if abs(offset) >= 86_400:
        offset = 0
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=timezone(timedelta(seconds=offset)))
    return moment if year > 1900 else None


def _iso_date(value: str) -> datetime | None:
    found = _ISO_DATE.search(value)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=_zone(zone))


def _loose_date(value: str) -> datetime | None:
    found = _LOOSE_DATE.search(value)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign_hours, minutes = found.groups()
    number = int(year) + (2000 if len(year) == 2 and int(year) < 70 else 1900 if len(year) == 2 else 0)
    zone = _zone(f"{sign_hours}{minutes}" if sign_hours else None)
    return datetime(number, _MONTHS[month.lower()], int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone)


def _us_date(value: str) -> datetime | None:
    found = _US_DATE.search(value)
    if found is None:
        return None
    month, day, year, hour, minute, second, half = found.groups()
    hours = int(hour or 0) % 12 + (12 if half.lower() == "pm" else 0) if half else int(hour or 0)
    return datetime(int(year), _MONTHS[month.lower()], int(day), hours, int(minute or 0), int(second or 0), tzinfo=UTC)


def _zone(text: str | None) -> timezone:
    if not text or text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4] or 0))
    return timezone(-offset if text[0] == "-" else offset)


def read_parameters(value: str) -> tuple[str, dict[str, str]]:
    """A MIME value such as `text/plain; charset=x` as its lower-case head and its parameters, continuations and charsets resolved."""
    head, separator, rest = value.partition(";")
    if not separator and "=" in head:
        head, _, rest = value.partition(" ")
    if '"' in head and "=" in head:
        head, rest = "", value
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAMETER.finditer(rest):
        name = found[1].lower()
        text = re.sub(r"\\([\"\\])", r"\1", found[2]) if found[2] is not None else found[3].strip().strip("'")
        if "*" in name:
            base, _, tail = name.partition("*")
            number = tail.rstrip("*")
            pieces.setdefault(base, {}).setdefault(int(number) if number.isdigit() and len(number) < 5 else 0, (text, name.endswith("*")))
        else:
            plain.setdefault(name, text)
    extended = {base: _joined(numbered) for base, numbered in pieces.items()}
    return head.strip().lower(), plain | {base: text for base, text in extended.items() if text}


def _joined(numbered: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231: numbered pieces in order, the charset named in the first one, percent-encoding only in pieces marked so."""
    charset, out = "", b""
    for position, number in enumerate(sorted(numbered)):
        text, encoded = numbered[number]
        if encoded and position == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        out += unquote_to_bytes(text) if encoded else text.encode("utf-8", "surrogateescape")
    decoded = charsets.decode(out, charset)
    return decode_words(decoded) if "=?" in decoded else decoded
