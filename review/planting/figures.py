"""Wrong amounts, dates and numbers, spelled as the right ones are. Pure.

Each function returns groups of changes: first what stands in the draft's own evidence, which is what assistants confuse, then slips.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from drafting import grounding
from review.planting.material import Atom, Change, Kind, Material, scalars
from review.planting.sentences import MONTHS

Groups = list[list[Change]]
_MONEY = re.compile(r"[0-9]{1,9}\.[0-9]{2}")
_DATE = re.compile(r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]")
_FIGURE = re.compile(r"[0-9]+(?:[.,'\u00a0\u202f ][0-9]{3})*(?:[.,][0-9]{1,2})?(?![0-9])")
_CODE = re.compile(r"[^\W_]+(?:[-/][^\W_]+)*")
_DAYS_OFF = (-10, -7, -2, -1, 1, 2, 7, 10)
_YEAR_OF_NO_DATE = 2024
"""A leap year, for dates that name none."""


def amounts(material: Material) -> Groups:
    """Another amount of the evidence; an amount with two digits exchanged, or one off."""
    known = {value for text in _all(material) if _MONEY.fullmatch(text) and (value := _decimal(text))}
    confused, slips = list[Change](), list[Change]()
    for atom, figure in _figures(material):
        texts = [like(figure[0], value) for value in sorted(known)]
        confused += _replaced(Kind.AMOUNT, atom, figure, [text for text in texts if text], "amount")
        slips += _replaced(Kind.AMOUNT, atom, figure, slipped(figure[0]), "amount")
    return [confused, slips]


def dates(material: Material) -> Groups:
    """Another date of the evidence; a date some days or a month off."""
    known = {found for text in _all(material) for one in _DATE.findall(text) if (found := _day(one))}
    confused, slips = list[Change](), list[Change]()
    for atom in _of(material, grounding.Kind.DATE):
        old = _day_of(atom, material.language)
        if old:
            near = [old + timedelta(days=days) for days in _DAYS_OFF]
            confused += _redated(atom, old, sorted(known), material.language)
            slips += _redated(atom, old, near, material.language)
    return [confused, slips]


def ids(material: Material) -> Groups:
    """Another number of the same shape in the evidence, such as that of another order; a number with a slip in it."""
    codes = {code for text in _all(material) for code in _CODE.findall(text) if any(map(str.isdigit, code))}
    confused, slips = list[Change](), list[Change]()
    for atom in _of(material, grounding.Kind.ID):
        alike = [code for code in sorted(codes) if shape(code) == shape(atom["text"])]
        confused += [_change(Kind.ID, atom, code, "number") for code in alike]
        slips += [_change(Kind.ID, atom, code, "number") for code in slipped(atom["text"])]
    return [confused, slips]


def other_orders(material: Material) -> Groups:
    """The number of an order that another customer placed."""
    return [
        [
            Change(
                Kind.OTHER_ORDER,
                atom["start"],
                atom["end"],
                number,
                f"The order is another customer’s: “{number}” in place of “{atom['text']}”.",
            )
            for atom in _of(material, grounding.Kind.ID)
            for number in material.other_orders
            if shape(number) == shape(atom["text"])
        ]
    ]


def like(figure: str, value: Decimal) -> str:
    """`value` written as `figure` is: the same marks, as many decimals. "" where that loses cents."""
    fraction = re.search(r"([.,])([0-9]{1,2})$", figure)
    mark, places = (fraction[1], len(fraction[2])) if fraction else ("", 0)
    if round(value, places) != value:
        return ""
    parted = re.search(r"[0-9]([.,'\u00a0\u202f ])[0-9]{3}(?![0-9])", figure)
    between = parted[1] if parted else ("" if re.match("[0-9]{4}", figure) else {",": ".", ".": ","}.get(mark, ""))
    return f"{value:,.{places}f}".translate({ord(","): between, ord("."): mark})


def slipped(text: str) -> list[str]:
    """`text` with one plausible slip in its last run of digits, cents apart: two neighbours exchanged, or one digit off by one."""
    run = list(re.finditer(r"[0-9]+", re.sub(r"[.,][0-9]{1,2}$", "", text)))
    if not run:
        return []
    digits, start, end = run[-1][0], *run[-1].span()
    found = [digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(len(digits) - 1)]
    found += [digits[:at] + str((int(digits[at]) + step) % 10) + digits[at + 1 :] for at in range(len(digits)) for step in (1, 9)]
    is_first = not re.search("[0-9]", text[:start])
    return [text[:start] + one + text[end:] for one in dict.fromkeys(found) if one != digits and not (is_first and one.startswith("0"))]


def redated(text: str, old: date, new: date, language: str) -> str:
    """The date `new` written as `text` writes `old`; "" where that cannot be told for sure."""
    if _DATE.fullmatch(text):
        said = new.isoformat()
    elif any(word.casefold() in _months(language) for word in re.findall(r"[^\W\d_]+", text)):
        said = _with_name(text, new, language)
    else:
        said = _in_figures(text, old, new)
    return said if said and new in _days_named(said, language, year=new.year) else ""


def shape(code: str) -> str:
    """How a number looks: SO-10423 is SO-99999."""
    return re.sub("[0-9]", "9", code.upper())


def _with_name(text: str, new: date, language: str) -> str:
    months = _months(language)

    def replaced(match: re.Match[str]) -> str:
        token = match[0]
        if token.isdecimal():
            return f"{new.year}" if len(token) == 4 else f"{new.day}"
        if token.casefold() not in months:
            return token
        name = MONTHS[language].split()[new.month - 1]
        return name.capitalize() if token[0].isupper() else name

    # "1er" and "3rd" would have to change their endings too.
    return "" if re.search(r"[0-9](?:er|st|nd|rd|th|º|ª)", text) else re.sub(r"[0-9]+|[^\W\d_]+", replaced, text)


def _in_figures(text: str, old: date, new: date) -> str:
    tokens = re.findall(r"[0-9]+", text)
    if [int(token) for token in tokens[:2]] != [old.day, old.month] or len(tokens) > 3:
        return ""
    width = 2 if all(len(token) == 2 for token in tokens[:2]) else 1
    said = iter([f"{new.day:0{width}}", f"{new.month:0{width}}", f"{new.year}"[-len(tokens[-1]) :]])
    return re.sub(r"[0-9]+", lambda _: next(said), text)


def _redated(atom: Atom, old: date, days: Iterable[date], language: str) -> list[Change]:
    texts = [redated(atom["text"], old, day, language) for day in days if day != old]
    return [_change(Kind.DATE, atom, text, "date") for text in texts if text]


def _replaced(kind: Kind, atom: Atom, figure: re.Match[str], texts: Iterable[str], what: str) -> list[Change]:
    start, end = figure.span()
    return [_change(kind, atom, atom["text"][:start] + text + atom["text"][end:], what) for text in texts]


def _change(kind: Kind, atom: Atom, text: str, what: str) -> Change:
    return Change(kind, atom["start"], atom["end"], text, f"The {what} is wrong: “{text}” in place of “{atom['text']}”.")


def _figures(material: Material) -> Iterator[tuple[Atom, re.Match[str]]]:
    for atom in _of(material, grounding.Kind.AMOUNT):
        if figure := _FIGURE.search(atom["text"]):
            yield atom, figure


def _of(material: Material, kind: grounding.Kind) -> list[Atom]:
    return [atom for atom in material.atoms if atom["kind"] == kind]


def _all(material: Material) -> list[str]:
    return [text for answer in material.answers for text in scalars(answer)]


def _day_of(atom: Atom, language: str) -> date | None:
    found = _days_named(atom["text"], language, year=_YEAR_OF_NO_DATE)
    return found[0] if len(found) == 1 else None


def _days_named(text: str, language: str, *, year: int) -> list[date]:
    """The days that a text may name, and nothing but them; what names no year is of `year`."""
    found = grounding.atoms(text, language=language)
    if len(found) != 1 or found[0].text != text:
        return []
    days = [_day(f"{year}{value[1:]}" if value.startswith("--") else value) for value in found[0].value]
    return [day for day in days if day]


def _months(language: str) -> list[str]:
    return [name.casefold() for name in MONTHS.get(language, "").split()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
