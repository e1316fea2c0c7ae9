"""Routing: whether an eligible draft needs a person first. Decided once, by chance that nobody can steer, before anybody has looked."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from drafting.models import Category, Draft
from inbox.models import Conversation
from review import chance, ledger
from review.autosend import caps, conditions, people, sending, states, switch, terms
from review.models import Attempt, LedgerEntry, Terms

Why, Route, Cause = LedgerEntry.Why, LedgerEntry.Route, Attempt.Cause
AT_ONCE = 5000
"""So many drafts of categories that collect nothing are passed by one statement, and so many statements are made by a sweep at most."""
MOST_STATEMENTS = 10
YOUNG, YOUNG_SHARE, SMALL = timedelta(days=30), 0.1, 200
"""While an unlocking is young, or fewer drafts than `SMALL` came as recently, at least this share still goes to people."""


def route_new(*, most: int = 200) -> int:
    """Sweep: route eligible drafts that nobody has routed; says how many. Two sweeps at once share the work."""
    collecting = _collecting()
    passed = _pass_by(collecting)
    waiting = Draft.objects.filter(is_eligible=True, routed_at=None, category__in=collecting).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:most]) if collecting else []
    for draft_id in ids:
        route(draft_id=draft_id)
    return passed + len(ids)


@transaction.atomic
def route(*, draft_id: int, at: datetime | None = None) -> LedgerEntry | None:
    """Enter the draft into the ledger of its category, and send it where it may leave by itself. Once, however often it is called.

    None where it is no part of the proof: the category collects nothing, a reviewer asked for the draft, the mail is of the past.
    """
    conversation = Conversation.objects.select_for_update(of=("self",), skip_locked=True).filter(drafts=draft_id).first()
    unrouted = Draft.objects.filter(pk=draft_id, is_eligible=True, routed_at=None).select_related("message", "category")
    draft = unrouted.defer("message__html").select_for_update(of=("self",)).first() if conversation else None
    if conversation is None or draft is None:
        return None
    draft.conversation = conversation
    entry = _enter(draft, at or timezone.now())
    Draft.objects.filter(pk=draft.pk).update(routed_at=at or timezone.now())
    return entry


def open_attempt(category: Category) -> Attempt | None:
    """The attempt of the setups that are in use now; None while none has begun."""
    setup, chooser = conditions.used_for(category.pk)
    related = Attempt.objects.select_related("category", "setup", "chooser")
    return related.filter(category=category, setup=setup, chooser=chooser, ended_at=None).first()


def _collecting() -> list[int]:
    """The ids of the categories whose verdicts are counted."""
    newest = Terms.objects.filter(in_force_at__isnull=False).order_by("category_id", "-pk").distinct("category_id")
    return [category for category, is_collecting in newest.values_list("category", "is_collecting") if is_collecting]


def _pass_by(collecting: list[int]) -> int:
    """Nothing is to be done about eligible drafts of other categories; they are many where nobody uses auto-send."""
    passed = 0
    others = Draft.objects.filter(is_eligible=True, routed_at=None).exclude(category__in=collecting)
    for _ in range(MOST_STATEMENTS):
        first = others.order_by("pk").values("pk")[:AT_ONCE]
        number = Draft.objects.filter(pk__in=first, routed_at=None).update(routed_at=timezone.now())
        passed += number
        if number < AT_ONCE:
            break
    return passed


def _enter(draft: Draft, at: datetime) -> LedgerEntry | None:
    in_force = terms.of(draft.category) if draft.category else None
    if in_force is None or not in_force.is_collecting or draft.instruction or draft.message.is_past:
        return None
    attempt = _attempt_of(draft, at)
    if attempt is None:
        return None
    why = _why(draft, attempt, in_force, at)
    route = Route.AUTO if why == Why.CHOSEN else Route.PERSON
    entry = ledger.enter(attempt=attempt, draft=draft, route=route, why=why, at=at)
    if route == Route.AUTO and not sending.send(draft=draft, attempt=attempt):
        ledger.hold_back(entry=entry)
    return entry


def _attempt_of(draft: Draft, at: datetime) -> Attempt | None:
    """The open attempt of the draft's category and setups, locked; begun where they are in use, None where they are not any more."""
    assert draft.category is not None
    about = {"category": draft.category_id, "setup": draft.setup_id, "chooser": draft.category_setup_id}
    found = Attempt.objects.filter(**about, ended_at=None).select_related("setup", "chooser")
    if attempt := found.select_for_update(of=("self",), no_key=True).first():
        attempt.category = draft.category
        return attempt
    if not _still_collects(draft.category):
        return None
    setup, chooser = draft.setup, draft.category_setup
    if setup is None or chooser is None or conditions.used_for(draft.category.pk) != (setup.pk, chooser.pk):
        return None
    return states.begin(category=draft.category, setup=setup, chooser=chooser, at=at)


