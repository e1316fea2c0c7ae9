"""Sums of outcomes by day and by month, made again in SQL for the groups that changed: a day, mailbox, category and setup."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from review.models import MEASURES, Tally
from review.reports.durations import LOWERS, UPPERS

Group = tuple[date, int, int | None, int | None]
"""Day, mailbox, category and setup; months are summed for all months that a day is in."""
_GIVEN = "unnest(%(days)s::date[], %(mailboxes)s::bigint[], %(categories)s::bigint[], %(setups)s::bigint[]) AS {}"
_DAYS = _GIVEN.format("g(day, mailbox, category, setup)")
_MONTHS = f"""(SELECT DISTINCT date_trunc('month', day::timestamp)::date AS day, mailbox, category, setup
    FROM {_GIVEN.format("s(day, mailbox, category, setup)")}) AS g"""  # noqa: S608 - fixed texts of this module
_OF_GROUP = "r.mailbox_id = g.mailbox AND coalesce(r.category_id, 0) = g.category AND coalesce(r.setup_id, 0) = g.setup"
# OFFSET keeps the planner to one look into the index for each group: it cannot know how few rows each has.
_ROWS = f"""{{groups}} CROSS JOIN LATERAL (
    SELECT * FROM {{table}} r WHERE r.span = '{{span}}' AND {_OF_GROUP} AND r."on" >= g.day AND r."on" < {{end}} OFFSET 0) AS r"""  # noqa: S608
_NEXT_DAY, _NEXT_MONTH = "g.day + 1", "(g.day + interval '1 month')::date"
_OF_OUTCOMES = f"review_outcome r JOIN {_DAYS} ON r.day = g.day AND {_OF_GROUP}"
_BUCKET = "(%(uppers)s::int[])[width_bucket(r.{}, %(lowers)s::int[])]::text"
_KEYS = f"""CROSS JOIN LATERAL (
    VALUES ('first_resp', {_BUCKET.format("first_response_seconds")}), ('resolution', {_BUCKET.format("resolution_seconds")}),
        ('review', CASE WHEN r.reviews > 0 THEN {_BUCKET.format("review_seconds")} END),
        ('hour', r.hour_of_week::text), ('hand_over', nullif(r.hand_over_reason, ''))
    UNION ALL SELECT 'edit', unnest(r.edit_reasons) UNION ALL SELECT 'check', unnest(r.failed_checks)) AS k(kind, key)"""


_KEY = ('"on"', "mailbox_id", "category_id", "setup_id")


@dataclass(frozen=True, slots=True)
class _Sums:
    """A table of sums: by what it is summed beside the group, and what, from outcomes and from the sums of days."""

    table: str
    once: str
    by: tuple[str, ...]
    counted: tuple[str, ...]
    of_outcomes: tuple[str, ...]
    of_days: tuple[str, ...]
    keys: str = ""
    where: str = ""


_SUM_OF = tuple(f"sum(r.{name})" for name in MEASURES)
_TALLY = _Sums("review_tally", "tally_once", (), MEASURES, _SUM_OF, _SUM_OF)
_SPREAD = _Sums(
    "review_spread", "spread_once", ("kind", "key"), ("count",), ("count(*)",), ("sum(r.count)",), _KEYS, "AND k.key IS NOT NULL"
)


def sum_again(groups: Collection[Group]) -> None:
    """Make the sums of these groups again, and those of the months that their days are in, from the outcomes as they are.

    Only rows whose sums changed are written.
    """
    if not groups:
        return
    given = _parameters(groups)
    with connection.cursor() as cursor:
        for span in Tally.Span.values:
            for sums in (_TALLY, _SPREAD):
                cursor.execute(_replace(sums, span), given)


def differing(groups: Collection[Group]) -> list[tuple[str, date]]:
    """The spans and days on which sums of these groups are not what outcomes (of months: the sums of days) add up to."""
    if not groups:
        return []
    found: set[tuple[str, date]] = set()
    with connection.cursor() as cursor:
        for span in Tally.Span.values:
            for sums in (_TALLY, _SPREAD):
                cursor.execute(_differ(sums, span), _parameters(groups))
                found |= {(span, day) for (day,) in cursor.fetchall()}
    return sorted(found)


def groups_of(days: Collection[date]) -> set[Group]:
    """The groups of which there are outcomes or sums on these days."""
    sql = """SELECT "on", mailbox_id, category_id, setup_id FROM review_tally WHERE "on" = ANY(%(days)s)
        UNION SELECT day, mailbox_id, category_id, setup_id FROM review_outcome WHERE day = ANY(%(days)s)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"days": list(days)})
        return set(cursor.fetchall())


