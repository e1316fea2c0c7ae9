"""Times, sizes and names as people read them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from inbox.models import OutgoingMail

LANGUAGES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "nl": "Dutch",
    "no": "Norwegian",
    "nb": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in the person's zone: short for reading, exact for hovering, `iso` for machines."""

    short: str
    exact: str
    iso: str


def moment(at: datetime) -> Moment:
    """A point in time: today as 14:05, this year as 3 Nov, 14:05, else with the year."""
    local, now = timezone.localtime(at), timezone.localtime()
    clock = f"{local:%H:%M}"
    if local.date() == now.date():
        short = clock
    elif local.year == now.year:
        short = f"{local.day} {local:%b}, {clock}"
    else:
        short = f"{local.day} {local:%b %Y}"
    return Moment(short, f"{local:%A}, {local.day} {local:%B %Y, %H:%M:%S %Z}", local.isoformat(timespec="seconds"))


def timed(at: datetime) -> SafeString:
    """A point in time within a sentence, the exact one on hover. The sentence around it is put together by `format_html`."""
    return _time(at, moment(at).short)


def ago(at: datetime) -> SafeString:
    """How long ago, within a sentence, the exact time on hover."""
    since = age(at)
    return _time(at, "just now" if since == "now" else f"{since} ago")


def sentences(*said: str) -> SafeString:
    """Sentences one after the other; empty ones are left out, and what is not known to be safe in a page is escaped."""
    return format_html_join(" ", "{}", ((one,) for one in said if one))


def _time(at: datetime, shown: str) -> SafeString:
    exact = moment(at)
    return format_html('<time datetime="{}" title="{}">{}</time>', exact.iso, exact.exact, shown)


def said_moment(text: str) -> datetime | None:
    """A point in time out of an address of ours (ISO 8601 with a zone); what makes no sense is None."""
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def said_id(text: str) -> int:
    """The id of a row out of an address; 0 for what can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def span(length: timedelta) -> str:
    """How long something took or lasts: 40 s, 5 min, 3 h, 2 d."""
    seconds = max(int(length.total_seconds()), 0)
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def age(since: datetime) -> str:
    """How long ago, in steps of a minute, so that a list that is asked for again and again seldom differs."""
    length = timezone.now() - since
    return "now" if length < timedelta(minutes=1) else span(length)


def size(octets: int) -> str:
    """A number of bytes as 12 KB or 3.4 MB."""
    if octets < 1000:
        return f"{octets} bytes"
    if octets < 1_000_000:
        return f"{octets / 1000:.0f} KB"
    return f"{octets / 1_000_000:.1f} MB"


def language(code: str) -> str:
    """The English name of a language, or its code in capitals where we know no better."""
    return LANGUAGES.get(code, code.upper())


def person(user: User | None) -> str:
    """How colleagues call somebody."""
    if user is None:
        return "the system"
    return user.get_full_name() or user.get_username()


def sender(mail: OutgoingMail) -> str:
    """Who sent a mail of ours: a colleague, or the assistant by itself."""
    return "The assistant, by itself" if mail.is_automatic else person(mail.queued_by)


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 mail, 2 mails."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(names: list[str]) -> str:
    """Names in a sentence: a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def humanised(name: str) -> str:
    """An identifier as words: tracking_number becomes Tracking number, base_url becomes Base URL."""
    text = " ".join(word.upper() if word in {"sku", "id", "url"} else word for word in name.replace("_", " ").replace("-", " ").split())
    return text[:1].upper() + text[1:]
