"""Which charset 8-bit text is in that says nothing of it: that in which its words are words of one language.

Statistics need some hundred letters (`charset_normalizer`); a subject has ten. But under the wrong charset even these hold letters of
no common language, two scripts in one word, signs between letters or capitals behind small letters.
"""

import re
from string import ascii_lowercase

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_ALPHABETS = (
    ("cp1252", "äöüß"),
    ("cp1252", "àâæçéèêëîïôœùûüÿ"),
    ("cp1252", "áéíóúüñªº"),
    ("cp1252", "àáâãçéêíóôõúªº"),
    ("cp1252", "àèéìíîòóù"),
    ("cp1252", "äåæéöøü"),
    ("cp1252", "áàäèéêëïíóöúü"),
    ("cp1251", _CYRILLIC),
    ("koi8_r", _CYRILLIC),
    ("cp1251", _UKRAINIAN),
    ("koi8_u", _UKRAINIAN),
    ("cp1250", "ąćęłńóśźż"),
    ("cp1250", "áčďéěíňóřšťúůýžäľĺŕô"),
    ("cp1250", "áéíóöőúüű"),
    ("cp1250", "čćđšž"),
    ("cp1254", "âçğıiîöşûü"),
    ("cp1250", "âăîşţ"),
    ("iso8859_2", "ąćęłńóśźż"),
    ("iso8859_2", "áčďéěíňóřšťúůýžäľĺŕô"),
    ("iso8859_2", "áéíóöőúüű"),
    ("iso8859_2", "čćđšž"),
    ("cp1257", "āčēģīķļņšūž"),
    ("cp1257", "ąčęėįšųūž"),
    ("cp1255", "אבגדהוזחטיךכלםמןנסעףפץצקרשת"),
    ("cp1253", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),
    ("cp1256", "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"),
    ("cp1252", "áæéíðóöúýþ"),
)
"""Charsets with the small letters beyond ASCII of a language written in them; of two that fit equally, the first is meant more often."""
_WORD = re.compile(r"[^\W\d_]+")
_MISPLACED = re.compile(r"[^\W\d_](?:[^\x00-\x7f\w’‘–—…·\u00a0\u00ad](?=[^\W\d_])|№)|[^\x00-\x7f\w\u00a0-\u00bf×÷’‘“”„‚«»‹›–—…•€™†‡‰№]")
"""A sign between two letters where none stands, or one that mails do not hold, as a piece of a frame."""
_MISSPELLED = re.compile(r"[ςךםןףץ](?=\w)|[כמנפצ]$")
"""Letters that have another form at the end of a word."""
_OFTEN = {"а": "аеёиоуыэюяєії", "α": "αεηιουωάέήίόύώ", "א": "אהוילמ", "ء": "اليومن"}
"""By the first letter of alphabets that are not Latin, the letters of which words hold at least one in four."""
_SURE = 0.8
_MOST = 200_000
_SAMPLE = 4_000
_PAIRS = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe]){2,}")
_UNLIKELY = re.compile("[\ue000-\uf8ff\ufffd]")
_HIGH = re.compile(rb"[\x80-\xff]")


def likely_charset(data: bytes) -> str:
    """Python's codec for these bytes, or "" where nothing speaks for one more than for others."""
    sample = b"\n".join(line for line in data[:_MOST].splitlines() if not line.isascii())[:_SAMPLE]
    texts = {"cp1252": sample.decode("cp1252", "replace")}
    if _only_signs(texts["cp1252"]):
        return "cp1252"
    best, found = _SURE, ""
    for codec, letters in _ALPHABETS:
        text = texts.setdefault(codec, sample.decode(codec, "replace"))
        mark = _likeness(text, letters)
        if mark > best:
            best, found = mark, codec
    return found or _of_pairs(sample)


def _only_signs(text: str) -> bool:
    """Quotes, dashes, currencies and degrees among English words."""
    return all(word.isascii() for word in _WORD.findall(text)) and not _MISPLACED.search(text)


def _likeness(text: str, letters: str) -> float:
    """How many of the words with letters beyond ASCII could be of the language, between 0 and 1."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    often = _OFTEN.get(letters[0], "")
    spelled = "".join(words).lower() if often else ""
    if not words or sum(letter in often for letter in spelled) * 4 < len(spelled):
        return 0.0
    allowed = frozenset(letters if often else letters + ascii_lowercase)
    return sum(_fits(word, allowed) for word in words) / (len(words) + len(_MISPLACED.findall(text)))


def _fits(word: str, allowed: frozenset[str]) -> float:
    """1 for a word of these letters, less where capitals or its shortness make that doubtful, 0 where it cannot be one."""
    small = word.lower()
    if not allowed.issuperset(small) or _MISSPELLED.search(small):
        return 0.0
    if len(word) == 1:
        return 0.7
    return 1.0 if word[1:] == small[1:] else 0.9 if word.isupper() else 0.0


def _of_pairs(sample: bytes) -> str:
    """Of the charsets of East Asia, in which two bytes are a character, by the rows that their letters and commonest signs stand in."""
    pairs = [run[at : at + 2] for run in _PAIRS.findall(sample) for at in range(0, len(run), 2)]
    if not pairs or len(pairs) * 3 < len(_HIGH.findall(sample)):
        return ""
    codec = _by_rows([pair[0] for pair in pairs], all(pair[0] > 0xA0 and pair[1] > 0xA0 for pair in pairs))
    text = sample.decode(codec, "replace")
    return "" if len(_UNLIKELY.findall(text)) > 1 else codec


def _by_rows(rows: list[int], is_euc: bool) -> str:
    signs = [row for row in rows if row >= 0xB0]
    if not is_euc:
        return "cp932" if sum(row in {0x82, 0x83} for row in rows) * 4 >= len(rows) else "big5hkscs"
    if sum(row in {0xA4, 0xA5} for row in rows) * 4 >= len(rows):
        return "euc_jp"
    return "cp949" if signs and all(row <= 0xC8 for row in signs) else "gb18030"
