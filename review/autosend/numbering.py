"""Numbering: later attempts of a category need more proof, since each could be unlocked by mistake."""

from datetime import datetime, timedelta

from django.utils import timezone

from drafting.models import Category
from review import confidence
from review.ledger import evidence
from review.models import Attempt

ATTEMPTS_WITHIN = timedelta(days=365)


def number_of(category: Category, *, besides: Attempt | None = None, at: datetime | None = None) -> int:
    """Which attempt of the category this one is: one more than those of the last 12 months that cost something.

    An attempt costs nothing that is dropped with its stake whole (E of 1 or more) before it could have been unlocked: who begins again with
    1 then gives something away. One that was losing does, else it would pay to begin again with each unsafe draft until none comes.
    """
    terms = next(evidence.terms_in_force([category.pk]), None)
    if terms is None:
        return 1
    enough = confidence.reviews_needed(0, terms.epsilon, terms.alpha)
    since = (at or timezone.now()) - ATTEMPTS_WITHIN
    begun = Attempt.objects.filter(category=category, began_at__gt=since, n__gt=0).exclude(pk=besides.pk if besides else 0)
    others = list(begun)
    found = evidence.standings(others, at=at)
    return 1 + sum(other.n >= enough or found[other.pk].log_e < 0 for other in others)
