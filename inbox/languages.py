"""The language of a mail, as an ISO 639-1 code; "" where there is too little to tell."""

import re
from typing import Any

_NOISE = re.compile(r"https?://\S+|\S+@\S+|<[^<>]{0,300}>|[\d_*#|>=+/\\]+")
_KANA = re.compile("[぀-ヿ]")
_HAN = re.compile("[一-鿿]")
_SCRIPTS = (
    ("ko", re.compile("[가-힯]")),
    ("el", re.compile("[Ͱ-Ͽ]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ka", re.compile("[Ⴀ-ჿ]")),
    ("hy", re.compile("[԰-֏]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("pa", re.compile("[\u0a00-\u0a7f]")),
    ("gu", re.compile("[\u0a80-\u0aff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("kn", re.compile("[\u0c80-\u0cff]")),
    ("ml", re.compile("[\u0d00-\u0d7f]")),
    ("si", re.compile("[\u0d80-\u0dff]")),
    ("lo", re.compile("[\u0e80-\u0eff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("am", re.compile("[\u1200-\u137f]")),
)
"""Scripts of one language, or nearly so."""
_SHARED_SCRIPTS = (
    (re.compile("[\u0400-\u04ff]"), (("uk", "іїєґ"), ("be", "ў"), ("sr", "ђћљњџј"), ("kk", "әғқңөұүһ")), "ru"),
    (re.compile("[\u0600-\u06ff]"), (("ur", "ٹڈڑے"), ("fa", "پچژگکی")), "ar"),
    (re.compile("[\u0900-\u097f]"), (), "hi"),
)
"""Scripts of several languages: the letters that only one of them has, and whose it is most likely without."""
_SOME, _ENOUGH = 5, 12
"""Letters from which the statistics say something if they are sure, and from which they are believed."""
_SAMPLE = 1_500
_identify: Any = None


def detect(text: str) -> str:
    """The language that most of the text is written in: by its script where that is enough, else by py3langid if there is enough text."""
    sample = " ".join(_NOISE.sub(" ", text[: _SAMPLE * 2]).split())[:_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if letters < 2:
        return ""
    own_script = _by_script(sample, letters)
    if own_script:
        return own_script
    likely = _by_statistics(sample, surely=letters < _ENOUGH) if letters >= _SOME else ""
    return (likely if letters >= _ENOUGH else "") or _by_letters(sample, letters) or likely


def _by_script(sample: str, letters: int) -> str:
    kana, han = len(_KANA.findall(sample)), len(_HAN.findall(sample))
    if kana * 10 > letters:
        return "ja"
    if han * 3 > letters:
        return "zh"
    return next((code for code, script in _SCRIPTS if len(script.findall(sample)) * 3 > letters), "")


def _by_letters(sample: str, letters: int) -> str:
    for script, languages, otherwise in _SHARED_SCRIPTS:
        if len(script.findall(sample)) * 2 > letters:
            return next((code for code, own in languages if any(char in own for char in sample.lower())), otherwise)
    return ""


def _by_statistics(sample: str, *, surely: bool) -> str:
    global _identify  # the model loads in a second, so only where it is wanted  # noqa: PLW0603
    if _identify is None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        _identify = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    code, probability = _identify.classify(sample.lower() if sample.isupper() else sample)
    return str(code) if probability > (0.6 if surely else 0.5) else ""
