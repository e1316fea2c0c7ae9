"""Which past mails a replay is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import QuerySet

from drafting.models import Category, Draft
from inbox import replies
from inbox.models import Message

MOST = 10_000
BATCH = 500


@dataclass(frozen=True)
class Choice:
    """The newest `newest` mails with a recorded draft that a person decided on; or, with `is_imported`, imported past mails with a reply.

    Imported mail was never sorted, so it has no category to choose by. `since` is the day on which a mail came in, at the earliest.
    """

    category: Category | None = None
    since: date | None = None
    newest: int = 200
    is_imported: bool = False

    def __str__(self) -> str:
        kind = "imported mails with the reply that people sent" if self.is_imported else "mails with a recorded draft"
        about = f" about {self.category.name}" if self.category else ""
        since = f", since {self.since.isoformat()}" if self.since else ""
        return f"The newest {self.newest} {kind}{about}{since}"


def choose(choice: Choice) -> list[tuple[int, int | None]]:
    """Ids of messages and of their recorded drafts (None for imported mail), newest first."""
    found = _imported(choice) if choice.is_imported else _recorded(choice)
    return list(islice(found, min(choice.newest, MOST)))


def _recorded(choice: Choice) -> Iterator[tuple[int, int | None]]:
    """Redrafts follow a reviewer's instruction, which a candidate is not given."""
    decided = Draft.objects.filter(state=Draft.State.DECIDED, setup__isnull=False, finished_at__isnull=False, redraft_of=None)
    decided = decided.filter(erased_at=None).exclude(evidence__erased_at__isnull=False)
    if choice.category:
        decided = decided.filter(category=choice.category)
    once = decided.order_by("message", "-pk").distinct("message").values("pk")
    drafts = Draft.objects.filter(pk__in=once)
    if choice.since:
        drafts = drafts.filter(message__received_at__date__gte=choice.since)
    yield from drafts.order_by("-message__received_at", "-pk").values_list("message_id", "pk").iterator()


def _imported(choice: Choice) -> Iterator[tuple[int, int | None]]:
    own = Message.objects.filter(replies.OWN, taken_up_at__isnull=False).order_by("-received_at", "-pk")
    named = own.exclude(references=[]).values_list("mailbox", "references").iterator()
    answered = ((mailbox, references[-1]) for mailbox, references in named)
    seen = set[int]()
    while batch := list(islice(answered, BATCH)):
        for pk in _answered(batch, choice):
            if pk not in seen:
                seen.add(pk)
                yield pk, None


def _answered(batch: list[tuple[int, str]], choice: Choice) -> list[int]:
    asked: QuerySet[Message] = Message.objects.filter(
        kind=Message.Kind.PERSON,
        state=Message.State.PARSED,
        mailbox__in={mailbox for mailbox, _ in batch},
        message_id__in={message_id for _, message_id in batch},
        drafts=None,
    )
    if choice.since:
        asked = asked.filter(received_at__date__gte=choice.since)
    pairs = set(batch)
    found = asked.order_by("-received_at", "-pk").values_list("pk", "mailbox", "message_id")
    return [pk for pk, mailbox, message_id in found if (mailbox, message_id) in pairs]
