"""Names that a mail tells by how it is written: whom it greets, and who stands under its closing phrase. Pure; eight languages."""

import re
from collections.abc import Iterator
from itertools import takewhile

_GREETINGS = """
en: dear, hello, hi, good morning, good day, good afternoon
de: hallo, guten tag, guten morgen, moin, sehr geehrte, sehr geehrter, sehr geehrtes, liebe, lieber, liebes
fr: bonjour, cher, chère, chers, chères
es: hola, buenos días, estimado, estimada, estimados, estimadas
it: buongiorno, gentile, egregio, caro, cara
nl: geachte, beste, dag, goedendag
pl: dzień dobry, szanowny, szanowna, szanowni, drogi, droga
pt: olá, bom dia, prezado, prezada, prezados, caro, cara
"""
_CLOSINGS = """
en: kind regards, best regards, warm regards, regards, best wishes, kind wishes, with kind regards, with best regards, many thanks, thanks,
    thanks in advance, thank you, thank you in advance, yours, yours sincerely, yours faithfully, sincerely, cheers, best
de: mit freundlichen grüßen, mit freundlichen grüssen, mit freundlichen gruessen, mit besten grüßen, mit freundlichem gruß, viele grüße,
    viele grüsse, beste grüße, beste grüsse, liebe grüße, schöne grüße, freundliche grüße, freundliche grüsse, gruß, gruss, grüße, mfg,
    vg, lg, danke, vielen dank
fr: cordialement, bien cordialement, bien à vous, salutations, salutations distinguées, merci, merci d'avance
es: saludos, un saludo, un cordial saludo, saludos cordiales, atentamente, gracias
it: cordiali saluti, distinti saluti, saluti, un caro saluto, grazie
nl: met vriendelijke groet, met vriendelijke groeten, met hartelijke groet, groet, groeten, groetjes, bedankt
pl: z poważaniem, pozdrawiam, pozdrawiam serdecznie, serdecznie pozdrawiam, dziękuję
pt: atenciosamente, cumprimentos, com os melhores cumprimentos, obrigado, obrigada
"""
_TO_ANYBODY = """
en: all, everybody, everyone, there, customer, customers, colleague, colleagues, again, friends
de: damen, herren, kunde, kunden, kundin, kollegen, kolleginnen, zusammen, alle
fr: client, clients, collègues, tous, messieurs, mesdames, madame, monsieur
es: cliente, clientes, señor, señora, señores, señoras, sres, colegas, todos
it: signori, signora, signor, clienti, tutti
nl: heer, heren, dames, mevrouw, klant, klanten, collega
pl: państwo, panie, panowie, pan, pani, klient, wszyscy
pt: senhor, senhora, senhores, senhoras
"""


def _phrases(lists: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in re.sub(r"(?m)^[a-z]{2}:", ",", lists).replace("\n", " ").split(",") if phrase.strip())


_GREETING = re.compile(rf"(?:{'|'.join(sorted(_phrases(_GREETINGS), key=len, reverse=True))})(?!\w)(?P<names>.*)", re.IGNORECASE)
_CLOSING = _phrases(_CLOSINGS)
_NOBODY = _phrases(_TO_ANYBODY)
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
LONGEST_LINE = 80
SIGNED_LINES = 3


def names(text: str) -> list[str]:
    """What stands where names stand, as it is written. A guess: words that are nobody's name may be among them."""
    lines = [line.strip() for line in text.splitlines()]
    return list(dict.fromkeys([*_greeted(lines), *_signed(lines)]))


def _greeted(lines: list[str]) -> Iterator[str]:
    for line in lines:
        match = _GREETING.match(line) if len(line) <= LONGEST_LINE else None
        if match and (name := _name(re.split(r"[,!:;]", match["names"].strip(" ,"))[0])):
            yield name


def _signed(lines: list[str]) -> Iterator[str]:
    """The first lines under a closing phrase, as long as they look like names."""
    for place, line in enumerate(lines):
        if line.strip(" ,.!–-").lower() in _CLOSING:
            below = [one for one in lines[place + 1 : place + 2 + SIGNED_LINES] if one][:SIGNED_LINES]
            yield from takewhile(bool, map(_name, below))


def _name(text: str) -> str:
    """`text` if it could be a name: at most five words, each with a capital, no figures; without those that greet anybody."""
    words = _WORD.findall(text)
    if len(text) > LONGEST_LINE or not 1 <= len(words) <= 5 or any(character.isdecimal() or character in "@/?=" for character in text):
        return ""
    named = [word for word in words if word[0].isupper() or not word[0].islower()]
    own = [word for word in named if word.lower() not in _NOBODY]
    return " ".join(own) if len(own) * 2 >= len(words) else ""
