"""Lists in parts, each found by where the one before ended (keyset), so that the last part costs as little as the first."""

import base64
import binascii
from datetime import UTC, datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from review.api.problems import Problem
from review.api.shapes import Part

M = TypeVar("M", bound=Model)


def chosen(rows: QuerySet[M], **wanted: object) -> QuerySet[M]:
    """The rows with all these values; None asks for nothing."""
    return rows.filter(**{name: value for name, value in wanted.items() if value is not None})


def part(rows: QuerySet[M], asked: Part, *, by: str = "", descending: bool = True) -> tuple[list[M], str | None]:
    """The rows that are asked for, and the cursor of what follows, None at the end.

    They are ordered by `by`, a time that every row has, then by id; without `by` by id alone. Raises Problem for a cursor of somebody else.
    """
    limit, cursor = asked.limit, asked.cursor
    order = [by, "pk"] if by else ["pk"]
    after = _after(cursor, by=by, descending=descending) if cursor else Q()
    found = list(rows.filter(after).order_by(*(f"-{name}" if descending else name for name in order))[: limit + 1])
    return found[:limit], _cursor(found[limit - 1], by) if len(found) > limit else None


def _after(cursor: str, *, by: str, descending: bool) -> Q:
    beyond = "lt" if descending else "gt"
    at, pk = _read(cursor, timed=bool(by))
    if not by:
        return Q((f"pk__{beyond}", pk))
    # The first term is what an index is entered with.
    return Q((f"{by}__{beyond}e", at)) & (Q((f"{by}__{beyond}", at)) | Q((f"pk__{beyond}", pk)))


def _cursor(row: Model, by: str) -> str:
    at = getattr(row, by).isoformat() if by else ""
    return base64.urlsafe_b64encode(f"{at}/{row.pk}".encode()).decode().rstrip("=")


def _read(cursor: str, *, timed: bool) -> tuple[datetime | None, int]:
    try:
        at, _, pk = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars="-_", validate=True).decode("ascii").partition("/")
        moment = datetime.fromisoformat(at).astimezone(UTC) if timed else None
        if bool(at) != timed or not 0 < int(pk) < 2**63:
            raise ValueError(at, pk)
    except (ValueError, binascii.Error, OverflowError):
        words = "This cursor is not one of this list. Take next_cursor of the part before as it is, or ask without a cursor to begin anew."
        raise Problem(422, words, errors=[{"where": "query.cursor", "words": "Not a cursor of this list."}]) from None
    return moment, int(pk)
