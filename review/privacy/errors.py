"""Why nothing was erased, named for what the caller can do."""

from collections.abc import Sequence
from dataclasses import dataclass


class NotAPerson(Exception):
    """What was typed names nobody whose data there could be, for the reason in words."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a conversation cannot be erased now, in words, and what to do about it."""

    conversation: int
    words: str


class CannotErase(Exception):
    """Nothing was erased: something is on its way. `hindrances` say what, and what to do first."""

    def __init__(self, hindrances: Sequence[Hindrance]) -> None:
        super().__init__(" ".join(dict.fromkeys(one.words for one in hindrances)))
        self.hindrances = list(hindrances)
