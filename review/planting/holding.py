"""Whether a text still has the error that was planted. Pure.

In doubt it has: only what can be seen to be gone is gone. But a value that is wrong in one place may be right in another.
"""

import re

from review.models import PlantedDraft
from review.planting import promising, refusing
from review.planting.spotting import Span, likeness, plain, spans, words

Kind = PlantedDraft.Kind
_NEVER_RIGHT = (Kind.OTHER_ORDER, Kind.LINK)
"""Nobody has a reason to name them beside the right one."""
_LEAST_LIKE = 2
"""Words that a place has in common with the planted one, where the value may be somebody else's: the customer's, or the draft's own."""
_GREETED_WITHIN = 3
"""Words of the first line."""


def holds(text: str, planted: PlantedDraft, *, clean: str, language: str, known: str = "") -> bool:
    """Whether `text` still has the error; `clean` is the draft without it, `known` what the customer wrote.

    A value stands as long as the right one has not taken its place, unless the customer or the draft itself names it and nothing around
    it is as around the planted one. For a name the greeting counts; for a refund and a refusal the sentence (see there).
    """
    text, clean = plain(text), plain(clean)
    if planted.kind == Kind.REFUND:
        return promising.stands(text, planted, clean=clean, language=language)
    if planted.kind == Kind.REFUSAL:
        return refusing.stands(text, planted, clean=clean, language=language)
    return _Value(planted, clean, language).stands(text, plain(known))


class _Value:
    """A planted value with the right one and its surroundings."""

    def __init__(self, planted: PlantedDraft, clean: str, language: str) -> None:
        self.kind, self.language, self.clean = planted.kind, language, clean
        self.before, self.after = plain(planted.body[: planted.start]), plain(planted.body[planted.end :])
        self.wrong = plain(planted.body[planted.start : planted.end]).strip()
        self.right = clean[len(self.before) : len(clean) - len(self.after)].strip()

    def stands(self, text: str, known: str) -> bool:
        found = self._wrong_in(text)
        if not found:
            return False
        if self.kind == Kind.NAME:
            return any(self._greets(text, span) or self._like(text, span) >= _LEAST_LIKE for span in found)
        right = self._right_in(text)
        if self.kind not in _NEVER_RIGHT and right and len(right) >= len(self._right_in(self.clean)):
            return self._fit(text, found) > self._fit(text, right)
        is_known = self._wrong_in(self.clean) or self._wrong_in(known)
        return not is_known or self._fit(text, found)[0] >= _LEAST_LIKE

    def _fit(self, text: str, found: list[Span]) -> tuple[int, int]:
        """How well the best of the places fits the planted one; of two alike the first."""
        return max((self._like(text, span), -span[0]) for span in found)

    def _like(self, text: str, span: Span) -> int:
        return likeness(text, span, before=self.before, after=self.after)

    def _greets(self, text: str, span: Span) -> bool:
        """In the first words of a text, with the right name not before it; or where a line ends as a greeting does."""
        if re.match(r"[ \t]*[,!:][ \t]*(?:\n|$)", text[span[1] :]):
            return True
        ahead = text[: span[0]]
        return "\n" not in ahead.lstrip() and len(words(ahead)) < _GREETED_WITHIN and not self._right_in(ahead)

    def _wrong_in(self, text: str) -> list[Span]:
        return spans(text, self.wrong, kind=self.kind, language=self.language, right=self.right)

    def _right_in(self, text: str) -> list[Span]:
        return spans(text, self.right, kind=self.kind, language=self.language, right=self.wrong)
