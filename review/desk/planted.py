"""What a reviewer sees of a planted draft: first the draft with the error, then what the error was."""

import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from drafting.models import Draft
from review import planting
from review.models import PlantedDraft

READ = ("pk", "kind", "body", "atoms", "start", "end", "words", "caught", "decision", "judged_at", "withdrawn_at")
AROUND = 90
"""Characters shown on either side of the error."""


@dataclass(frozen=True, slots=True)
class Reveal:
    """That a draft was planted, and what was wrong with it: `wrong` in its place. `set_aside` is what the person typed and still has it."""

    headline: str
    words: str
    before: str
    wrong: str
    after: str
    is_caught: bool
    set_aside: str


def with_own(user: User) -> ArraySubquery:
    """For a query of drafts: what was planted in each for `user`, as `of` reads it."""
    described = JSONObject(**{name: name for name in READ})
    return ArraySubquery(PlantedDraft.objects.filter(draft=OuterRef("pk"), reviewer=user).values(row=described))


def of(draft: Draft, user: User, *, is_ahead: bool = False) -> PlantedDraft | None:
    """What was planted for `user` in a draft that waits and has `own_planted`, judged or not; `is_ahead`: what would be."""
    if draft.state != Draft.State.READY or not draft.is_eligible:
        return None
    rows = draft.own_planted  # type: ignore[attr-defined]
    if rows:
        return rows[0] if isinstance(rows[0], PlantedDraft) else _read(**rows[0])
    return planting.foreseen(draft=draft, reviewer=user) if is_ahead else None


def place(draft: Draft, user: User) -> None:
    """Plant an error in a draft that has `own_planted` and that `user` opens now, if chance wants one."""
    if placed := planting.place(draft=draft, reviewer=user):
        draft.own_planted = [placed]  # type: ignore[attr-defined]


def over(draft: Draft, planted: PlantedDraft | None) -> Draft:
    """The draft as its reviewer is to see it. A copy, so that nothing can take the error for the draft's own text."""
    if planted is None or not planting.is_open(planted):
        return draft
    shown = copy.copy(draft)
    shown.body, shown.atoms = planted.body, planted.atoms
    return shown


def reveal(planted: PlantedDraft | None, *, set_aside: str = "") -> Reveal | None:
    """What is said of it once it was judged, or taken back before that."""
    if planted is None or planting.is_open(planted):
        return None
    wrong = planted.body[planted.start : planted.end]
    before, after = planted.body[: planted.start], planted.body[planted.end :]
    return Reveal(
        headline=_headline(planted),
        words=planted.words,
        before=_cut(before[-AROUND:], is_start=len(before) > AROUND),
        wrong=wrong.strip(),
        after=_cut(after[:AROUND], is_end=len(after) > AROUND),
        is_caught=bool(planted.caught),
        set_aside=set_aside,
    )


def _read(*, judged_at: str | None, withdrawn_at: str | None, **values: Any) -> PlantedDraft:
    judged, withdrawn = (datetime.fromisoformat(at) if at else None for at in (judged_at, withdrawn_at))
    return PlantedDraft(judged_at=judged, withdrawn_at=withdrawn, **values)


def _headline(planted: PlantedDraft) -> str:
    if planted.caught is None and planted.decision:
        return "That no reply is needed says nothing about the error, so it does not count."
    if planted.caught is None:
        return "It was taken back before you decided, so it does not count."
    return "You caught it." if planted.caught else "It would have slipped through."


def _cut(text: str, *, is_start: bool = False, is_end: bool = False) -> str:
    """An excerpt that begins and ends with a whole word."""
    if is_start:
        text = f"… {text.partition(' ')[2]}"
    return f"{text.rpartition(' ')[0]} …" if is_end else text
