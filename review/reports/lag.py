"""Whether reports lag behind what happened."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

USUAL = timedelta(minutes=1)
"""What changed less than this ago is as good as counted: the sweep comes every few seconds."""


def uncounted() -> int:
    """In how many conversations something changed that is not counted yet; 0 where nothing has waited for longer than usual.

    One look at the oldest row of `Touched` (those that were put aside keep their place); only where that lags are all of them counted.
    """
    sql = """SELECT count(DISTINCT conversation_id) FROM review_touched
        WHERE (SELECT at FROM review_touched ORDER BY id LIMIT 1) < %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [timezone.now() - USUAL])
        return int(cursor.fetchone()[0])
