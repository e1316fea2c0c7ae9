"""What a text says that matters: its facts, what it promises, and what it refuses, excludes or limits. Pure."""

from drafting.gate import find_promises
from drafting.gate.wording import LANGUAGES, folded, wording
from drafting.grounding import atoms

_REFUSALS = wording(
    """
en: not!, cannot!, never!, no!, none!, nobody!, nothing!, neither!, nor!, without!, unable, impossible, refus, declin, reject, deny!,
    denied, denies, unavailable, sold out, out of stock, discontinued, exclu, except!, unless!, only!, instead!
de: nicht!, nichts!, kein, nie!, niemals!, niemand, weder!, ohne!, unmöglich, ablehn, abgelehnt, lehnen, verweiger, ausgeschlossen,
    ausgenommen, ausverkauft, vergriffen, außer!, nur!, sofern!, es sei denn, stattdessen
fr: ne!, pas!, jamais!, aucun, rien!, personne!, sans!, impossible, refus, rejet, exclu, indisponible, épuisé, seulement,
    uniquement, sauf!, à moins
es: no!, ni!, nunca!, jamás!, nada!, ningun, ningún, nadie!, sin!, imposible, rechaz, deneg, negar, agotad, solo!, sólo!, solamente,
    únicamente, salvo!, excepto!, a menos
it: non!, né!, mai!, nessun, niente!, nulla!, senza!, impossibil, rifiut, respin, esaurit, solo!, soltanto!, solamente, tranne!,
    salvo!, a meno
nl: niet!, niets!, geen!, nooit!, niemand!, zonder!, onmogelijk, weiger, afgewezen, afwijz, uitverkocht, alleen!, slechts!, tenzij!,
    behalve!
pl: nie!, ani!, nigdy!, nikt!, nic!, żaden!, żadn, bez!, niemożliw, odmow, odmów, odmaw, odrzuc, wyprzedan, tylko!, jedynie!,
    chyba że, oprócz!
pt: não!, nem!, nunca!, jamais!, nada!, nenhum, ninguém!, sem!, impossív, recus, rejeit, negad, esgotad, só!, somente!, apenas!,
    salvo!, exceto!, a menos
""",
    r"\w+n't(?!\w)",
    r"(?<!\w)n'(?=\w)",
)
_POLITE = wording(
    """
en: do not hesitate, don't hesitate, no problem!
de: zögern sie nicht, zögern sie bitte nicht, nicht zögern
fr: n'hésitez pas
es: no dude!, no duden!, no dudes!
it: non esit
nl: aarzel niet!, aarzel dan niet!
pl: nie wahaj
pt: não hesit
"""
)
"""What refuses nothing, whatever its words."""


def is_changed(before: str, after: str, *, language: str) -> bool:
    """Whether an edit touched anything that matters; in a language (ISO 639-1) whose words of refusal code does not know, every edit did.

    An edit that only moves such words about counts as one too: "4 are here, 2 are not" says something else than "2 are here, 4 are not".
    """
    if language[:2] not in LANGUAGES:
        return True
    return _said(before, language) != _said(after, language) or _promised(before) != _promised(after)


def _said(text: str, language: str) -> list[object]:
    """The atoms in order, and between them how often something is refused."""
    said, end = list[object](), 0
    for atom in atoms(text, language=language[:2]):
        said += [_refused(text[end : atom.start]), (atom.kind, atom.value)]
        end = atom.end
    return [*said, _refused(text[end:])]


def _refused(text: str) -> int:
    return sum(1 for _ in _REFUSALS.finditer(_POLITE.sub(" ", folded(text))))


def _promised(text: str) -> list[str]:
    return sorted(find_promises(text, allowed_texts=()))
