"""The page of one category: how it stands, what must happen next, the chart, and what an admin can do."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from drafting.models import Category
from review import autosend
from review.desk import words
from review.desk.automation import overview, pending, progress, rates, states, story
from review.desk.automation.lost import Lost
from review.desk.automation.overview import About
from review.desk.automation.pending import Pending
from review.desk.automation.progress import Proof
from review.desk.automation.shares import bound, percent
from review.desk.automation.standing import Used
from review.desk.automation.states import Next, State
from review.desk.automation.story import Story
from review.desk.tabs import Tab, Tabs
from review.ledger.evidence import PROOF_SHARE, Evidence
from review.models import Attempt, Terms
from review.models.automation import EVERY_DAY

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PAGES = (("Proof", "automation_category"), ("Ledger", "automation_ledger"), ("Terms", "automation_terms"))


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be done now. `locked` are the reasons why it cannot be unlocked yet; empty also where that is not the question."""

    can_start: bool
    can_stop: bool
    can_unlock: bool
    locked: list[str]
    can_resume: bool
    can_earn_again: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page shows. `facts` are names and values, `terms` likewise."""

    category: Category
    state: State
    cause: str
    said: str
    next: Next
    proof: Proof | None
    pending: Pending | None
    facts: list[tuple[str, str, str]]
    terms: list[tuple[str, str]]
    waits: bool
    story: Story
    lost: Lost | None
    acts: Acts


def page(category: Category, used: Used, *, links: bool) -> Page:
    """The page of `category`; `links` for those who may open replays."""
    one = overview.about([category], used)[0]
    attempt, terms, found = one.attempt, one.terms, one.evidence
    usual, waits = terms or Terms(), pending.pending(attempt) if attempt else None
    return Page(
        category=category,
        state=states.state(terms, attempt),
        cause=attempt.get_cause_display() if attempt else "",
        said=(overview.newest_step(attempt) or {}).get("words", "") if attempt and attempt.cause else "",
        next=states.next_step(terms, attempt, found),
        proof=progress.proof(found, attempt) if found and attempt and attempt.entered and states.is_counted(terms, attempt) else None,
        pending=waits,
        facts=_facts(one, waits),
        terms=terms_facts(terms) if terms else [],
        waits=one.waiting is not None,
        story=story.story(
            one.attempts,
            epsilon=found.tested_epsilon if found else usual.epsilon,
            threshold=found.threshold if found else 1 / (PROOF_SHARE * usual.alpha),
        ),
        lost=overview.losses([one], used, links=links).get(category.pk),
        acts=acts(one),
    )


def acts(one: About) -> Acts:
    """What an admin can do with a category now."""
    attempt = one.attempt
    is_suspended = attempt is not None and attempt.state == Attempt.State.SUSPENDED
    is_unlocked = attempt is not None and attempt.is_unlocked
    is_ready = attempt is not None and attempt.state == Attempt.State.READY
    collects = states.is_collecting(one.terms)
    return Acts(
        can_start=not collects,
        can_stop=collects,
        can_unlock=is_ready and collects,
        locked=[] if is_ready or is_unlocked or is_suspended or not collects else locked(attempt, one.evidence),
        can_resume=attempt is not None and autosend.states.can_resume(attempt),
        can_earn_again=is_suspended,
    )


def locked(attempt: Attempt | None, found: Evidence | None) -> list[str]:
    """Why it is not proven yet, in words."""
    if attempt is None or found is None:
        return ["No draft of this category has been judged under the setup in use."]
    reasons = []
    if found.n < found.needed:
        reasons.append(f"{words.count(found.needed - found.n, 'clean review')} more are needed, if none of them is unsafe.")
    if found.missing_planted:
        reasons.append(f"{words.count(found.missing_planted, 'more planted draft')} must be judged and caught.")
    return reasons or ["The proof has just become complete; look again in a moment."]


def tabs(category: Category, *, here: str, is_admin: bool) -> Tabs:
    """The pages of a category; the terms are for admins."""
    shown = [each for each in PAGES if is_admin or each[1] != "automation_terms"]
    return Tabs(category.name, [Tab(name, reverse(target, args=[category.pk]), target == here) for name, target in shown])


def terms_facts(terms: Terms) -> list[tuple[str, str]]:
    """Terms in words."""
    hours = f"{terms.from_hour:%H:%M} to {terms.until_hour:%H:%M}" if terms.from_hour and terms.until_hour else "At any time"
    days = "every day" if sorted(terms.weekdays) == EVERY_DAY else ", ".join(DAYS[day] for day in sorted(terms.weekdays))
    return [
        ("To be proven", f"At most {bound(terms.epsilon)} of the replies are unsafe, {percent(1 - terms.alpha)} certain"),
        ("Audit hold", f"{percent(terms.audit_share)} go to a person first; 10{chr(160)}% in the first month and in small categories"),
        ("Ramp", f"{terms.ramp_sends:,} mails at 10{chr(160)}%, {terms.ramp_sends:,} at 50{chr(160)}%, then all"),
        ("Daily cap", f"{terms.daily_cap:,} mails in 24 hours"),
        ("Hours", f"{hours}, {days} ({settings.TIME_ZONE})"),
        ("Set by", format_html("{}, {}{}", words.person(terms.by), words.timed(terms.at), _agreed(terms))),
    ]


def _agreed(terms: Terms) -> str:
    if terms.confirmed_by is None:
        return ""
    other = words.person(terms.confirmed_by)
    return f", confirmed by {other}" if autosend.terms.is_confirmed(terms) else f"; no looser than {other} agreed to before"


def _facts(one: About, waits: Pending | None) -> list[tuple[str, str, str]]:
    """Names, values, and how each is defined."""
    attempt, found = one.attempt, one.evidence
    if attempt is None or found is None or waits is None:
        return []
    sent = ""
    if one.terms and (attempt.is_unlocked or attempt.state == Attempt.State.SUSPENDED):
        fared = rates.rates().get(one.category.pk)
        sent = f"{fared.auto_sent if fared else 0:,} of {one.terms.daily_cap:,}"
    unlocked = format_html("{}, {}", words.person(attempt.unlocked_by), words.timed(attempt.unlocked_at)) if attempt.unlocked_at else ""
    facts = [
        ("Audited error rate", ": ".join(filter(None, progress.error_rate(attempt.n, attempt.k))), progress.AUDITED),
        ("Planted drafts", progress.catch_rate(found), "Drafts made wrong on purpose, shown to the reviewers whose verdicts count"),
        ("Sent automatically", sent, rates.SENT),
        ("Unlocked by", unlocked, "Who unlocked it, and when"),
        ("Ledger", f"{attempt.entered:,} drafts, {waits.open:,} without a verdict yet", "In order of arrival"),
        ("Setup", f"{attempt.setup}, attempt {attempt.number}", "Later attempts within 12 months must prove more"),
    ]
    return [fact for fact in facts if fact[1]]
