"""Uploaded files into the built-in tables: looked at first, then taken by a worker with visible progress; all of a file, or nothing of it.

uploaded → waiting → running → done | refused. A file whose worker vanished is taken again: taking it twice changes nothing.
"""

import io
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Q
from django.utils import timezone

from drafting import tables
from drafting.errors import Refused
from drafting.models import TableImport

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LARGEST_FILE = 30_000_000
"""Bytes."""
TOO_LARGE = f"The file is larger than {LARGEST_FILE // 1_000_000} MB; split it, each part with the line of columns."
SHOWN_ROWS = 8
LOST_AFTER = timedelta(minutes=2)
KEPT_UPLOADS = timedelta(days=1)
"""How long a file waits for somebody to decide whether it is taken."""
TELL_SECONDS = 0.3
NOT_TAKEN = "The database did not take these rows. Another change may have come between; try again."

State = TableImport.State


def upload(*, table: str, file_name: str, content: bytes, by: "User") -> TableImport:
    """Keep a file to look at. Raises RowErrors where it cannot be for that table, Refused where it is too large."""
    if len(content) > LARGEST_FILE:
        raise Refused(TOO_LARGE)
    columns, rows = tables.first_rows(name=table, file=_text(content), count=SHOWN_ROWS)
    TableImport.objects.filter(state=State.UPLOADED, created_at__lt=timezone.now() - KEPT_UPLOADS).delete()
    shown = [[cell[:200].replace("\x00", "\ufffd") for cell in row] for row in rows]
    return TableImport.objects.create(
        table=table, file_name=file_name[:200], content=content, size=len(content), columns=columns, first_rows=shown, by=by
    )


def begin(*, import_id: int) -> bool:
    """Have a file taken that was looked at. Says whether this was the first time that somebody asked for it."""
    return bool(TableImport.objects.filter(pk=import_id, state=State.UPLOADED).update(state=State.WAITING))


def discard(*, import_id: int) -> None:
    """Throw a file away that was only looked at."""
    TableImport.objects.filter(pk=import_id, state=State.UPLOADED).delete()


def waiting() -> list[int]:
    """The files that somebody should take now, oldest first."""
    lost = Q(state=State.RUNNING, seen_at__lt=timezone.now() - LOST_AFTER)
    return list(TableImport.objects.filter(Q(state=State.WAITING) | lost).order_by("pk").values_list("pk", flat=True)[:20])


def run(*, import_id: int) -> None:
    """Take a file, unless somebody else does or did; however it ends, the row says how."""
    now = timezone.now()
    mine = TableImport.objects.filter(pk=import_id)
    lost = Q(state=State.RUNNING, seen_at__lt=now - LOST_AFTER)
    if not mine.filter(Q(state=State.WAITING) | lost).update(state=State.RUNNING, seen_at=now, checked=0, done=0):
        return
    one = TableImport.objects.select_related("by").get(pk=import_id)
    try:
        with _Teller(import_id) as teller:
            count = tables.import_table(
                name=one.table, file=_text(bytes(one.content)), by=one.by, progress=teller.wrote, checking=teller.checked
            )
    except tables.RowErrors as error:
        _end(import_id, State.REFUSED, errors=[{"line": line, "words": words} for line, words in error.errors])
    except DatabaseError:
        _end(import_id, State.REFUSED, errors=[{"line": 0, "words": NOT_TAKEN}])
        raise
    else:
        _end(import_id, State.DONE, rows=count, checked=count, done=count)


class _Teller:
    """Tells how far it is, over a connection of its own: what the import's own transaction writes is seen by nobody before its end."""

    def __init__(self, import_id: int) -> None:
        self._id = import_id
        self._told = 0.0

    def __enter__(self) -> "_Teller":
        self._connection = connections.create_connection(DEFAULT_DB_ALIAS)
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def checked(self, count: int, of: int) -> None:
        """So many rows were looked at."""
        self._tell("checked = %s, rows = %s", count, of)

    def wrote(self, count: int) -> None:
        """So many rows were written."""
        self._tell("done = %s", count)

    def _tell(self, what: str, *values: int) -> None:
        if time.monotonic() - self._told < TELL_SECONDS:
            return
        self._told = time.monotonic()
        with self._connection.cursor() as cursor:
            cursor.execute(f"UPDATE drafting_tableimport SET {what}, seen_at = now() WHERE id = %s", [*values, self._id])  # noqa: S608


def _end(import_id: int, state: str, **values: object) -> None:
    TableImport.objects.filter(pk=import_id).update(state=state, content=b"", finished_at=timezone.now(), **values)


def _text(content: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
