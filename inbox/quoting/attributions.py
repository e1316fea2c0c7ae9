"""The line above a quote: "On 3 May 2024 at 10:15, Ann Lee <ann@example.com> wrote:" in the words of many programs and languages."""

import re

_VERBS = (
    r"wrote|writes|said|a écrit|a ecrit|écrit|escribi[oó]|ha escrito|va escriure|ha escrit|escreveu|ha scritto|scrive|schrieb(?:en)?"
    r"|geschrieben"
    r"|schreef|geschreven|heeft geschreven|het volgende geschreven|napisa[łl](?:\(a\)|a|/a)?|pisze|napsal(?:\(a\)|a|/a)?"
    r"|napísal(?:\(a\)|a|/a)?"
    r"|skrev|skreiv|skrifaði|kirjoitti|yazdı|yazmış|написал(?:\(а\)|а)?|написав(?:\(ла\))?|написала|пишет|писал(?:\(а\)|а)?|пише|написа"
    r"|έγραψε"
    r"|írta|a scris|scris|napisao(?:/la)?|je napisala?|pisal|kirjutas|rašė|rakstīja|raksta|idatzi du|viết|menulis|เขียน|เขียนว่า"
    r"|כתב(?:ה|/ה)?|كتب"
    r"|写道|寫道|写到|写下|写|書きました|書いた|wrote|のメッセージ|メッセージ|님이 작성|작성|님이 씀"
)
_VERB = re.compile(rf"(?<![^\W\d_])(?:{_VERBS})(?![a-zà-ÿ])|(?:写道|寫道|写到|書きました|のメッセージ|작성|님이)", re.IGNORECASE)
_OPENERS = (
    r"On|At|Am|Le|El|Il|Il giorno|Em|No dia|Op|W dniu|Dnia|Den|På|Dne|Dňa|Pe|În data de|Dana|Pada|Vào|Ngày|Στις|Na|Kuupäeval|Η|Datum|Um"
    r"|Il dì|A|El dia|Al|Ter|ons|tor|fre|lør"
    r"|man|tir|søn|lör|mån|tis|sön|ma|ti|ke|to|pe|la|su|pon|wt|śr|czw|pt|sob|niedz|po|út|st|čt|pá|so|ne|在|于|於|Le lun|W|Em seg|V|Ve|Dne"
)
_DATE_START = r"(?:[^\W\d]{1,12}[.,]{0,2}\s+)?\d{1,4}\s?[.\-/年년, ]"
_START = re.compile(rf"^(?:(?:{_OPENERS})\b[^@\n]{{0,45}}?\d|在\s*\d|{_DATE_START})", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s<>\[\]()]+@[^\s<>\[\]()]+")
_TIME = re.compile(r"\d{1,2}\s?[:.h時时点點]\s?\d{2}|\d{1,2}(?::\d{2})?\s?[ap]\.?m\.?\b|[上下]午|오[전후]", re.IGNORECASE)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d[年년.\-/]")
_NAME_AND_VERB = re.compile(
    rf"^[\"']?[^\n:<>@]{{0,80}}[\"']?\s*[<\[(](?:mailto:)?[^\s<>@]+@[^\s<>]+[>\])]\s*(?:{_VERBS})\b[^:：]{{0,60}}[:：]$", re.IGNORECASE
)
_DASHED = re.compile(rf"^-{{3,}}\s?.{{1,200}}\b(?:{_VERBS})\s?:?\s?-{{3,}}$", re.IGNORECASE)
_ENDING_VERBS = frozenset({"wrote", "writes", "said", "a écrit", "écrit", "escribió", "escreveu", "ha scritto", "scrive"})
_FIRST_PERSON = re.compile(
    r"\b(?:I|we|ich|wir|j'ai|j’ai|nous|ik|wij|yo|he|hemos|ho|abbiamo|eu|jag|vi|jeg|я|мы|ja)\b[^@:]{0,40}[:：]?$", re.IGNORECASE
)
_CITING = re.compile(
    r"^(?:quoting|zitat von|zitiere|citando|citation de|en réponse à|cytowanie|цитирую|citerar|citerer)\b.{2,200}[:：]$", re.IGNORECASE
)
_BULLET = re.compile(r"^[-*_>|\s]+|[*_\s]+$")
_MAX_CHARS = 450
_MAX_LINES = 6


def strength(text: str) -> int:
    """2: this can only introduce a quote. 1: it does if a quote follows. 0: it does not. `text` is one line or several joined by spaces."""
    if _DASHED.match(text.strip()):
        return 2
    text = _BULLET.sub("", text)
    colon = text.endswith((":", "："))
    verb = _last_verb(text)
    if not 5 < len(text) <= _MAX_CHARS or not (colon or (verb and len(text) - verb.end() < 3)):
        return 0
    if _CITING.match(text):
        return 2 if _EMAIL.search(text) else 1
    if _is_certain(text, verb=verb, colon=colon):
        return 2
    dated = _START.match(text) and _DATE.search(text)
    return 1 if colon and ((verb and len(text) < 150) or (dated and len(text) < 120)) else 0


def _last_verb(text: str) -> "re.Match[str] | None":
    return next(iter(reversed(list(_VERB.finditer(text)))), None)


def _is_certain(text: str, *, verb: "re.Match[str] | None", colon: bool) -> bool:
    """A date and a time or an address, around a verb that stands where programs put it; a writer's "I wrote" is no program's."""
    email, start = _EMAIL.search(text), _START.match(text)
    dated = _TIME.search(text) or _DATE.search(text)
    if verb and _stands_right(text, verb, bool(email)) and dated and (start or _DATE.search(text)) and (email or _TIME.search(text)):
        return bool(start or email)
    if colon and verb and _NAME_AND_VERB.match(text):
        return True
    return bool(colon and email and start and dated and re.search(r"[<(\[]\S+@", text))


def _stands_right(text: str, verb: "re.Match[str]", has_email: bool) -> bool:
    """English and Romance verbs end the line; German, Dutch, Scandinavian and Slavic ones may have the name behind them."""
    rest = len(text) - verb.end()
    if verb[0].lower() in _ENDING_VERBS and rest > 12 and not has_email:
        return False
    return has_email or (rest <= 80 and not _FIRST_PERSON.search(text))


def may_end(line: str) -> bool:
    """Whether an attribution may end in this line; cheap beside `find`."""
    ending = line.rstrip(" *_>")
    return ending.endswith((":", "：", "---")) or bool(_VERB.search(ending[-20:]))


def find(lines: list[str], last: int, floor: int) -> tuple[int, int]:
    """Where the attribution begins that ends in line `last`, and its strength; (last, 0) if there is none.

    It may be wrapped over several lines but holds no blank one, and does not reach above line `floor`.
    """
    best = (last, 0)
    for first in range(last, max(floor, last - _MAX_LINES) - 1, -1):
        if not lines[first].strip():
            break
        joined = " ".join(line.strip() for line in lines[first : last + 1])
        if len(joined) > _MAX_CHARS:
            break
        found = strength(joined)
        if found and (not best[1] or (_START.match(_BULLET.sub("", joined)) and found >= best[1])):
            best = (first, found)
        if best[1] == 2 and _START.match(_BULLET.sub("", joined)):
            break
    return best
