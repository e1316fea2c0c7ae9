"""Two years of made-up mail and what became of it."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from deploy.load import company, derived, rows
from deploy.load.mails import CONVERSATION, MESSAGE, Correspondence
from deploy.load.vocabulary import LANGUAGES
from drafting.gate import CHECKS
from inbox.models import Conversation, Message, OutgoingMail
from review.models import Touched

BATCH = 10_000
"""Conversations that are written in one transaction."""
Tell = Callable[[str], None]


def make(*, conversations: int, waiting: int, seed: int, tell: Tell) -> None:
    """Write so many conversations, of which the newest `waiting` wait in the queue. The same seed makes the same history."""
    random = Random(seed)  # noqa: S311 - nothing secret
    customers = max(conversations // 8, 20)
    tell(f"{customers} customers, {len(company.MAILBOXES)} mailboxes, {len(company.CATEGORIES)} categories, {len(company.PEOPLE)} people.")
    made = company.make(customers=customers, random=random)
    first = rows.reserve(Conversation, conversations)
    now, token = timezone.now().replace(microsecond=0), f"{seed}-{first}"
    mails = Correspondence(company=made, total=conversations, waiting=min(waiting, conversations), now=now, random=random, token=token)
    analyzed = 0
    for start in range(0, conversations, BATCH):
        places = range(start, min(start + BATCH, conversations))
        _write(mails, places, first, _parameters(made, seed=seed))
        if places.stop >= 2 * analyzed:
            # The planner has to know that the tables have grown.
            _analyze()
            analyzed = places.stop
        tell(f"{places.stop} of {conversations} conversations.")
    _leave_trouble(first)
    _analyze()
    tell("Reports count it bit by bit while the product runs; manage.py rebuild_reports does so at once.")


def _parameters(made: company.Company, *, seed: int) -> dict[str, Any]:
    return {
        "seed": seed,
        "people": made.people,
        "categories": made.categories,
        "setup": made.setup,
        "checks": [check.__name__ for check in CHECKS],
        "replies": json.dumps({name: language.replies for name, language in LANGUAGES.items()}),
    }


@transaction.atomic
def _write(mails: Correspondence, places: range, first: int, parameters: dict[str, Any]) -> None:
    low, high = first + places.start, first + places.stop - 1
    batch = mails.batch(places, first_id=low)
    rows.copy(Conversation, CONVERSATION, batch.conversations)
    rows.copy(Message, MESSAGE, batch.messages)
    base = Message.objects.filter(conversation__in=[low]).aggregate(at=Min("pk"))["at"]
    # Hashes count from the batch's first message: ids differ from one database to the next.
    derived.derive({**parameters, "low": low, "high": high, "base": base, "seed": parameters["seed"] + places.start})
    _touch_once(low, high)


def _touch_once(low: int, high: int) -> None:
    """Each kind of row had its conversation counted again; once will do."""
    Touched.objects.filter(conversation_id__range=(low, high)).delete()
    Touched.objects.bulk_create((Touched(conversation_id=pk) for pk in range(low, high + 1)), batch_size=5000)


def _leave_trouble(first: int) -> None:
    """A few of the newest replies failed, one was maybe sent, as on any desk."""
    newest = OutgoingMail.objects.filter(conversation__gte=first, state=OutgoingMail.State.SENT).order_by("-created_at")
    *failed, maybe = list(newest.values_list("pk", flat=True)[:4]) or [0]
    refused = {"state": OutgoingMail.State.FAILED, "last_error": "550 5.1.1 mailbox unavailable", "sent_at": None, "filed_at": None}
    OutgoingMail.objects.filter(pk__in=failed).update(**refused)
    broken = {"state": OutgoingMail.State.MAYBE_SENT, "last_error": "The line broke.", "sent_at": None, "filed_at": None}
    OutgoingMail.objects.filter(pk=maybe).update(**broken)


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
