"""Structured header values: message ids and dates."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from inbox.parsing.headers import decode_words

_COMMENT = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_ID = re.compile(r"<([^<>]{1,2000})>")
_ISO_DATE = re.compile(
    r"(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?[T ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_LOOSE_DATE = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º)?[\s.\-/]+(?:de |di )?([^\W\d_]{3,})\.?[\s.,\-/]+(?:de )?(\d{2,4})"
    r"(?:[\s,T]+(?:at |um |à |a las |kl\.? )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s?([AaPp][Mm])?)?(?:.*?([+-]\d{2}):?(\d{2}))?"
)
_US_DATE = re.compile(
    r"([A-Za-z]{3})[a-z]*\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})[\s,at]*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?"
    r"(?:\s*([+-]\d{4}))?"
)
_NUMBERS_DATE = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})[\s,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?\s*([+-]\d{2}:?\d{2})?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen sty янв janv",
            "feb fev fév fevr févr lut фев febr",
            "mar mär maerz märz mrt мар marz",
            "apr avr abr kwi апр avri",
            "may mai mag mei maj май мая",
            "jun jui juin giu cze июн juni",
            "jul juil lug lip июл juli",
            "aug aoû aou ago sie авг août",
            "sep set wrz сен sept",
            "oct okt ott out paź paz окт octo",
            "nov lis ноя nove",
            "dec dez déc dic gru дек dece",
        ),
        1,
    )
    for name in names.split()
}
"""By the first four letters, else the first three: English, German, French, Spanish, Italian, Dutch, Polish, Portuguese and Russian."""
_ZONES: dict[str, str] = dict(
    re.findall(
        r"([a-z]+) ([+-]\d{4})",
        "cet +0100 mez +0100 met +0100 cest +0200 mesz +0200 mest +0200 bst +0100 wet +0000 west +0100 eet +0200 eest +0300 msk +0300 "
        "jst +0900 kst +0900 "
        "hkt +0800 sgt +0800 aest +1000 aedt +1100 acst +0930 awst +0800 nzst +1200 nzdt +1300 sast +0200 brt -0300 art -0300 "
        "edt -0400 est -0500 cdt -0500 cst -0600 mdt -0600 mst -0700 pdt -0700 pst -0800",
    )
)
"""Names of zones that mean one thing only, and those of RFC 5322 §4.3."""
_NAMED_ZONE = re.compile(r"\s([A-Za-z]{3,4})(\s+\d{4})?$")
_LOOSE_COLON = re.compile(r"(?<=\d)\s*+:\s*+(?=\d)")
_ZONE_WITH_NAME = re.compile(r"(?:\b(?:GMT|UTC|UT)|\bZ)?\s*([+-])(\d{1,2})(?::?(\d{2}))?\s*$", re.IGNORECASE)
_HALF = re.compile(r"\d\s?[ap]m\b", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(?<![:\d])24:00(:00)?\b")


def read_ids(value: str) -> tuple[str, ...]:
    """Message ids without angle brackets, each once, in order; a value without any brackets is split at white space."""
    if "=?" in value:
        value = decode_words(value)
    if " (" in value or ") " in value:
        value = _COMMENT.sub(" ", value)
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
    value = _levelled(_COMMENT.sub(" ", decode_words(value)).strip())
    if not value:
        return None
    later = timedelta(days=1 if _MIDNIGHT.search(value) else 0)
    value = _MIDNIGHT.sub("00:00:00", value)
    for reader in (_standard_date, _iso_date, _numbers_date, _loose_date, _us_date, _seconds):
        try:
            found = reader(value)
            if found is not None:
                found += later
                found.astimezone(UTC)
                return found
        except (ValueError, OverflowError, TypeError, IndexError, KeyError):
            continue
    return None


def _levelled(value: str) -> str:
    """The zone at the end as the standard writes it: "+01:00", "GMT+1" and "CET" are all "+0100"; no space within the time."""
    value = _LOOSE_COLON.sub(":", value[:200])
    if re.match(r"\d{4}-\d{1,2}-\d{1,2}$", value):
        return value
    named = _NAMED_ZONE.search(value)
    if named and named[1].lower() in _ZONES:
        return f"{value[: named.start()]}{named[2] or ''} {_ZONES[named[1].lower()]}"
    found = _ZONE_WITH_NAME.search(value)
    if not found or not (found[3] or found[0].lstrip()[:1].isalpha()) or ":" not in value[: found.start()]:
        return value
    return f"{value[: found.start()]} {found[1]}{int(found[2]):02}{found[3] or '00'}"


def _standard_date(value: str) -> datetime | None:
    if re.match(r"\d{4}[-/.]", value) or _HALF.search(value):
        return None
    parts = parsedate_tz(value)
    if parts is None or not re.search(r"\d", value):
        return None
    year, month, day, hour, minute, second = parts[:6]
    offset = parts[9] or 0
    if abs(offset) >= 86_400:
        offset = 0
    year += 1900 if 100 <= year < 1000 else 0
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
    day, month, year, hour, minute, second, half, sign_hours, minutes = found.groups()
    number = int(year) + (2000 if len(year) == 2 and int(year) < 70 else 1900 if len(year) == 2 else 0)
    zone = _zone(f"{sign_hours}{minutes}" if sign_hours else None)
    return datetime(number, _month(month), int(day), _hours(hour, half), int(minute or 0), int(second or 0), tzinfo=zone)


def _us_date(value: str) -> datetime | None:
    found = _US_DATE.search(value)
    if found is None:
        return None
    month, day, year, hour, minute, second, half, zone = found.groups()
    return datetime(int(year), _month(month), int(day), _hours(hour, half), int(minute or 0), int(second or 0), tzinfo=_zone(zone))


def _numbers_date(value: str) -> datetime | None:
    """The day stands first, as in most of the world, unless the clock has twelve hours or the number says otherwise."""
    found = _NUMBERS_DATE.search(value)
    if found is None:
        return None
    one, _, other, year, hour, minute, second, half, zone = found.groups()
    first, then = int(one), int(other)
    day, month = (then, first) if (half or then > 12) and first <= 12 else (first, then)
    return datetime(int(year), month, day, _hours(hour, half), int(minute), int(second or 0), tzinfo=_zone(zone))


def _seconds(value: str) -> datetime | None:
    """Seconds since 1970, as some programs that write mail by hand have it."""
    return datetime.fromtimestamp(int(value), UTC) if re.fullmatch(r"\d{9,10}", value) else None


def _hours(hour: str | None, half: str | None) -> int:
    return int(hour or 0) % 12 + (12 if half.lower() == "pm" else 0) if half else int(hour or 0)


def _month(name: str) -> int:
    name = name.lower()
    return _MONTHS.get(name[:4]) or _MONTHS[name[:3]]


def _zone(text: str | None) -> timezone:
    if not text or text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4] or 0))
    return timezone(-offset if text[0] == "-" else offset)
