"""The language of a mail, as an ISO 639-1 code; "" where there is too little to tell."""

import re
from typing import Any

_NOISE = re.compile(r"https?://\S+|\S+@\S+|<[^<>]{0,300}>|[\d_*#|>=+/\\]+")
_KANA = re.compile("[぀-ヿ]")
_HAN = re.compile("[一-鿿]")
_SCRIPTS = (
    ("ko", re.compile("[가-힯]")),
    ("el", re.compile("[Ͱ-Ͽ]")),
    ("he", re.compile("[֐-׿]")),
    ("th", re.compile("[฀-๿]")),
    ("ka", re.compile("[Ⴀ-ჿ]")),
    ("hy", re.compile("[԰-֏]")),
)
_SAMPLE = 3_000
_identify: Any = None


def detect(text: str) -> str:
    """The language that most of the text is written in: by its script where that is enough, else by py3langid if there is enough text."""
    sample = " ".join(_NOISE.sub(" ", text[: _SAMPLE * 2]).split())[:_SAMPLE]
    letters = sum(char.isalpha() for char in sample)
    if letters < 2:
        return ""
    own_script = _by_script(sample, letters)
    if own_script or letters < 12:
        return own_script
    return _by_statistics(sample)


def _by_script(sample: str, letters: int) -> str:
    kana, han = len(_KANA.findall(sample)), len(_HAN.findall(sample))
    if kana * 10 > letters:
        return "ja"
    if han * 3 > letters:
        return "zh"
    return next((code for code, script in _SCRIPTS if len(script.findall(sample)) * 3 > letters), "")


def _by_statistics(sample: str) -> str:
    global _identify  # the model loads in a second, so only where it is wanted  # noqa: PLW0603
    if _identify is None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        _identify = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    code, probability = _identify.classify(sample.lower() if sample.isupper() else sample)
    return str(code) if probability > 0.5 else ""
