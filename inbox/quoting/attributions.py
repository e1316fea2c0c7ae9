"""The line above a quote: "On 3 May 2024 at 10:15, Ann Lee <ann@example.com> wrote:" in the words of many programs and languages."""

import re

from inbox.quoting.telling import is_told

_Found = re.Match[str] | None

_VERBS = (
    r"wrote|writes|said|a écrit|a ecrit|écrit|escribi[oó]|ha escrito|va escriure|ha escrit|escreveu|ha scritto|scrive|schrieb(?:en)?"
    r"|geschrieben"
    r"|schreef|geschreven|heeft geschreven|het volgende geschreven|napisana przez|napisa[łl](?:\(a\)|a|/a)?|pisze|napsal(?:\(a\)|a|/a)?"
    r"|napísal(?:\(a\)|a|/a)?"
    r"|skrev|skreiv|skrifaði|kirjoitti|yazdı|yazmış|написал(?:\(а\)|а)?|написав(?:\(ла\))?|написала|пишет|писал(?:\(а\)|а)?|пише|написа"
    r"|έγραψε"
    r"|írta|a scris|scris|napisao(?:/la)?|je napisala?|pisal|kirjutas|rašė|rakstīja|raksta|idatzi du|viết|menulis|เขียนว่า|เขียน|escribiu"
    r"|כתב(?:ה|/ה)?|كتب(?:ت)?(?:/كتبت)?|نوشت|ने लिखा|је написа(?:о|ла)|skrifar"
    r"|写道|寫道|写到|写下|写|書きました|書いた|wrote|のメッセージ|メッセージ|님이 작성|작성|님이 씀|쓴 글"
)
_VERB = re.compile(rf"(?<![^\W\d_])(?:{_VERBS})(?![a-zà-ÿ])|(?:写道|寫道|写到|書きました|のメッセージ|작성|님이)", re.IGNORECASE)
_OPENERS = (
    r"On|At|Am|Le|El|Il|Il giorno|Em|No dia|Op|W dniu|Dnia|Den|På|Dne|Dňa|Pe|În data de|In data|Dana|Pada|Vào|Ngày|Στις|Na|Kuupäeval|Η"
    r"|Datum|Um|Il dì|A|El dia|Al|Ter|ons|tor|fre|lør"
    r"|man|tir|søn|lör|mån|tis|sön|ma|ti|ke|to|pe|la|su|pon|wt|śr|czw|pt|sob|niedz|po|út|st|čt|pá|so|ne|在|于|於|Le lun|W|Em seg|V|Ve|Dne"
    r"|في|بتاريخ|در|בתאריך|ב-|เมื่อ|เมื่อวันที่|दिनांक"
)
_DATE_START = r"(?:[^\W\d]{1,12}[.,]{0,2}\s+)?\d{1,4}\s?[.\-/年년, ]"
_TIME_START = r"\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?,?\s"
_START = re.compile(rf"^(?:(?:{_OPENERS})\b[^@\n]{{0,45}}?\d|(?:在|ในวันที่)\s*\d|{_DATE_START}|{_TIME_START})", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s<>\[\]()]+@[^\s<>\[\]()]+")
_BRACKETED = re.compile(r"[<(\[]\S+@")
_TIME = re.compile(r"\d{1,2}\s?[:.h時时点點]\s?\d{2}|\d{1,2}(?::\d{2})?\s?[ap]\.?m\.?\b|[上下]午|오[전후]", re.IGNORECASE)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d[年년.\-/]|[\u0661\u0662\u06f1][\u0660-\u06f9]{3}")
_NAME_AND_VERB = re.compile(
    rf"^[\"']?[^\n:<>@]{{0,80}}[\"']?\s*[<\[(](?:mailto:)?[^\s<>@]+@[^\s<>]+[>\])]\s*(?:{_VERBS})\b[^:：]{{0,60}}[:：]$", re.IGNORECASE
)
_NAME_VERB_DATE = re.compile(
    rf"^[A-ZÀ-ÞŁŚŻА-Я][^\n:<>@!?]{{1,60}}\s(?:(?:{_VERBS})\s+(?:on|am|op|le|il|el|em|den|w dniu|dnia)|kirjoitti|писала?)"
    rf"\s[^\n:]{{0,40}}\d[^\n]{{0,40}}[:：]$"
)
_OLD_GMAIL = re.compile(r"^(?:19|20)\d\d[/-]\d{1,2}[/-]\d{1,2}\s[^\n<>]{0,80}<[^\s<>]+@[^\s<>]+>$")
_OLD_GMAIL_ZONED = re.compile(r"^(?:19|20)\d\d[/-]\d{1,2}[/-]\d{1,2}\s\d{1,2}:\d{2}\s(?:GMT|UTC)[+-]\d{1,2}:?\d{2}\s[^\n<>@:]{2,80}$")
_PROGRAMS = re.compile(
    r"^[^\n<>@:]{1,80}<[^\s<>]+@[^\s<>]+>\s\[[^\]\n]{0,20}\d{4}[^\]\n]{1,20}\]:$"
    r"|^(?:[^\W\d]{3,12}\.?\s\d{1,2},?|\d{1,2}\.?(?:\sde)?\s[^\W\d]{3,12}\.?)(?:\sde)?\s\d{4},?\s\d{1,2}:\d{2}(?:\s[AP]M)?"
    r"\s(?:by|von|par|por|da|door|от|przez|av|af)\s[^\s<>@]+@[^\s<>@]+:$"
    r"|^[^\n<>@:：]{1,60}\s?[于於在]\s?(?:19|20)\d\d[^\n]{4,40}(?:写道|寫道)\s?[:：]$"
)
"""Forms that only programs write, and only above quotes."""
_DASHED = re.compile(rf"^-{{3,}}\s?.{{1,200}}\b(?:{_VERBS})\s?:?\s?-{{3,}}$", re.IGNORECASE)
_ENDING_VERBS = frozenset({"wrote", "writes", "said", "a écrit", "écrit", "escribió", "escreveu", "ha scritto", "scrive"})
_CITING = re.compile(
    r"^(?:quoting|zitat von|zitiere|citando|citation de|en réponse à|cytowanie|cytat|цитирую|citer(?:ar|er|en)|cituji|missatge de)\b"
    r".{2,200}[:：]$",
    re.IGNORECASE,
)
_CLOSING = re.compile(rf"^\s{{0,3}}>\s{{0,2}}(?:(?:{_VERBS})\b[^<>:：]{{0,60}})?\s?[:：]?\s*$", re.IGNORECASE)
_EMBEDDED = re.compile(r"(?<=\S)(?:\s*-{2,}\s?|\s+)(?=(?:On|Am|Le|El|Il|Em|Op)\s+(?:[^\W\d]{2,10}[.,]{0,2}\s+)?(?:[^\W\d]{3,9}\.?\s+)?\d)")
_NAME_ADDRESS_VERB = re.compile(rf"^[\"']?[^\n:<>@]{{1,80}}[\"']?\s*<[^\s<>@]+@[^\s<>]+>\s*(?:{_VERBS})\b", re.IGNORECASE)
_BULLET = re.compile(r"^[-*_>|\s]+|[*_\s]+$")
_MAX_CHARS = 450
_MAX_LINES = 6