def _still_collects(category: Category) -> bool:
    """Whether an attempt may begin: the terms may have become review only, which ended the one before, while the caller waited for it.

    The lock is that of whoever changes terms (`terms.save`): they end what is begun here, or it does not begin.
    """
    Category.objects.select_for_update(no_key=True).get(pk=category.pk)
    in_force = terms.of(category)
    return in_force is not None and in_force.is_collecting


def _why(draft: Draft, attempt: Attempt, in_force: Terms, at: datetime) -> LedgerEntry.Why:
    """Why the draft goes where it goes: CHOSEN if it may leave by itself."""
    if not attempt.is_unlocked:
        return Why.SUSPENDED if attempt.state == Attempt.State.SUSPENDED else Why.COLLECTING
    states.advance(attempt=attempt, ramp_sends=in_force.ramp_sends, at=at)
    if chance.share("audit", draft.pk) < audit_share(attempt, in_force, at=at):
        return Why.AUDIT
    if chance.share("ramp", draft.pk) >= states.SHARE[Attempt.State(attempt.state)]:
        return Why.RAMP
    if not conditions.is_within_hours(in_force, at=at):
        return Why.HOURS
    return _against(draft, attempt, in_force, at) or Why.CHOSEN


def audit_share(attempt: Attempt, in_force: Terms, *, at: datetime) -> float:
    """Which share of the unlocked drafts still goes to people."""
    is_young = attempt.unlocked_at is not None and attempt.unlocked_at > at - YOUNG
    return max(in_force.audit_share, YOUNG_SHARE) if is_young or _is_small(attempt, at) else in_force.audit_share


def _is_small(attempt: Attempt, at: datetime) -> bool:
    """Whether fewer drafts than `SMALL` came lately, told by when the one that lies as far back did."""
    before = attempt.entries.filter(position=attempt.entered - SMALL + 1).values_list("at", flat=True).first()
    return before is None or before < at - YOUNG


def _against(draft: Draft, attempt: Attempt, in_force: Terms, at: datetime) -> LedgerEntry.Why | None:
    """What stands against sending a draft that chance has chosen."""
    if switch.lock().stopped_at:
        return Why.STOPPED
    if problem := conditions.trouble(attempt):
        states.suspend(attempt=attempt, cause=problem[0], words=problem[1], at=at)
        return Why.SUSPENDED
    if not conditions.is_confirmed(attempt, at=at):
        return Why.MODEL
    if draft.state != Draft.State.READY or people.who_is_first(draft=draft, conversation=draft.conversation):
        return Why.PERSON_FIRST
    return _capped(draft, attempt, in_force, at)


def _capped(draft: Draft, attempt: Attempt, in_force: Terms, at: datetime) -> LedgerEntry.Why | None:
    recipient, talk = draft.message.from_address, draft.conversation
    full = caps.reached(attempt=attempt, conversation=talk, recipient=recipient, terms=in_force, at=at)
    if full and full.is_alarming:
        states.suspend(attempt=attempt, cause=Cause.CAP, words=full.words, at=at)
    return Why.CAP if full else None
