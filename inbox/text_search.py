"""How PostgreSQL's full-text search reads a text in each language."""

import re
from collections.abc import Callable
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable, SearchVector, SearchVectorField
from django.db import connection
from django.db.models import Case, F, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Left, NullIf, Replace

LANGUAGE_CONFIGS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""PostgreSQL's own text search configurations, by ISO 639-1 code."""
WHATEVER = "simple"
"""The configuration for every other language: words as they are written."""
LONGEST = 100_000
"""Characters of a text whose words are found."""
SHORTEST_START = 3
_READINGS = """
    SELECT websearch_to_tsquery(name::regconfig, %(text)s)::text FROM unnest(%(names)s::text[]) AS name
    UNION SELECT to_tsquery(name::regconfig, %(word)s)::text FROM unnest(%(names)s::text[]) AS name
"""
_LEXEME = re.compile(r"'((?:[^']|'')+)'(:\*)?")
"""A word in a query as PostgreSQL writes it, and whether it stands for all that begin with it."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Letters of Thai, Lao, Burmese, Khmer, Japanese and Chinese, which have no spaces between words: a sentence is one word to PostgreSQL."""
_SINGLE = re.compile(r"[\w.@#/+][\w.@#/+-]*")


def config(language: str) -> str:
    """The text search configuration for `language` (ISO 639-1)."""
    return LANGUAGE_CONFIGS.get(language, WHATEVER)


def by_language() -> Case:
    """The words of a row's title and body, read in the row's language. The title weighs more."""
    return _read(lambda name: SearchVector("title", config=name, weight="A") + SearchVector("body", config=name, weight="C"))


def of_mail() -> Case:
    """The words of a message: as they are written of its subject and sender, and all of it read in its language.

    Of a long text its start only: PostgreSQL refuses the words of a text beyond a megabyte, and no mail may be refused.
    """
    new_text = Left(Coalesce(NullIf(F("reply_text"), Value("")), F("text")), LONGEST)
    as_written = _as_written("from_name", "from_address")
    return _read(lambda name: as_written + SearchVector("subject", "from_name", new_text, config=name))


def of_outgoing_mail() -> CombinedExpression:
    """The words of a mail of ours, as they are written."""
    return _as_written("recipient") + SearchVector(Left("body", LONGEST), config=WHATEVER)


def config_of_row() -> Case:
    """The configuration for a row's language, as an expression."""
    read = (When(language=language, then=Value(name)) for language, name in LANGUAGE_CONFIGS.items())
    return Case(*read, default=Value(WHATEVER))


def in_any_language(text: str) -> SearchQueryCombinable:
    """A query for all words of `text`, read as each language would."""
    return reduce(or_, (SearchQuery(text, config=name) for name in sorted({WHATEVER, *LANGUAGE_CONFIGS.values()})))


def unspaced(text: str) -> tuple[list[str], str]:
    """What of a text that somebody types is to be looked for letter by letter, as its script has no spaces between words; and the rest."""
    typed = text.replace("\0", "").split()
    found = [one for one in typed if _UNSPACED.search(one) and not one.startswith("-")]
    return [bare for one in found if (bare := one.strip('"'))], " ".join(one for one in typed if one not in found)


class ReadQuery(SearchQuery):
    """A query that PostgreSQL has read already, as it writes one."""

    def __init__(self, written: str) -> None:
        super().__init__(written)
        self.written = written

    def as_sql(self, *_: Any, **__: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The query as it is, nothing read again."""
        return "%s::tsquery", [self.written]


def typed(text: str) -> ReadQuery:
    """A query as people type one: all words; "words in this order"; or; -without. A single word also finds what begins with it.

    Asks the database how each language reads it, once for each text. A mail is looked at for each reading, so equal ones count once.
    """
    return ReadQuery(_written(text.replace("\0", "").strip()))


@lru_cache(maxsize=1000)
def _written(text: str) -> str:
    names = sorted({WHATEVER, *LANGUAGE_CONFIGS.values()})
    word = f"'{text}':*" if len(text) >= SHORTEST_START and _SINGLE.fullmatch(text) else ""
    with connection.cursor() as cursor:
        cursor.execute(_READINGS, {"names": names, "text": text, "word": word})
        readings = [reading for (reading,) in cursor.fetchall() if reading]
    return " | ".join(f"({reading})" for reading in sorted(readings) if not any(_covers(other, reading) for other in readings))


def _covers(other: str, reading: str) -> bool:
    """Whether `other`, which is a single word, finds all that `reading` finds, and more."""
    word = _LEXEME.fullmatch(other)
    if other == reading or not word or re.search(r"[|!]", _LEXEME.sub("", reading)):
        return False
    start, is_start = word.groups()
    return any(found.startswith(start) if is_start else (found, is_more) == (start, "") for found, is_more in _LEXEME.findall(reading))


def _read(words: Callable[[str], Any]) -> Case:
    """The words of a row, read in the row's language."""
    read = (When(language=language, then=words(name)) for language, name in LANGUAGE_CONFIGS.items())
    return Case(*read, default=words(WHATEVER), output_field=SearchVectorField())


def _as_written(*fields: str) -> SearchVector:
    """Subject and names as they are written; of an address also its two halves."""
    halves = Replace(F(fields[-1]), Value("@"), Value(" "))
    return SearchVector("subject", *fields, halves, config=WHATEVER, weight="A")
