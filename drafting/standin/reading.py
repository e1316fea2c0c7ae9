"""What a mail says: its sentences, what it asks for, what it names, and what makes it sensitive."""

import re
from dataclasses import dataclass

from drafting.standin.intents import score
from drafting.standin.languages import WORD, stopwords

_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…](?=\w)[^.!?…\n]+)*[.!?…]*")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.)]|[a-h]\))\s+")
_REQUEST = re.compile(
    r"\b(?:please|could you|can you|would you|i need|we need|i would like|we would like|i'd like|let me know|send me|tell me"
    r"|bitte|könnten sie|können sie|(?:ich|wir) (?:brauche|benötige|möchte)|(?:brauche|benötige|möchte)n? (?:ich|wir)|teilen sie|senden sie"
    r"|merci de|pourriez|pouvez|je voudrais|nous voudrions|je souhaite|nous souhait|veuillez|j'aimerais|il nous faut"
    r"|por favor|podrían|pueden|podría|quisiera|quisiéramos|necesit|me gustaría|ruego|solicit"
    r"|per favore|potreste|potete|vorrei|vorremmo|ci serv|abbiamo bisogno|gentilmente|si prega"
    r"|graag|kunt u|kunnen jullie|zou u|ik wil|wij willen|alstublieft|proszę|prosimy|czy mog|chciał|potrzebuj)",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"^(?:(?:dear|hello|hi|hey|good (?:morning|afternoon|day|evening)|to whom|guten (?:tag|morgen|abend)|hallo|sehr geehrte|liebe[rs]?|moin"
    r"|bonjour|bonsoir|madame|cher|chère|hola|buenos|buenas|estimad[oa]s?|buongiorno|salve|gentil[ei]|egregi|spett|ciao|beste|geachte"
    r"|goedemorgen"
    r"|goedendag|dag|dzień dobry|szanown[iy]|witam|cześć)\b[^,:!\n]{0,60}(?:[,:!]\s*|$)|mesdames[^,\n]*,\s*)",
    re.IGNORECASE,
)
_FLAGS = {
    "threat": r"hurt you|kill|blow up|watch your back|you will pay for this|regret this|werden sie bereuen|bring(?:e)? (?:dich"
    r"|sie) um|vous allez le regretter"
    r"|se arrepentir|ve ne pentirete|pożałuj|zult er spijt",
    "legal": r"fristsetzung|ihnen eine frist|kanzlei|mandat|lawyer|attorney|solicitor|legal (?:action|steps|proceedings)|sue you"
    r"|court|anwalt|rechtsanw|gericht|klage (?:ein"
    r"|erheb)|rechtliche schritte|avocat|tribunal"
    r"|poursuites|mise en demeure|abogad|demanda(?:r|remos) |acciones legales|avvocat|vie legali|tribunale|advocaat|rechtbank"
    r"|juridische|prawnik|adwokat|sądow",
    "medical": r"injur(?:ed|y|ies)|hospital|allerg|poison|verletz(?:t|ung)|krankenhaus|vergift|blessé|hôpital|herid[oa]|hospital"
    r"|ferit[oa]|ospedale|gewond|ziekenhuis"
    r"|rann[ey]|szpital|skaleczy",
    "press": r"journalist|reporter|newspaper|press (?:enquiry|inquiry|request)|editorial|redakteur|zeitung|presseanfrage|journaliste"
    r"|rédaction|periodista|periódico"
    r"|giornalista|giornale|krant|dziennikarz|gazet",
    "instructions_to_assistant": r"(?:ignore|forget|disregard) (?:all |any |the |your )*(?:previous|prior|above|earlier|other)"
    r"|disregard (?:all|any|the"
    r"|your|previous)|system prompt|you are now"
    r"|as an ai\b|\bai (?:assistant|model|system)|language model|assistant:|note to (?:the )?(?:ai|assistant|bot|model)|(?:ai"
    r"|chat)bot|automated (?:assistant|system) (?:must|should)"
    r"|new instructions|override (?:your|the) (?:rules|instructions)|ignorier\w* (?:alle|bisherige|vorherige)|ki[- ]assistent"
    r"|sprachmodell|ignore[rz] (?:toutes|les) (?:les )?(?:instructions|consignes)"
    r"|ignora (?:todas|las|tutte|le) |modelo de lenguaje|modello linguistico|negeer (?:alle|vorige)|zignoruj",
}
_INJECTED = re.compile(_FLAGS["instructions_to_assistant"], re.IGNORECASE)
_FLAG_PATTERNS = {name: re.compile(rf"\b(?:{terms})", re.IGNORECASE) for name, terms in _FLAGS.items()}
_SHOUTED = re.compile(r"\b[A-ZÄÖÜ]{4,}\b(?:\W+[A-ZÄÖÜ]{2,}\b)+")
_CODE = re.compile(r"(?<![\w.@/-])(?=[\w./-]*\d)(?=[A-Z0-9])[A-Z0-9]+(?:[-./_][A-Z0-9]+)*(?![\w@])", re.IGNORECASE)
_ORDER_WORD = (
    r"(?:order|purchase order|p\.?o\.?|bestell(?:ung|nummer|nr)|auftrag(?:snummer|s?nr)?|commande|pedido|orden|ordine|bestelling"
    r"|zamówieni[aeu]|zamówień)"
)
_ORDER_NUMBER = re.compile(
    _ORDER_WORD
    + r"\w*[\s,:(]*(?:(?:number|no|nr|num|numero|numéro|número|nummer|numer|n[°ºr]?|mit der nummer|ref\w*|is|ist)\b[.:\s°º]*){0,2}[#:\s]*"
    r"(?P<number>(?:[A-Z]{1,5}[-_/ ]?)?\d[\dA-Z]*(?:[-/_]\d+)*)",
    re.IGNORECASE,
)
ORDER = re.compile(rf"\b{_ORDER_WORD}", re.IGNORECASE)
_QUANTITY = re.compile(
    r"(?<![\w.,-])(?P<number>\d{1,5})\s*(?:x\b|×|pcs?\b|pieces?|units?|off\b|stück|stk|st\.|pièces?|unités?|unidades|piezas|uds?\b"
    r"|pezzi|unità|pz\b|stuks?|sztuki?|szt\b)",
    re.IGNORECASE,
)
_DATE_LIKE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{2,4}$")