def _parameters(groups: Collection[Group]) -> dict[str, Any]:
    rows = [(day, mailbox, category or 0, setup or 0) for day, mailbox, category, setup in groups]
    columns = zip(("days", "mailboxes", "categories", "setups"), zip(*rows, strict=True), strict=True)
    return {name: list(values) for name, values in columns} | {"uppers": list(UPPERS), "lowers": list(LOWERS)}


def _summed(sums: _Sums, span: str) -> str:
    """SQL: what the rows of the groups should be."""
    if span == Tally.Span.DAY:
        source, counted = f"{_OF_OUTCOMES} {sums.keys} WHERE r.day = ANY(%(days)s) {sums.where}", sums.of_outcomes
    else:
        source, counted = _ROWS.format(groups=_MONTHS, table=sums.table, span=Tally.Span.DAY, end=_NEXT_MONTH), sums.of_days
    keyed = "k" if span == Tally.Span.DAY else "r"
    key = ", ".join(("g.day", "r.mailbox_id", "r.category_id", "r.setup_id", *(f"{keyed}.{name}" for name in sums.by)))
    return f"SELECT {key}, {', '.join(counted)} FROM {source} GROUP BY {key}"  # noqa: S608 - fixed texts of this module


def _kept(sums: _Sums, span: str) -> str:
    """SQL: which rows of the groups there are."""
    groups = _DAYS if span == Tally.Span.DAY else _MONTHS
    names = ", ".join(f"r.{name}" for name in (*_KEY, *sums.by, *sums.counted))
    return f"SELECT {names} FROM {_ROWS.format(groups=groups, table=sums.table, span=span, end=_NEXT_DAY)}"  # noqa: S608


def _replace(sums: _Sums, span: str) -> str:
    """SQL that makes the rows of the groups what they should be. EXCEPT takes empty categories for equal, and its time does not grow
    with the square of the rows as that of NOT EXISTS does where the planner expects few."""
    key, names = ", ".join((*_KEY, *sums.by)), ", ".join(sums.counted)
    same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM x.{name}" for name in (*_KEY[2:], *sums.by))
    return f"""WITH n ({key}, {names}) AS MATERIALIZED ({_summed(sums, span)}), kept AS MATERIALIZED ({_kept(sums, span)}),
        gone AS (DELETE FROM {sums.table} r USING (SELECT {key} FROM kept EXCEPT SELECT {key} FROM n) AS x
            WHERE r.span = '{span}' AND r."on" = x."on" AND r.mailbox_id = x.mailbox_id AND {same})
        INSERT INTO {sums.table} AS r (span, {key}, {names}) SELECT '{span}', * FROM (SELECT * FROM n EXCEPT SELECT * FROM kept) AS changed
        ON CONFLICT ON CONSTRAINT {sums.once} DO UPDATE SET ({names}) = ROW ({", ".join(f"EXCLUDED.{name}" for name in sums.counted)})"""  # noqa: S608


def _differ(sums: _Sums, span: str) -> str:
    """SQL: the days of rows that should be otherwise, or should be and are not, or the reverse."""
    summed, kept = _summed(sums, span), _kept(sums, span)
    return f"""SELECT DISTINCT found.day FROM (
        (({summed}) EXCEPT ({kept})) UNION ALL (({kept}) EXCEPT ({summed}))) AS found (day)"""  # noqa: S608