def strength(text: str) -> int:
    """2: this can only introduce a quote. 1: it does if a quote follows. 0: it does not. `text` is one line or several joined by spaces."""
    if _DASHED.match(text.strip()):
        return 2
    text = _BULLET.sub("", text)
    if _OLD_GMAIL.match(text) or _OLD_GMAIL_ZONED.match(text):
        return 1 + ("GMT" in text or "UTC" in text)
    colon = text.endswith((":", "："))
    verb = _last_verb(text)
    if not 5 < len(text) <= _MAX_CHARS or not (colon or (verb and len(text) - verb.end() < 3)):
        return 0
    if _CITING.match(text):
        return 2 if _EMAIL.search(text) else 1
    if _is_certain(text, verb=verb, colon=colon) or (colon and _PROGRAMS.search(text)):
        return 2
    dated = _START.match(text) and _DATE.search(text)
    named = _BRACKETED.search(text) and _DATE.search(text)
    return 1 if colon and ((verb and len(text) < 150) or ((dated or named) and len(text) < 120)) else 0


def _last_verb(text: str) -> "re.Match[str] | None":
    return next(iter(reversed(list(_VERB.finditer(text)))), None)


def _is_certain(text: str, *, verb: "re.Match[str] | None", colon: bool) -> bool:
    """A date and a time or an address, around a verb that stands where programs put it, and nothing that only people write."""
    email, start = _EMAIL.search(text), _START.match(text)
    return _looks_certain(text, email=email, start=start, verb=verb, colon=colon) and not is_told(
        text, verb=verb, is_dated_first=start is not None
    )


