"""Erasing a person's data, for good."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from drafting.replays import life
from inbox import threads
from inbox.models import Conversation, Erasable, Mailbox, Message, OutgoingMail
from review import audit_log
from review.models import Erasure
from review.privacy import addresses as named
from review.privacy import files, hindrances, matters, places
from review.privacy.beside import Beside
from review.privacy.errors import CannotErase, Hindrance
from review.privacy.findings import Findings, findings, in_order
from review.privacy.matters import Matter
from review.reports import histories, letters

MOST_LOOKS = 5
STILL_COMING = f"Something is being written at this moment. {hindrances.SOON}"


def erase(*, addresses: Sequence[str], by: User | None, dry_run: bool, with_rows: bool = False) -> Findings:
    """Erase what there is about the person with these addresses, and say what that was; with `dry_run` only say what it would be.

    1. Whoever reads a new mail of the person waits, and begins a new conversation with it afterwards.
    2. What there is, and what stands against it, is looked for under the locks of the conversations; nothing is erased then.
    3. Content goes, rows stay. `with_rows` the addresses go from the customer table too.
    4. Once that is committed, raw mails and files go from storage.

    `by` None is the command line. Raises NotAPerson and CannotErase.
    """
    found = findings(addresses, with_rows=with_rows)
    if dry_run or found.is_empty:
        return found
    with transaction.atomic(), audit_log.erasing():
        _keep_out(found.addresses)
        matter = _locked(found.addresses)
        around = Beside(found.addresses, with_rows=with_rows, apart_from=matter.conversations)
        counts = take_away(matter, at=timezone.now(), why=Erasable.For.PERSON) | around.erase()
        digests = [named.digest(one) for one in found.addresses]
        Erasure.objects.create(digests=digests, counts=counts, by=by)
        audit_log.record(act="privacy.erased", by=by, about=f"{digests[0][:12]}…", words=told(counts), digests=digests)
    return replace(found, counts=counts)


def take_away(matter: Matter, *, at: datetime, why: str) -> dict[str, int]:
    """Erase a matter, and say how much. Within a transaction and `audit_log.erasing`. Raises CannotErase, and then nothing was erased."""
    lock(matter)
    life.give_up(messages=matter.messages, words=places.REPLAY_ENDED)
    if found := hindrances.against(matter):
        raise CannotErase(found)
    _keep_bounces(matter)
    counts = places.erase(matter, at=at, why=why)
    transaction.on_commit(files.sweep_soon, robust=True)
    return counts


def lock(matter: Matter) -> None:
    """Keep everybody out who decides, answers or sends: conversations before mails, each in one order, as everywhere."""
    list(Conversation.objects.filter(pk__in=matter.touched).order_by("pk").select_for_update().values_list("pk"))
    list(OutgoingMail.objects.filter(pk__in=matter.mails).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def _locked(addresses: Collection[str]) -> Matter:
    """All about the person, under locks: what was committed while they were waited for is part of it.

    Raises CannotErase where that has no end.
    """
    matter = matters.of_person(addresses)
    for _ in range(MOST_LOOKS):
        lock(matter)
        before, matter = matter, matters.of_person(addresses)
        if matter == before:
            return matter
    raise CannotErase([Hindrance(pk, STILL_COMING) for pk in matter.touched])


def told(counts: dict[str, int]) -> str:
    """What was erased, in a sentence."""
    return "; ".join(f"{name}: {number}" for name, number in in_order(counts)) + "."


def _keep_out(addresses: Collection[str]) -> None:
    for mailbox in Mailbox.objects.order_by("pk"):
        threads.wait_turns(mailbox=mailbox, customers=addresses)


def _keep_bounces(matter: Matter) -> None:
    """Which mails bounced is counted; who could not be reached is about to go."""
    reported = Message.objects.filter(pk__in=matter.messages, kind=Message.Kind.BOUNCE).values_list("conversation", flat=True)
    past = histories.load([pk for pk in reported.distinct() if pk])
    back = [mail.id for history in past for mail in history.mails if letters.came_back(mail, history)]
    mails = OutgoingMail.objects.filter(pk__in=back).exclude(last_error__startswith=histories.CAME_BACK)
    mails.update(last_error=f"{histories.CAME_BACK}.")
