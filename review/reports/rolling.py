"""Rolling up: outcomes and misses are made again for conversations in which something changed, and sums for the days that this concerns.

Whoever changes a row that reports count leaves a `Touched` row in the same transaction (triggers, migration 0017). A roll takes some of
them away and reads the conversations afterwards, so what commits meanwhile is either read or leaves its row for the next roll.
"""

import json
import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from review.models import Outcome, ReportZone, Touched
from review.next_nine import misses
from review.reports import histories, summing
from review.reports.outcomes import judge

MOST = 500
ASIDE = timedelta(hours=1)
"""So long a conversation waits that could not be counted."""
_LOCK = 0x5265706F
"""One roll at a time, in the whole database ("Repo")."""
_FIELDS = ("message_id", *(field.attname for field in Outcome._meta.concrete_fields if not field.primary_key))
_GROUP = tuple(_FIELDS.index(name) for name in ("day", "mailbox_id", "category_id", "setup_id"))
_Row = tuple[Any, ...]
_Taken = tuple[int, int, date | None, datetime]
"""The id of a `Touched` row, with its conversation, its day and its time."""
_log = logging.getLogger(__name__)


@transaction.atomic
def roll(*, most: int = MOST, waits: bool = True) -> int:
    """Take away at most so many `Touched` rows, the newest first, and bring up to date what they are about; says how many there were.

    Of two who roll at once the second waits, or unless `waits` does nothing.
    """
    if not _is_alone(waits):
        return 0
    taken = _take(most)
    if taken:
        _bring_up_to_date(taken)
    return len(taken)


def roll_all(*, most: int = 2000, tell: Callable[[int], object] = lambda done: None) -> int:
    """Roll until nothing is left to do; says how many `Touched` rows there were, and tells `tell` after each step."""
    done = 0
    while taken := roll(most=most):
        done += taken
        tell(done)
    return done


def sweep(*, seconds: float = 1.0) -> int:
    """Roll for about so long at most, in small steps: what a step adds holds its conversations for that moment. Says how many rows."""
    follow_zone()
    ends, done = time.monotonic() + seconds, 0
    while time.monotonic() < ends and (taken := roll(most=100, waits=False)):
        done += taken
    return done


@transaction.atomic
def touch_all() -> int:
    """Have everything made again, each conversation once; says how many there are."""
    _is_alone(waits=True)
    Touched.objects.filter(day=None).delete()
    return _touch("SELECT id FROM inbox_conversation ORDER BY id")


@transaction.atomic
def follow_zone() -> bool:
    """Have everything made again where days are those of another time zone than the installation's; says whether they were."""
    known = ReportZone.objects.filter(pk=1).values_list("name", flat=True).first()
    if known == settings.TIME_ZONE or not _is_alone(waits=False):
        return False
    ReportZone.objects.update_or_create(pk=1, defaults={"name": settings.TIME_ZONE})
    return bool(_touch("SELECT DISTINCT conversation_id FROM review_outcome ORDER BY 1"))


@transaction.atomic
def sum_again(days: Collection[date]) -> None:
    """Make all sums of these days again, and those of their months, whether or not anything changed."""
    _is_alone(waits=True)
    summing.sum_again(summing.groups_of(days))


def compare(conversations: Collection[int]) -> list[int]:
    """The ids of messages in these conversations whose outcome is not what the raw rows say."""
    before, now = _kept(conversations), _judged(conversations)
    return sorted(pk for pk in before.keys() | now.keys() if before.get(pk) != (_row(now[pk]) if pk in now else None))


def _touch(conversations: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO review_touched (conversation_id) {conversations}")
        return int(cursor.rowcount)


def _is_alone(waits: bool) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s) IS NOT NULL" if waits else "SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _take(most: int) -> list[_Taken]:
    table = Touched._meta.db_table
    newest = f"SELECT id FROM {table} WHERE aside_until IS NULL OR aside_until <= %s ORDER BY id DESC LIMIT %s"  # noqa: S608 - a table of ours
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id IN ({newest}) RETURNING id, conversation_id, day, at", [timezone.now(), most])  # noqa: S608
        return list(cursor.fetchall())


def _bring_up_to_date(taken: Sequence[_Taken]) -> None:
    """Count what the rows are about. Where that fails, each half by itself, so that one conversation never keeps the others waiting."""
    conversations = sorted({conversation for _, conversation, _, _ in taken})
    try:
        with transaction.atomic():
            changed = _make_again(conversations) | summing.groups_of({day for _, _, day, _ in taken if day})
            summing.sum_again(changed)
            misses.make_again(conversations=conversations)
    except Exception:  # noqa: BLE001 - the fault is ours, so it is logged with its place
        if len(conversations) == 1:
            _put_aside(taken)
            return
        middle = conversations[len(conversations) // 2]
        _bring_up_to_date([row for row in taken if row[1] < middle])
        _bring_up_to_date([row for row in taken if row[1] >= middle])


def _put_aside(taken: Sequence[_Taken]) -> None:
    """Give the rows of a conversation back as they were, to be taken again later. Called where an error is handled."""
    _log.exception("Conversation %s cannot be counted for reports. It is tried again in an hour.", taken[0][1])
    until = timezone.now() + ASIDE
    Touched.objects.bulk_create(
        Touched(id=pk, conversation_id=conversation, day=day, at=at, aside_until=until) for pk, conversation, day, at in taken
    )


def _make_again(conversations: Collection[int]) -> set[summing.Group]:
    """Write the outcomes that are not what they were; returns the groups that they were or are in."""
    before, now = _kept(conversations), _judged(conversations)
    rows = {pk: _row(outcome) for pk, outcome in now.items()}
    gone = [pk for pk in before if pk not in now]
    changed = [pk for pk, row in rows.items() if before.get(pk) != row]
    if gone:
        Outcome.objects.filter(pk__in=gone).delete()
    _write([rows[pk] for pk in changed])
    return _groups(before[pk] for pk in (*gone, *changed) if pk in before) | _groups(rows[pk] for pk in changed)


def _write(rows: list[_Row]) -> None:
    """As JSON: a parameter for each value takes eight times as long."""
    names = ", ".join(_FIELDS)
    sql = f"""INSERT INTO review_outcome ({names}) SELECT {names} FROM json_populate_recordset(NULL::review_outcome, %s)
        ON CONFLICT (message_id) DO UPDATE SET ({names}) = ROW ({", ".join(f"EXCLUDED.{name}" for name in _FIELDS)})"""  # noqa: S608
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(sql, [json.dumps([dict(zip(_FIELDS, row, strict=True)) for row in rows], default=str)])


def _kept(conversations: Collection[int]) -> dict[int, _Row]:
    rows = Outcome.objects.filter(conversation__in=list(conversations)).values_list(*_FIELDS)
    return {row[0]: row for row in rows}


def _judged(conversations: Collection[int]) -> dict[int, Outcome]:
    return {outcome.message_id: outcome for history in histories.load(conversations) for outcome in judge(history)}


def _row(outcome: Outcome) -> _Row:
    return tuple(getattr(outcome, name) for name in _FIELDS)


def _groups(rows: Iterable[_Row]) -> set[summing.Group]:
    day, mailbox, category, setup = _GROUP
    return {(row[day], row[mailbox], row[category], row[setup]) for row in rows}
