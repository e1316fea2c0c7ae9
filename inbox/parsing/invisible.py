"""Characters that nobody sees but a model reads: taken out of text, and decoded where they hide a message."""

import re

_SUSPECT = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_FLAG_EMOJI = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{2,8}\U000e007f)")
_TAGS = re.compile("[\U000e0001-\U000e007f]+")
_SELECTORS = re.compile("(?:[\ufe00-\ufe0f]|[\U000e0100-\U000e01ef]){2,}")
_REMOVED = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_JOINER_RUN = re.compile("[\u200c\u200d]{2,}|(?<![^\\x00-\\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\\x00-\\x7f])")
_OVERRIDES = re.compile("[\u202d\u202e]")


def remove_invisible(text: str) -> tuple[str, str, bool]:
    """The text without invisible characters, what tag characters and variation selectors spelled, and if direction overrides were used.

    Joiners between letters of other scripts (Persian, Hindi, emoji families) and the tags of a flag emoji carry meaning and stay.
    """
    if text.isascii() or not _SUSPECT.search(text):
        return text, "", False
    pieces = _FLAG_EMOJI.split(text)
    bare = "".join(pieces[::2])
    secret = " ".join(filter(None, (_spelled_by_tags(bare), _spelled_by_selectors(bare))))
    overridden = bool(_OVERRIDES.search(bare))
    pieces[::2] = [_JOINER_RUN.sub("", _REMOVED.sub("", _SELECTORS.sub("", piece))) for piece in pieces[::2]]
    return "".join(pieces), secret, overridden


def _spelled_by_tags(text: str) -> str:
    return " ".join("".join(chr(ord(char) - 0xE0000) for char in run if ord(char) >= 0xE0020) for run in _TAGS.findall(text)).strip()


def _spelled_by_selectors(text: str) -> str:
    """Variation selectors can carry one byte each: 1–16 and 17–256."""
    runs = (run for run in _SELECTORS.findall(text) if len(run) > 2)
    spelled = (bytes(ord(char) - 0xFE00 if ord(char) < 0xFF00 else ord(char) - 0xE0100 + 16 for char in run) for run in runs)
    return " ".join(run.decode("utf-8", "replace") for run in spelled).strip()
