"""Text that is not what it seems: invisible characters, and letters of another alphabet that look like Latin ones."""

import re
import unicodedata

from drafting.gate.wording import INVISIBLE

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb\ue000-\uf8ff]")
_WORD = re.compile(r"[^\W\d_]+")
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "FULLWIDTH", "MATHEMATICAL")


def find_disguises(text: str) -> list[str]:
    """What in `text` a reader would not see, or would take for something else, named in words."""
    hidden = {f"U+{ord(found):04X}" for found in (*INVISIBLE.findall(text), *_CONTROL.findall(text))}
    words = [word for word in dict.fromkeys(_WORD.findall(text)) if not word.isascii() and _is_mixed(word)]
    return [*(f"invisible character {code}" for code in sorted(hidden)), *words]


def _is_mixed(word: str) -> bool:
    """Whether letters of several alphabets, or such as only imitate Latin ones, stand in one word."""
    alphabets = {_alphabet(character) for character in word} - {""}
    return len(alphabets) > 1 or bool(alphabets & {"FULLWIDTH", "MATHEMATICAL"})


def _alphabet(character: str) -> str:
    name = unicodedata.name(character, "")
    return next((alphabet for alphabet in _ALPHABETS if name.startswith(alphabet)), "")
