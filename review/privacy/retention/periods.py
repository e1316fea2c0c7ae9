"""How long each kind of data is kept. For ever, unless an admin said otherwise."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction

from review import audit_log
from review.models import RetentionPeriod

Kind = RetentionPeriod.Kind
ABOUT = {
    Kind.RAW: "Mails as they came, attachments included, and ours as they left. What they say stays readable.",
    Kind.ATTACHMENTS: "Files that came with a mail, or that we sent. They are part of the raw mail, so it goes along where there are any.",
    Kind.MAIL: "All that was said in a conversation in which nothing happened for so long: mails, drafts, evidence, notes, files.",
    Kind.MODEL_CALLS: "What the model was asked for each draft, and what it answered.",
    Kind.EVIDENCE: "What was looked up for each draft, with the facts that rules saw.",
    Kind.AUDIT_LOG: (
        "Who did what. What says who changed or used these rules stays, and so does what reports count: that somebody said of a mail that "
        "it was sent, and when all auto-send was stopped and allowed again."
    ),
    Kind.DELIVERIES: "What webhooks were told (ids only), once it was delivered or given up.",
    Kind.UNSENT: "What somebody wrote or attached, and never sent.",
}


def days() -> dict[str, int | None]:
    """The days of each kind, None for ever."""
    newest = RetentionPeriod.objects.order_by("kind", "-pk").distinct("kind")
    said = {one.kind: one.days for one in newest}
    return {kind.value: said.get(kind.value) for kind in Kind}


@transaction.atomic
def save(*, days_by_kind: Mapping[str, int | None], by: User) -> list[RetentionPeriod]:
    """Say anew how long is kept what; kinds that stay as they are get no row. Returns what changed."""
    before = days()
    changed = [RetentionPeriod(kind=kind, days=number, by=by) for kind, number in days_by_kind.items() if number != before[kind]]
    for one in RetentionPeriod.objects.bulk_create(changed):
        was = before[one.kind]
        words = f"{_said(one.days)}; before that {_said(was).lower()}."
        audit_log.record(act="privacy.retention_saved", by=by, about=one.get_kind_display(), words=words)
    return changed


def _said(number: int | None) -> str:
    return f"{number} days" if number else "For ever"
