"""Rows that tests of auto-send start from: a setup that runs and answers as pinned, a category with terms, attempts at each stage."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from drafting import setups
from drafting.models import CanaryRun, Category, Draft, Setup, SetupActivation
from inbox.models import Message, OutgoingMail
from review import autosend
from review.models import Attempt, Decision, LedgerEntry, PlantedDraft, Terms
from tests.drafting.factories import make_category, make_conversation, make_mailbox, make_message
from tests.review.factories import make_person, ready_draft

State = Attempt.State
_number = count(1)
STEPS = [State.COLLECTING, State.READY, State.RAMP_10, State.RAMP_50, State.AUTO]
BODY = "Hello Ann,\n\nyour parcel is on its way to you.\n\nKind regards"


def running_setup(*, category: Category | None = None, **parts: Any) -> Setup:
    """A setup that is what runs here, is in use (for all, or for `category`), and answers as it did when it was pinned."""
    make_category()  # The categories are a part of a setup, so they come first.
    parts = setups.running_parts() | {"number": next(_number)} | parts
    setup = Setup.objects.create(fingerprint=f"running{next(_number):057}", base_url="http://127.0.0.1:9/v1", model="a-model", parts=parts)
    SetupActivation.objects.create(setup=setup, category=category)
    confirm(setup)
    return setup


def confirm(setup: Setup, result: str = CanaryRun.Result.SAME) -> CanaryRun:
    """The model was asked the canaries just now."""
    return CanaryRun.objects.create(setup=setup, result=result, milliseconds=1)


def make_terms(category: Category | None = None, **about: Any) -> Terms:
    """Terms in force, whatever they are."""
    by = about.pop("by", None) or make_person("admin")
    return Terms.objects.create(category=category or make_category(), by=by, in_force_at=timezone.now(), **about)


def attempt_at(state: str, *, category: Category | None = None, setup: Setup | None = None, chooser: Setup | None = None) -> Attempt:
    """An attempt that has come as far as `state` ("suspended" included), step by step; of the setup in use where none is given."""
    category = category or make_category()
    chooser = chooser or setups.active() or running_setup()
    if not Terms.objects.filter(category=category).exists():
        make_terms(category)
    attempt = Attempt.objects.create(category=category, setup=setup or chooser, chooser=chooser, began_at=timezone.now())
    by, long_ago = make_person("admin"), timezone.now() - timedelta(days=60)
    path = STEPS[1 : STEPS.index(State(state)) + 1] if state in STEPS else [State.READY, State.RAMP_10, State.SUSPENDED]
    for step in path:
        about: dict[str, Any] = {"unlocked_by": by, "unlocked_at": long_ago} if step == State.RAMP_10 else {}
        about |= {"cause": Attempt.Cause.PERSON} if step == State.SUSPENDED else {}
        Attempt.objects.filter(pk=attempt.pk).update(state=step, **about)
    attempt.refresh_from_db()
    return attempt


def prove(attempt: Attempt, *, n: int = 400, k: int = 0, planted: int = 120) -> User:
    """Give the attempt counts that suffice (or do not), and one reviewer who caught all of `planted` errors."""
    settled = max(n, attempt.entered)
    Attempt.objects.filter(pk=attempt.pk).update(n=n, k=k, settled_to=settled, entered=settled)
    reviewer = make_person("reviewer")
    draft = ready_draft()
    entry = LedgerEntry.objects.create(attempt=attempt, position=settled, why="collecting", at=timezone.now(), draft=draft)
    decision = Decision.objects.create(draft=draft, by=reviewer, kind="no_reply", weighed_at=timezone.now())
    verdict = entry.verdicts.create(unsafe=False, counts=True, reason="approved", by=reviewer, at=timezone.now(), decision=decision)
    Attempt.objects.filter(pk=attempt.pk).update(weighed_to=verdict.pk, reviewers={str(reviewer.pk): n})
    LedgerEntry.objects.filter(pk=entry.pk).update(unsafe=False, settled_at=timezone.now())
    attempt.refresh_from_db()
    now = timezone.now()
    about = {"reviewer": reviewer, "kind": "amount", "body": "wrong", "start": 0, "end": 1, "words": "", "shown_at": now, "judged_at": now}
    message = make_message()
    drafts = Draft.objects.bulk_create(
        Draft(message=message, conversation=message.conversation, state=Draft.State.DECIDED) for _ in range(planted)
    )
    PlantedDraft.objects.bulk_create(PlantedDraft(draft=draft, caught=True, decision="rejected", **about) for draft in drafts)
    return reviewer


def eligible(attempt: Attempt | None = None, *, message: Message | None = None, **about: Any) -> Draft:
    """A ready draft that passed the gate, of the attempt's category and setups, to a sender and from a mailbox of its own."""
    number = next(_number)
    if message is None:
        talk = make_conversation(mailbox=make_mailbox(), customer_address=f"ann{number}@customer{number}.example")
        message = make_message(conversation=talk)
        Message.objects.filter(pk=message.pk).update(taken_up_at=timezone.now())
        message.refresh_from_db()
    if attempt:
        about = {"category": attempt.category, "setup": attempt.setup, "category_setup": attempt.chooser} | about
    values: dict[str, Any] = {"message": message, "body": BODY, "finished_at": timezone.now() - timedelta(hours=1)} | about
    draft = ready_draft(**values)
    draft.evidence.all().delete()  # It rests on nothing that could have changed.
    return draft


def sent(attempt: Attempt, **about: Any) -> Decision:
    """A draft that was routed to leave by itself: its decision, whose mail is held."""
    draft = eligible(attempt, **about)
    entry = autosend.route(draft_id=draft.pk)
    assert entry is not None
    assert entry.route == LedgerEntry.Route.AUTO, entry.why
    return Decision.objects.select_related("outgoing", "draft", "attempt").get(draft=draft)


def mail_of(decision: Decision) -> OutgoingMail:
    """The mail of a decision, as it stands."""
    return OutgoingMail.objects.get(decision=decision)
