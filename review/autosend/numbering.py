"""Numbering: later attempts of a category need more proof, since each could be unlocked by mistake."""

from datetime import datetime, timedelta

from django.utils import timezone

from drafting.models import Category
from review import confidence
from review.ledger import evidence
from review.models import Attempt

ATTEMPTS_WITHIN = timedelta(days=365)


def number_of(category: Category, *, besides: Attempt | None = None, at: datetime | None = None) -> int:
    """Which attempt of the category this one is, of those that could have been unlocked by mistake: others had enough verdicts for it."""
    terms = next(evidence.terms_in_force([category.pk]), None)
    if terms is None:
        return 1
    since = (at or timezone.now()) - ATTEMPTS_WITHIN
    enough = confidence.reviews_needed(0, terms.epsilon, terms.alpha)
    others = Attempt.objects.filter(category=category, began_at__gt=since, n__gte=enough)
    return 1 + others.exclude(pk=besides.pk if besides else 0).count()