def _looks_certain(text: str, *, email: _Found, start: _Found, verb: _Found, colon: bool) -> bool:
    date, time = _DATE.search(text), _TIME.search(text)
    if verb and _stands_right(text, verb, bool(email)) and (date or (time and start)) and (email or time):
        return bool(start or email or _NAME_VERB_DATE.match(text))
    if colon and verb and _NAME_AND_VERB.match(text):
        return True
    return bool(colon and email and start and (time or date) and _BRACKETED.search(text))


def _stands_right(text: str, verb: "re.Match[str]", has_email: bool) -> bool:
    """English and Romance verbs end the line; German, Dutch, Scandinavian and Slavic ones may have the name behind them."""
    rest = len(text) - verb.end()
    return has_email or rest <= (12 if verb[0].lower() in _ENDING_VERBS else 80)


def may_end(line: str) -> bool:
    """Whether an attribution may end in this line; cheap beside `find`."""
    ending = line.rstrip(" *_>")
    if ending.endswith((":", "：", "---")) or _VERB.search(ending[-20:]):
        return True
    bare = line.strip()
    return bare[:2] in {"19", "20"} and (_OLD_GMAIL.match(bare) or _OLD_GMAIL_ZONED.match(bare)) is not None


def closes_address(line: str, above: str) -> bool:
    """True for `> wrote:` below a line that ends within the address: its `>` is the bracket of the address and marks no quote."""
    opened = above.rfind("<")
    return (opened > above.rfind(">") or above.lstrip().startswith("mailto:")) and _CLOSING.match(line) is not None


def find(lines: list[str], last: int, floor: int) -> tuple[int, int]:
    """Where the attribution begins that ends in line `last`, and its strength; (last, 0) if there is none.

    It may be wrapped over several lines but holds no blank one (save before a lone `<`), and does not reach above line `floor`.
    """
    best = (last, 0)
    for first in range(last, max(floor, last - _MAX_LINES) - 1, -1):
        if not lines[first].strip():
            if first < last and lines[first + 1].strip() == "<":
                continue
            break
        joined = " ".join(line.strip() for line in lines[first : last + 1])
        if len(joined) > _MAX_CHARS:
            break
        found, bare = strength(joined), _BULLET.sub("", joined)
        begins = _START.match(bare) is not None
        if found and (not best[1] or (begins and found >= best[1]) or (found > best[1] and _NAME_ADDRESS_VERB.match(bare))):
            best = (first, found)
        if best[1] == 2 and begins and not _goes_on_above(lines, first, floor):
            break
    return best


def _goes_on_above(lines: list[str], first: int, floor: int) -> bool:
    """A date alone above a line in lower case: "Am 3.5.2024" and "um 10:15 schrieb Ann Lee:" below it."""
    if first <= floor or not lines[first].lstrip()[:1].islower():
        return False
    above = lines[first - 1].strip()
    return len(above) < 40 and _START.match(above) is not None and above[-1:].isdigit()


def begin_in_line(line: str) -> str:
    """What a person wrote in the line in which an attribution begins, before it: "Thanks! On 3 May 2024 at 10:15, Ann Lee wrote:"."""
    bare = line.strip()
    if _START.match(_BULLET.sub("", bare)):
        return ""
    begun = _EMBEDDED.search(bare)
    written = bare[: begun.start()] if begun else ""
    return "" if "@" in written or _START.match(written) else written
