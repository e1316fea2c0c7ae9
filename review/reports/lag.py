"""Whether reports lag behind what happened."""

from datetime import timedelta

from django.db.models import QuerySet, Subquery
from django.utils import timezone

from review.models import Touched

USUAL = timedelta(minutes=1)
"""What changed less than this ago is as good as counted: the sweep comes every few seconds."""


def waiting() -> QuerySet[Touched]:
    """All rows that wait to be counted where the oldest has waited for longer than usual, else none.

    Only the oldest is looked at where nothing lags; one that was put aside keeps its place.
    """
    oldest = Subquery(Touched.objects.order_by("pk").values("at")[:1])
    return Touched.objects.alias(oldest=oldest).filter(oldest__lt=timezone.now() - USUAL)


def uncounted() -> int:
    """In how many conversations something changed that is not counted yet; 0 where nothing lags."""
    return waiting().values("conversation_id").distinct().count()
