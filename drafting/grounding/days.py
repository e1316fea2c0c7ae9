"""Days in words, weekdays and "tomorrow": they promise as much as a date does. Which day is meant follows from the day of writing.

As values of atoms: "weekday 5" is a Friday (numbered as in ISO 8601), "day +1" tomorrow.
"""

import re
from datetime import date, timedelta
from functools import cache

from drafting.grounding.atom import Finder, Found, Kind

_WEEKDAYS = {
    "en": "mondays? tuesdays? wednesdays? thursdays? fridays? saturdays? sundays?",
    "de": "montag_ dienstag_ mittwoch_ donnerstag_ freitag_ (?:samstag|sonnabend)_ sonntag_",
    "fr": "lundis? mardis? mercredis? jeudis? vendredis? samedis? dimanches?",
    "es": "lunes martes mi[ée]rcoles jueves viernes s[áa]bados? domingos?",
    "it": "luned[ìi]'? marted[ìi]'? mercoled[ìi]'? gioved[ìi]'? venerd[ìi]'? sabat[oi] domenic(?:a|he)",
    "nl": "maandag_ dinsdag_ woensdag_ donderdag_ vrijdag_ zaterdag_ zondag_",
    "pl": "poniedział(?:ek|ku|ki) wtor(?:ek|ku|ki) środ[aęy] czwart(?:ek|ku|ki) piąt(?:ek|ku|ki) sobot[aęy] niedziel[aęi]",
    "pt": "segunda~ terça~ quarta~ quinta~ sexta~ s[áa]bados? domingos?",
}
"""Monday to Sunday; "_" stands for a time of the day and the endings of plurals, "~" for Portuguese "-feira"."""
_PART_OF_DAY = "(?:morgen|vormittag|mittag|nachmittag|abend|ochtend|middag|avond)?(?:s|en)?"
_FROM_TODAY = {
    "en": {-1: "yesterday", 0: "today|tonight", 1: "tomorrow", 2: "day after tomorrow"},
    "de": {
        -1: "gestern",
        0: "heute",
        1: r"(?<!guten )(?<!schönen )(?<!heute )(?<!gestern )(?<!jeden )(?<!am )(?<!den )(?<!dem )morgen",
        2: "übermorgen|uebermorgen",
    },
    "fr": {-1: "hier", 0: "aujourd'hui", 1: "demain", 2: "après-demain"},
    "es": {-1: "ayer", 0: "hoy", 1: r"(?<!la )(?<!esta )(?<!cada )mañana", 2: r"pasado mañana"},
    "it": {-1: "ieri", 0: "oggi|stasera", 1: "domani|domattina", 2: "dopodomani"},
    "nl": {
        -1: "gisteren",
        0: "vandaag|vanavond",
        1: r"(?<!goede )(?<!de )(?<!'s )(?<!elke )morgen(?:ochtend|middag|avond)?",
        2: "overmorgen",
    },
    "pl": {-1: "wczoraj", 0: "dziś|dzisiaj", 1: "jutro", 2: "pojutrze"},
    "pt": {-1: "ontem", 0: "hoje", 1: "(?<!de )amanhã", 2: "depois de amanhã"},
}
_OTHER_WORDS_ELSEWHERE = {"hier"}
_NAMES = "".join(rf"(?<!\b{title} )" for title in ("herr", "herrn", "frau", "mr", r"mr\.", "mrs", r"mrs\.", "ms", r"ms\.", "familie"))
"""Mr Friday and Frau Sonntag are people."""


@cache
def day_words(language: str) -> Finder:
    """The finder for `language` (ISO 639-1); for all languages where it is not known."""
    languages = [language] if language in _WEEKDAYS else list(_WEEKDAYS)
    names = {f"w{number}": "|".join(_weekday(each, number) for each in languages) for number in range(1, 8)}
    names |= {f"d{offset + 1}": "|".join(_from_today(each, offset, languages) for each in languages) for offset in (2, 1, 0, -1)}
    groups = "|".join(f"(?P<{name}>{words})" for name, words in names.items())
    return Finder(re.compile(rf"(?<!\w){_NAMES}(?:{groups})(?!\w)", re.IGNORECASE), _read)


def _weekday(language: str, number: int) -> str:
    word = _WEEKDAYS[language].split()[number - 1]
    if word.endswith("~"):
        return rf"{word[:-1]}s?-feiras?|(?<=\bna ){word[:-1]}|(?<=\baté ){word[:-1]}|(?<=\bpróxima ){word[:-1]}"
    return word.replace("_", _PART_OF_DAY)


def _from_today(language: str, offset: int, languages: list[str]) -> str:
    words = _FROM_TODAY[language][offset]
    return r"(?!)" if len(languages) > 1 and words in _OTHER_WORDS_ELSEWHERE else words


def _read(match: re.Match[str]) -> list[Found]:
    kind, number = str(match.lastgroup)[0], int(str(match.lastgroup)[1:])
    return [Found(Kind.DATE, *match.span(), (f"weekday {number}" if kind == "w" else f"day {number - 1:+}",))]


def is_in_words(value: str) -> bool:
    """Whether a value of an atom is a day in words."""
    return value.startswith(("weekday ", "day "))


def meant(value: str, *, today: date) -> list[date]:
    """Which days may be meant by what is written `today`; by a weekday that of the last seven days or of the next two weeks."""
    kind, number = value.split()
    if kind == "day":
        return [today + timedelta(days=int(number))]
    last = today - timedelta(days=(today.isoweekday() - int(number)) % 7)
    return [last + timedelta(weeks=weeks) for weeks in range(3)]


def falls_on(value: str, weekday: str, *, today: date) -> bool:
    """Whether a date ("2026-03-06", "--03-06": the nearest to today) falls on a weekday ("weekday 5")."""
    day = _day(value, today)
    return day is not None and f"weekday {day.isoweekday()}" == weekday


def lies_ahead(value: str, *, today: date) -> bool:
    """Whether a value of an atom names a day that is not over, or may be one: of weekdays nobody can tell."""
    if is_in_words(value):
        return value.startswith("weekday") or int(value.split()[1]) >= 0
    if re.fullmatch("[0-9]{4}-[0-9]{2}", value):
        return value >= today.isoformat()[:7]
    day = _day(value, today)
    return day is not None and day >= today


def _day(value: str, today: date) -> date | None:
    years = range(today.year - 1, today.year + 2)
    texts = [f"{year:04}{value[1:]}" for year in years] if value.startswith("--") else [value]
    found = [day for text in texts if (day := _read_iso(text))]
    return min(found, key=lambda day: abs(day - today), default=None)


def _read_iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
