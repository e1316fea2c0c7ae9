"""Subjects without what mail programs put in front of them."""

import re

_MARK = re.compile(
    r"\s*(?:re|aw|antw(?:ort)?|sv|vs|vb|vl|rv|res|r|rif|ref|odp|ynt|ilt|betr|bls|atb|hl|wg|fwd?|i|trs?|pd|enc|doorst|yht|sp|rép|"
    r"ответ|отв|на|пересл|答复|回复|回覆|转发|轉寄|返信|転送|회신|답장|전달)"
    r"\s*(?:\[\d+\]|\(\d+\)|\^\d+|²)?\s*[:：]|\s*\[(?:ext|external|extern|spam)\]|\s*\*+\s*spam\s*\*+",
    re.IGNORECASE,
)
_TAG = re.compile(r"\s*\[[^\]]{1,40}\]")
"""The name of a list, or the number that another help desk adds on the way."""


def base_subject(subject: str) -> str:
    """A subject without the marks of replies and forwards, in any language, and with single spaces."""
    return _strip(" ".join(subject.split()), _MARK)


def topic(subject: str) -> str:
    """What two subjects of one conversation have in common: no marks, no tags, no capitals."""
    return _strip(" ".join(subject.split()), _MARK, _TAG).casefold()


def _strip(subject: str, *marks: re.Pattern[str]) -> str:
    while found := next(filter(None, (mark.match(subject) for mark in marks)), None):
        subject = subject[found.end() :]
    return subject.strip()
