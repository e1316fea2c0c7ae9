"""Placing: which reviewer is shown which draft with an error in it, and what it is then."""

import hashlib

from django.contrib.auth.models import User
from django.db.models import Exists, QuerySet
from django.utils import timezone

from drafting.models import CustomerAddress, Draft, Evidence, Order
from review import chance
from review.models import Decision, LedgerEntry, PlantedDraft
from review.planting.corruptions import corrupt
from review.planting.holding import holds
from review.planting.material import Material

SHARE = 0.05
"""Of what a reviewer opens of drafts that would have left by themselves."""
_SEEDS = 1 << 53
_OTHER_ORDERS = 40


def place(*, draft: Draft, reviewer: User) -> PlantedDraft | None:
    """Plant an error for a reviewer who opens the draft now, once. None for most drafts, as chance says."""
    if not _is_due(draft, reviewer):
        return None
    made = _made(draft, reviewer)
    if made:
        # Two tabs may open it at once.
        PlantedDraft.objects.bulk_create([made], ignore_conflicts=True)
    return standing(draft=draft, reviewer=reviewer)


def foreseen(*, draft: Draft, reviewer: User) -> PlantedDraft | None:
    """What would be planted if the reviewer opened the draft now; nothing is kept."""
    return _made(draft, reviewer) if _is_due(draft, reviewer) else None


def standing(*, draft: Draft, reviewer: User) -> PlantedDraft | None:
    """What the reviewer is shown in place of the draft, and has not judged yet."""
    return _open().filter(draft=draft, reviewer=reviewer, draft__state=Draft.State.READY).first()


def is_open(planted: PlantedDraft) -> bool:
    """Whether it still waits for the reviewer."""
    return planted.judged_at is None and planted.withdrawn_at is None


def withdraw() -> int:
    """Take back what stands for drafts that were decided, or overtaken by the customer, before the reviewer came to it. Says how many."""
    return _open().exclude(draft__state=Draft.State.READY).update(withdrawn_at=timezone.now())


def digest(text: str) -> str:
    """Names a text that somebody was shown, so that what they decide is about that text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _open() -> QuerySet[PlantedDraft]:
    return PlantedDraft.objects.filter(judged_at__isnull=True, withdrawn_at__isnull=True)


def _is_due(draft: Draft, reviewer: User) -> bool:
    """Chance first: it costs nothing, and most drafts go no further. A draft that waits again after a decision was called off is left
    alone, as the mail that was called off shows its text."""
    if draft.state != Draft.State.READY or not draft.is_eligible or chance.share("plant", draft.pk, reviewer.pk) >= SHARE:
        return False
    before = PlantedDraft.objects.filter(draft=draft, reviewer=reviewer)
    entries = LedgerEntry.objects.filter(draft=draft, route=LedgerEntry.Route.PERSON, settled_at__isnull=True)
    return entries.exclude(Exists(before) | Exists(Decision.objects.filter(draft=draft))).exists()


def _made(draft: Draft, reviewer: User) -> PlantedDraft | None:
    made = corrupt(material(draft), seed=int(chance.share("corruption", draft.pk, reviewer.pk) * _SEEDS))
    if made is None:
        return None
    planted = PlantedDraft(
        draft=draft,
        reviewer=reviewer,
        kind=made.kind,
        body=made.body,
        atoms=made.atoms,
        start=made.start,
        end=made.end,
        words=made.words,
        shown_at=timezone.now(),
    )
    # An error that the draft itself seems to have could never be corrected.
    return None if holds(draft.body, planted, clean=draft.body, language=draft.language) else planted


def material(draft: Draft) -> Material:
    """What an error in this draft can be made from."""
    answers = draft.evidence.filter(outcome=Evidence.Outcome.FOUND).order_by("position").values_list("answer", flat=True)
    contacts = CustomerAddress.objects.filter(customer=draft.customer_id or 0).order_by("pk").values_list("contact", flat=True)
    foreign = Order.objects.exclude(customer=draft.customer_id).order_by("-pk").values_list("number", flat=True)
    return Material(
        body=draft.body,
        atoms=draft.atoms,
        language=draft.language,
        answers=tuple(answers),
        names=tuple(dict.fromkeys(filter(None, (draft.message.from_name, *contacts)))),
        other_orders=tuple(foreign[:_OTHER_ORDERS]),
        domain=draft.conversation.mailbox.address.partition("@")[2],
    )
