"""The short notice after something was done with conversations beside deciding, with the way back."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from inbox.models import Conversation
from review.desk import words
from review.desk.filters import Filters
from review.desk.toast import Toast


def snoozed(done: Sequence[Conversation], left: list[str], *, until: datetime, filters: Filters, draft_id: int | None) -> Toast:
    """They were put off; waking them is the way back."""
    local = timezone.localtime(until)
    at = f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local:%A}, {local.day} {local:%B}, {local:%H:%M}"
    said = _said(done, "Snoozed", f"until {at}", left)
    return _with_undo(said, done, "wake", filters, draft_id)


def woken(done: Sequence[Conversation], left: list[str]) -> Toast:
    """They are back before their time."""
    return Toast(_said(done, "Brought", "back into the queue", left), tone="" if done else "red", kind="beside")


def assigned(
    done: Sequence[Conversation], left: list[str], *, to: User | None, before: str | None, by: User, filters: Filters, draft_id: int | None
) -> Toast:
    """They are somebody's, or nobody's; of one alone it is known whose it was `before` (None where that is not to be offered)."""
    name = "you" if to == by else words.person(to) if to else "nobody"
    said = _said(done, "Assigned", f"to {name}", left)
    if len(done) != 1 or before is None:
        return Toast(said, tone="" if done else "red", kind="beside")
    return _with_undo(said, done, "assign", filters, draft_id, to=before, is_undo="1")


def _said(done: Sequence[Conversation], verb: str, what: str, left: list[str]) -> str:
    first = f"{verb} {what}." if len(done) == 1 else f"{verb} {words.count(len(done), 'mail')} {what}."
    return " ".join([*([first] if done else []), *dict.fromkeys(left)]) or "Choose at least one mail first."


def _with_undo(said: str, done: Sequence[Conversation], verb: str, filters: Filters, draft_id: int | None, **fields: str) -> Toast:
    if not done:
        return Toast(said, tone="red", kind="beside")
    return Toast(
        words=said,
        kind="beside",
        undo_url=reverse(verb) + filters.query(draft=draft_id or ""),
        undo_fields=[*(("conversation", str(talk.pk)) for talk in done), *fields.items()],
        undo_target="#item" if draft_id else "#queue-rows",
        seconds=settings.UNDO_SECONDS,
    )
