"""Wrong names, invented refunds, refusals turned around and foreign links. Pure; groups of changes as in `figures`."""

import re
from collections.abc import Iterator
from decimal import Decimal

from drafting import grounding
from review.planting.figures import Groups, like
from review.planting.material import Change, Kind, Material, touches
from review.planting.sentences import FIRST_NAMES, LAST_NAMES, LINKS, REFUNDS, REFUSALS, straightened

_SHORTEST_NAME = 3
_LOOK_ALIKES = ("{name}-service.{end}", "{name}-portal.{end}", "my-{name}.{end}")
_CURRENCY = re.compile(r"[A-Z]{3}")


def names(material: Material) -> Groups:
    """The greeting names somebody else of the same company, or a stranger."""
    line = re.search(r"\S.*", material.body)
    found = line and _greeted(line, material.names)
    if not line or not found:
        return []
    match, place, parts = found
    start, end = line.start() + match.start(), line.start() + match.end()
    table = LAST_NAMES if place and place == len(parts) - 1 else FIRST_NAMES
    colleagues = [others[place] for name in material.names if len(others := name.split()) == len(parts)]
    strangers = table.get(material.language, table["en"]).split()
    return [
        [Change(Kind.NAME, start, end, name, f"The name is wrong: “{name}” in place of “{match[0]}”.") for name in group]
        for group in (colleagues, strangers)
    ]


def refunds(material: Material) -> Groups:
    """A refund that nobody has decided on: with an amount of the evidence, or without."""
    if material.language not in REFUNDS:
        return []
    counted, plain = REFUNDS[material.language]
    said = list(dict.fromkeys(_amounts(material)))
    places = _ends_of_paragraphs(material.body)
    return [
        [_inserted(Kind.REFUND, at, counted.format(amount=amount), material) for at in places for amount in said],
        [_inserted(Kind.REFUND, at, plain, material) for at in places],
    ]


def refusals(material: Material) -> Groups:
    """What the draft refuses, it allows."""
    plain, found = straightened(material.body), list[Change]()
    for refusal, opposite in REFUSALS.get(material.language, ()):
        for match in refusal.finditer(plain):
            is_taken = any(match.start() < one.end and one.start < match.end() for one in found)
            if not is_taken and not any(touches(atom, *match.span()) for atom in material.atoms):
                found.append(_turned(match, opposite, material))
    return [found]


def links(material: Material) -> Groups:
    """A link to a domain that only looks like a known one: in place of a link, or added."""
    known = [atom for atom in material.atoms if atom["kind"] == grounding.Kind.URL]
    if known:
        return [[change for atom in known for change in _relinked(atom["text"], atom["start"])]]
    if material.language not in LINKS or "." not in material.domain:
        return []
    sentence = LINKS[material.language]
    domains = _alike(material.domain)
    return [
        [
            _inserted(Kind.LINK, at, sentence.format(link=f"https://{domain}/status"), material)
            for at in _ends_of_paragraphs(material.body)
            for domain in domains
        ]
    ]


def _greeted(line: re.Match[str], known: tuple[str, ...]) -> tuple[re.Match[str], int, list[str]] | None:
    """Where the greeting has the last part of a name that is known, which part that is, and all parts."""
    for name in known:
        parts = name.split()
        for place in reversed(range(len(parts))):
            match = re.search(rf"(?<!\w){re.escape(parts[place])}(?!\w)", line[0])
            if match and len(parts[place]) >= _SHORTEST_NAME and parts[place][0].isupper():
                return match, place, parts
    return None


def _amounts(material: Material) -> Iterator[str]:
    """Amounts as the draft would write them: its own, then those of the evidence with their currency."""
    yield from (atom["text"] for atom in material.atoms if atom["kind"] == grounding.Kind.AMOUNT)
    model = "1.00" if material.language == "en" else "1,00"
    for answer in material.answers:
        for record in answer if isinstance(answer, list) else [answer]:
            total, currency = (str(record.get(name, "")) for name in ("total", "currency")) if isinstance(record, dict) else ("", "")
            if re.fullmatch(r"[0-9]{1,9}\.[0-9]{2}", total) and _CURRENCY.fullmatch(currency):
                yield f"{like(model, Decimal(total))} {currency}"


def _ends_of_paragraphs(body: str) -> list[int]:
    """Where a sentence can be added: behind each paragraph that is neither greeting nor closing and ends as sentences do."""
    paragraphs = list(re.finditer(r"\S(?:.|\n(?!\s*\n))*", body))
    inner = paragraphs[1:-1] if len(paragraphs) > 2 else paragraphs
    return [one.end() - len(one[0]) + len(one[0].rstrip()) for one in inner if one[0].rstrip()[-1] in ".!?"]


def _inserted(kind: Kind, at: int, sentence: str, material: Material) -> Change:
    words = {Kind.REFUND: "A refund that nobody decided on was added", Kind.LINK: "A link to a foreign page was added"}[kind]
    space = "\n" if "\n" in material.body[max(0, at - 90) : at].strip() and kind == Kind.LINK else " "
    return Change(kind, at, at, f"{space}{sentence}", f"{words}: “{sentence}”")


def _turned(match: re.Match[str], opposite: str, material: Material) -> Change:
    text, stood = match.expand(opposite), material.body[match.start() : match.end()]
    text = text[:1].upper() + text[1:] if stood[0].isupper() else text
    return Change(Kind.REFUSAL, *match.span(), text, f"What is refused was promised: “{text}” in place of “{stood}”.")


def _relinked(link: str, start: int) -> Iterator[Change]:
    domain = grounding.domain_of(link)
    at = link.lower().find(domain)
    if not domain or at < 0:
        return
    for other in _alike(domain):
        text = link[:at] + other + link[at + len(domain) :]
        yield Change(Kind.LINK, start, start + len(link), text, f"The link leads elsewhere: “{text}” in place of “{link}”.")


def _alike(domain: str) -> list[str]:
    name, _, end = domain.rpartition(".")
    return [look.format(name=name.rpartition(".")[2], end=end) for look in _LOOK_ALIKES]