@dataclass(frozen=True)
class Ask:
    """One thing that a customer wants: the words, and the intent they speak of most ("" where none shows)."""

    text: str
    intent: str


def sentences(text: str) -> list[str]:
    """Sentences of a text, without greeting, list marks and surrounding space."""
    lines = (_BULLET.sub("", line.strip()) for line in text.splitlines() if not line.startswith(">"))
    found = (GREETING.sub("", sentence.strip()).strip() for line in lines for sentence in _SENTENCE.findall(line))
    return [sentence for sentence in found if WORD.search(sentence)]


def asks(subject: str, text: str, language: str) -> list[Ask]:
    """The separate things that a mail wants, at most eight; questions about the same thing count once."""
    wanted = [_ask(sentence, language) for sentence in sentences(text) if _is_request(sentence, language)]
    wanted = [ask for ask in wanted if ask.intent or "?" in ask.text or _DIRECT.search(ask.text)]
    if not wanted:
        spoken = [_ask(sentence, language) for sentence in [*sentences(text), subject]]
        wanted = [ask for ask in spoken if ask.intent not in {"", "thanks", "other"} and not _INJECTED.search(ask.text)][:1]
    return _merged(wanted, language)[:8]


def intent_of(text: str, language: str) -> str:
    """The intent that a text speaks of most, "" where it speaks of none."""
    scores = score(text, language)
    scores.pop("other", None)
    return max(scores, key=lambda intent: (scores[intent], -_SPECIFIC.index(intent))) if scores else ""


def flags(text: str, language: str) -> list[str]:
    """What makes a mail sensitive, as the protocol names it."""
    found = [name for name, pattern in _FLAG_PATTERNS.items() if pattern.search(text)]
    is_complaint = "complaint" in score(text, language) or ("!" in text and _SHOUTED.search(text))
    return (["complaint"] if is_complaint else []) + found


