"""What people type, kept until it is sent. This module alone writes Writing rows.

A text is unsent until its mail exists, and again once that mail is cancelled: taken back, overtaken by the customer, or voided. So nothing
that was typed is lost by what happens to a mail.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from drafting import slots
from inbox.models import Conversation, OutgoingMail
from review.desk import words
from review.errors import CannotSend
from review.models import Writing

LONGEST_VALUE = slots.LONGEST
"""Characters of what a slot is filled with at most."""
LONGEST = 100_000
"""Characters of a text that are kept."""
FIELDS = ("text", "answers", "recipient", "subject", "language", "mailbox_id")
KEPT_AFTER_SENDING = timedelta(days=1)
"""Longer than any box is open in which something was typed before it was sent."""
UNSENT = Q(outgoing__isnull=True) | Q(outgoing__state=OutgoingMail.State.CANCELLED)


def keep(*, by: User, conversation: Conversation | None, box: str, **typed: Any) -> None:
    """Keep what `by` has typed in `box` by now; `typed` are some of `FIELDS`. What comes late from a box that was sent is dropped."""
    values = {name: _shortened(typed[name]) for name in FIELDS if name in typed}
    row, is_new = Writing.objects.get_or_create(by=by, conversation=conversation, defaults={"box": box, **values})
    if is_new:
        return
    comes_late = Q(box=box) & ~Q(box="") & ~UNSENT
    Writing.objects.filter(~comes_late, pk=row.pk).update(box=box, outgoing=None, at=timezone.now(), **values)


def unsent(*, by: User, conversation: Conversation | None) -> Writing | None:
    """What `by` was writing in `conversation` (None: in a new one) and has not sent."""
    return Writing.objects.filter(UNSENT, by=by, conversation=conversation).first()


def discard(*, by: User, conversation: Conversation | None) -> None:
    """Drop the text, because the person said so."""
    Writing.objects.filter(by=by, conversation=conversation).delete()


def leave_with(*, mail: OutgoingMail, by: User, conversation: Conversation | None, box: str = "", **typed: Any) -> None:
    """Note in the transaction of `mail` what was typed and left with it."""
    values = {name: typed[name] for name in FIELDS if name in typed}
    Writing.objects.update_or_create(by=by, conversation=conversation, defaults={"outgoing": mail, "box": box, **values})


def sweep() -> int:
    """Drop what was sent and needs no keeping any more. Says how many."""
    sent = Writing.objects.filter(outgoing__state=OutgoingMail.State.SENT, at__lt=timezone.now() - KEPT_AFTER_SENDING)
    return sent.delete()[0]


def check_filled(text: str) -> None:
    """Raise CannotSend where a slot of a template is still open."""
    if found := open_slots(text):
        names = words.listed(found[:4])
        raise CannotSend(f"{names} {'is' if len(found) == 1 else 'are'} still open. Fill it in or take it out, then send again.")


def open_slots(text: str) -> list[str]:
    """The slots in a text as they stand there, each once: ["{order:id}"]."""
    return list(dict.fromkeys(text[slot.start : slot.end] for slot in slots.parse(text)))


def fill(template: str, known: Mapping[str, frozenset[str]]) -> str:
    """`template` with each slot filled whose name has exactly one value in `known`, which the slot's kind takes.

    `known` has values by names in small letters with spaces; "order-number" and "order.number" are "order number".
    """
    text, at = "", 0
    for slot in slots.parse(template):
        value = _value(slot, known)
        text += template[at : slot.start] + (template[slot.start : slot.end] if value is None else value)
        at = slot.end
    return text + template[at:]


def plain_name(name: str) -> str:
    """How a slot or a fact is called in `known`."""
    return " ".join(re.sub(r"[_.-]+", " ", name).lower().split())


def _value(slot: slots.Slot, known: Mapping[str, frozenset[str]]) -> str | None:
    values = known.get(plain_name(slot.name), frozenset())
    [value] = values if len(values) == 1 else [None]
    return value if value is not None and (slot.kind == slots.TEXT or slots.takes(slot.kind, value)) else None


def _shortened(value: Any) -> Any:
    return value[:LONGEST] if isinstance(value, str) else value
