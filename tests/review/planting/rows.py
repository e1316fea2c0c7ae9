"""Drafts that would have left by themselves, and errors planted in them."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from review import planting
from review.models import Attempt, LedgerEntry, PlantedDraft
from tests.review.factories import ready_draft

WRONG = "SO-1070"


def eligible_draft(*, route: str = "person", **about: Any) -> Draft:
    """A draft that passed every check, with its open entry in the ledger."""
    draft = ready_draft(**about)
    assert draft.category is not None
    assert draft.setup is not None
    now = timezone.now()
    attempt, _ = Attempt.objects.get_or_create(category=draft.category, setup=draft.setup, chooser=draft.setup, defaults={"began_at": now})
    Attempt.objects.filter(pk=attempt.pk).update(entered=attempt.entered + 1)
    why = LedgerEntry.Why.COLLECTING
    LedgerEntry.objects.create(attempt=attempt, draft=draft, position=attempt.entered + 1, route=route, why=why, at=now)
    return draft


def plant(draft: Draft, reviewer: User, *, kind: str = "id", right: str = "SO-1007", wrong: str = WRONG, **about: Any) -> PlantedDraft:
    """`wrong` in place of `right`, for one reviewer, who has not judged it."""
    start = draft.body.index(right)
    behind = len(wrong) - len(right)
    atoms = [
        atom | {"text": wrong, "end": start + len(wrong)}
        if atom["start"] == start
        else atom | {side: atom[side] + (behind if atom["start"] > start else 0) for side in ("start", "end")}
        for atom in draft.atoms
    ]
    values = {"words": f"The number is wrong: “{wrong}” in place of “{right}”.", "shown_at": timezone.now()}
    return PlantedDraft.objects.create(
        draft=draft,
        reviewer=reviewer,
        kind=kind,
        body=draft.body[:start] + wrong + draft.body[start + len(right) :],
        atoms=atoms,
        start=start,
        end=start + len(wrong),
        **values | about,
    )


def decide(client: Client, planted: PlantedDraft, verb: str, **typed: str) -> Any:
    """What a click does, and the page that follows it."""
    url = f"/queue/{planted.draft_id}/{verb}/"
    return client.post(url, {"shown": planting.digest(planted.body), **typed}, follow=True)