def order_numbers(text: str) -> list[str]:
    """Numbers that the text calls an order, as written."""
    found = (match["number"].strip() for match in _ORDER_NUMBER.finditer(text))
    return list(
        dict.fromkeys(number for number in found if sum(letter.isdigit() for letter in number) >= 3 and not _DATE_LIKE.match(number))
    )


def codes(text: str) -> list[str]:
    """Words that look like part numbers: letters and digits mixed."""
    found = (match[0] for match in _CODE.finditer(text))
    return list(dict.fromkeys(code for code in found if len(code) >= 4 and re.search(r"[A-Za-z]", code) and not _DATE_LIKE.match(code)))


def quantity(text: str) -> int | None:
    """How many pieces a text speaks of first."""
    match = _QUANTITY.search(text)
    return int(match["number"]) if match and int(match["number"]) else None


def content_words(text: str, language: str) -> list[str]:
    """The words of a text that are neither stop words nor numbers, in order."""
    known = stopwords(language) | set(FILLERS.split())
    return [word for word in re.findall(r"[\w-]+", text) if word.lower() not in known and len(word) > 2 and not word.isdigit()]


def overlap(text: str, other: str) -> int:
    """How many different longer words of `text` begin like a word of `other`, so that endings do not matter."""
    return len(_stems(text) & _stems(other))


FILLERS = """
oder auch wenn dann denn aber doch sehr schon noch nur mehr alle alles anderes andere diese dieser dieses
ou mais donc aussi o ma però anche maar ook lub ale
hello need needed piece pieces pcs unit units currently possible possibly right now soon week weeks today tomorrow next much many ship
shipping delivery deliver still also what which there does were quick question know like want looking interested benötigen benötige
brauchen brauche stück stk aktuell derzeit momentan woche wochen welcher welche welches gerne möchte möchten würde sind wären wäre gibt
liefern pièces pièce actuellement besoin souhaite voudrais quel quelle sont combien livrer unidades piezas actualmente necesito
necesitamos cuál cuántas pueden podrían pezzi attualmente vorrei serve servono quanti potete stuks momenteel nodig hebben graag sztuk
potrzebuję obecnie back wants who bis man ihnen ihrer ihrem ihren unsere unserer unserem unseren kann könnte wann wer was wo dass des
vom zum zur aus einen einem einer sich sein soll this these those than then their them they where been had has its into onto only over
such very just after before because while
"""
"""Words that say nothing about what is asked for, beside the stop words."""
_DIRECT = re.compile(
    r"\b(?:can you|could you|would you|könn(?:t)?en sie|könntet|pourriez|pouvez|podrían|podría|pueden|potreste|potete|kunt u"
    r"|kunnen jullie|czy mog)",
    re.IGNORECASE,
)
_EACH_ITS_OWN = ("", "policy", "technical")
_VAGUE = 2
"""A request of fewer telling words only goes with the one before it ("can you confirm that?")."""
_SPECIFIC = (
    "callback",
    "damage",
    "return",
    "invoice",
    "change",
    "cancel",
    "quote",
    "discount",
    "complaint",
    "technical",
    "status",
    "policy",
    "stock",
    "thanks",
    "other",
)


def _is_request(sentence: str, language: str) -> bool:
    return ("?" in sentence or bool(_REQUEST.search(sentence))) and not _INJECTED.search(sentence)


def _stems(text: str) -> set[str]:
    return {word[:5] if len(word) > 5 else word[:4] for word in WORD.findall(text.lower()) if len(word) > 3}


def _ask(sentence: str, language: str) -> Ask:
    text = sentence if len(sentence) <= 160 else sentence[:159].rsplit(" ", 1)[0] + "…"
    return Ask(text, intent_of(sentence, language))


def _merged(wanted: list[Ask], language: str) -> list[Ask]:
    kept: list[Ask] = []
    for ask in wanted:
        same = [one for one in kept if one.intent == ask.intent and ask.intent not in _EACH_ITS_OWN]
        names = [*order_numbers(ask.text), *codes(ask.text)]
        is_vague = not ask.intent and not names and len(content_words(ask.text, language)) < _VAGUE
        if (not kept or not is_vague) and (not same or any(name not in one.text for one in same for name in names)):
            kept.append(ask)
    return kept
