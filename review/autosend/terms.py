"""What a category must prove, and within which limits it sends then: kept, confirmed by a second admin where it is loose, withdrawn."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from drafting.models import Category
from review import audit_log
from review.autosend import proving, states
from review.autosend.errors import NotNow
from review.models import Attempt, Terms
from review.models.automation import EVERY_DAY, STRICT_ALPHA, STRICT_EPSILON, STRICT_RAMP_SENDS

FIELDS = ("is_collecting", "epsilon", "alpha", "audit_share", "ramp_sends", "daily_cap", "from_hour", "until_hour", "weekdays")


def of(category: Category) -> Terms | None:
    """The terms in force; None where the category never had any and is review only."""
    return Terms.objects.filter(category=category, in_force_at__isnull=False).order_by("-pk").first()


def waiting(category: Category) -> Terms | None:
    """Terms that wait for a second admin's word."""
    return Terms.objects.filter(category=category, in_force_at=None, withdrawn_at=None).order_by("-pk").first()


@transaction.atomic
def save(*, category: Category, by: User, **values: Any) -> Terms:
    """Keep new terms: in force at once, unless they are looser than 2 %, 95 % or 100 mails and than what two admins agreed on before.

    `values` are those of FIELDS that change; the others stay as they are in force. What waited for confirmation is withdrawn. Raises NotNow
    for what cannot be.
    """
    _lock(category)
    before = of(category)
    kept = {name: getattr(before, name) for name in FIELDS} if before else {}
    new = Terms(category=category, by=by, **(kept | values))
    _require_sensible(new)
    Terms.objects.filter(category=category, in_force_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    other = _who_agreed(new, before)
    if not is_loose(new) or other:
        new.confirmed_by, new.in_force_at = other if is_loose(new) else None, timezone.now()
    new.save()
    audit_log.record(act="terms.saved", by=by, about=category.name, words=_words(new), terms=new.pk)
    if new.in_force_at:
        _take_effect(new, by)
    return new


@transaction.atomic
def confirm(*, terms: Terms, by: User) -> Terms:
    """A second admin's word for what is loose. Raises NotNow for who asked for it, and where it does not wait any more."""
    _lock(terms.category)
    if terms.by_id == by.pk:
        raise NotNow("You asked for these terms yourself; another admin has to confirm them.")
    now = timezone.now()
    if not _still_waiting(terms).update(confirmed_by=by, in_force_at=now):
        raise NotNow("These terms do not wait for confirmation any more.")
    terms.refresh_from_db()
    audit_log.record(act="terms.confirmed", by=by, about=terms.category.name, words=_words(terms), terms=terms.pk)
    _take_effect(terms, by)
    return terms


@transaction.atomic
def withdraw(*, terms: Terms, by: User) -> None:
    """Drop terms that wait. Raises NotNow where they do not wait any more."""
    _lock(terms.category)
    if not _still_waiting(terms).update(withdrawn_at=timezone.now()):
        raise NotNow("These terms do not wait for confirmation any more.")
    audit_log.record(act="terms.withdrawn", by=by, about=terms.category.name, words=_words(terms), terms=terms.pk)


def is_confirmed(terms: Terms) -> bool:
    """Whether `confirmed_by` saw these very terms. Otherwise they agreed before to some that were as loose."""
    return bool(terms.confirmed_by_id and terms.in_force_at and terms.in_force_at > terms.at)


def is_loose(terms: Terms) -> bool:
    """Whether they ask for less than an admin alone may."""
    return terms.epsilon > STRICT_EPSILON or terms.alpha > STRICT_ALPHA or terms.ramp_sends < STRICT_RAMP_SENDS


def _lock(category: Category) -> None:
    """Terms of a category change one at a time."""
    Category.objects.select_for_update(no_key=True).get(pk=category.pk)


def _still_waiting(terms: Terms) -> Any:
    return Terms.objects.filter(pk=terms.pk, in_force_at=None, withdrawn_at=None)


def _who_agreed(new: Terms, before: Terms | None) -> User | None:
    """Another admin who agreed before to terms that were as loose as these."""
    if before is None or new.epsilon > before.epsilon or new.alpha > before.alpha or new.ramp_sends < before.ramp_sends:
        return None
    return next((person for person in (before.by, before.confirmed_by) if person and person != new.by), None)


def _require_sensible(terms: Terms) -> None:
    try:
        terms.clean_fields(exclude=["category", "by", "confirmed_by", "in_force_at", "withdrawn_at"])
    except ValidationError as error:
        raise NotNow(" ".join(f"{name.replace('_', ' ')}: {' '.join(said)}" for name, said in error.message_dict.items())) from error
    if (terms.from_hour is None) != (terms.until_hour is None):
        raise NotNow("Give both hours, or none.")
    if terms.from_hour is not None and terms.from_hour == terms.until_hour:
        raise NotNow("The hours begin when they end, so nothing could ever leave; leave both empty for the whole day.")
    if not terms.weekdays or set(terms.weekdays) - set(EVERY_DAY):
        raise NotNow("Choose at least one day of the week.")


def _take_effect(terms: Terms, by: User) -> None:
    """What was proven by looser terms may not be by these; a category that does not collect any more proves nothing."""
    is_stricter = _is_stricter(terms)
    for attempt in Attempt.objects.filter(category=terms.category, ended_at=None).order_by("pk"):
        locked = states.lock(attempt)
        if not terms.is_collecting:
            states.end(attempt=locked, cause=Attempt.Cause.STOPPED, words="The category is review only now.", by=by)
        elif not locked.is_unlocked:
            proving.judge(attempt=locked)
        elif is_stricter:
            proving.judge_unlocked(attempt=locked)


def _is_stricter(terms: Terms) -> bool:
    """Whether more has to be proven than before. Other hours, say, are no reason to ask an unlocked category for its proof again."""
    earlier = Terms.objects.filter(category=terms.category, in_force_at__isnull=False).exclude(pk=terms.pk)
    before = earlier.order_by("-pk").first()
    return before is None or terms.epsilon < before.epsilon or terms.alpha < before.alpha


def _words(terms: Terms) -> str:
    if not terms.is_collecting:
        return "Review only."
    ramp = f"{terms.ramp_sends} mails in each step of the ramp"
    waits = "" if terms.in_force_at else " Waits for a second admin."
    return f"At most {terms.epsilon:.1%} unsafe, with certainty {1 - terms.alpha:.1%}; {ramp}; at most {terms.daily_cap} a day.{waits}"
