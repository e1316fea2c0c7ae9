"""Spellings to look up by: without case, punctuation and spaces, in the database and here alike.

Punctuation and the capitals of letters beyond ASCII are listed here: what a database takes for a letter, and what its upper() makes of
one, depends on its locale.
"""

import re

from django.db.models import CharField, Func

_LEGAL_FORMS = "gmbh|mbh|co|kg|ag|ohg|ug|ek|se|ltd|limited|plc|llc|inc|corp|sarl|sas|sa|srl|spa|sl|bv|nv|aps|oy|ab|sp|lda"
_PUNCTUATION = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u206f]"
_ANY_LEGAL_FORM = re.compile(rf"(?i)\b(?:{_LEGAL_FORMS})\b")
_ANY_PUNCTUATION = re.compile(_PUNCTUATION)
_SMALL = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćčďđēęěğīįķļłńňņōőœřśşšţťūůűųźżžșț"
_LETTERS = f"'{_SMALL}', '{_SMALL.upper()}'"
_PLAIN = f"upper(translate(replace(regexp_replace(%s, '{_PUNCTUATION}', '', 'g'), 'ß', 'SS'), {_LETTERS}))"


class Bare(Func):
    """ "SO-10234", "so 10234" and "So10234" as "SO10234"."""

    template = _PLAIN % "%(expressions)s"
    output_field = CharField()


class BareName(Func):
    """As `Bare`, of a name without its legal form: "Wolf & Co. KG" as "WOLF"."""

    template = _PLAIN % rf"regexp_replace(%(expressions)s, '\m({_LEGAL_FORMS})\M', '', 'gi')"
    output_field = CharField()


class MailDomain(Func):
    """ "Ann@Firm.example" as "firm.example"."""

    template = "lower(substring(%(expressions)s from '[^@]*$'))"
    output_field = CharField()


class Digits(Func):
    """The digits of a number alone."""

    function = "regexp_replace"
    template = "%(function)s(%(expressions)s, '[^0-9]', '', 'g')"
    output_field = CharField()


def bare(text: str) -> str:
    """What `Bare` makes of `text`."""
    return _ANY_PUNCTUATION.sub("", text).upper()


def bare_name(text: str) -> str:
    """What `BareName` makes of `text`."""
    return bare(_ANY_LEGAL_FORM.sub("", text))
