"""Sums of outcomes by day and by month, made again in SQL for the groups that changed: a day, mailbox, category and setup."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from review.models import MEASURES
from review.reports.durations import LOWERS, UPPERS

Group = tuple[date, int, int | None, int | None]
"""Day, mailbox, category and setup; months are summed for all months that a day is in."""
_GIVEN = "unnest(%(days)s::date[], %(mailboxes)s::bigint[], %(categories)s::bigint[], %(setups)s::bigint[]) AS {}"
_DAYS = _GIVEN.format("g(day, mailbox, category, setup)")
_MONTHS = f"""(SELECT DISTINCT date_trunc('month', day)::date AS day, mailbox, category, setup
    FROM {_GIVEN.format("s(day, mailbox, category, setup)")}) AS g"""  # noqa: S608 - fixed texts of this module
_OF_GROUP = "r.mailbox_id = g.mailbox AND coalesce(r.category_id, 0) = g.category AND coalesce(r.setup_id, 0) = g.setup"
_OF_OUTCOMES = f"FROM review_outcome r JOIN {_DAYS} ON r.day = g.day AND {_OF_GROUP}"
_OF_DAYS = f"""FROM {{table}} r JOIN {_MONTHS} ON r.span = 'day' AND {_OF_GROUP}
    AND r."on" >= g.day AND r."on" < (g.day + interval '1 month')::date"""
_KEY = ('{}."on"', "{}.mailbox_id", "coalesce({}.category_id, 0)", "coalesce({}.setup_id, 0)")
_BUCKET = "(%(uppers)s::int[])[width_bucket(r.{}, %(lowers)s::int[])]::text"
_KEYS = f"""CROSS JOIN LATERAL (
    VALUES ('first_resp', {_BUCKET.format("first_response_seconds")}), ('resolution', {_BUCKET.format("resolution_seconds")}),
        ('review', CASE WHEN r.reviews > 0 THEN {_BUCKET.format("review_seconds")} END),
        ('hour', r.hour_of_week::text), ('hand_over', nullif(r.hand_over_reason, ''))
    UNION ALL SELECT 'edit', unnest(r.edit_reasons) UNION ALL SELECT 'check', unnest(r.failed_checks)) AS k(kind, key)"""


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
_SPREAD = _Sums("review_spread", "spread_once", ("kind", "key"), ("count",), ("count(*)",), ("sum(r.count)",), _KEYS, "k.key IS NOT NULL")


def sum_again(groups: Collection[Group]) -> None:
    """Make the sums of these groups again, and those of the months that their days are in, from the outcomes as they are.

    Only rows whose sums changed are written.
    """
    if not groups:
        return
    given = _parameters(groups)
    with connection.cursor() as cursor:
        for sums in (_TALLY, _SPREAD):
            by = tuple(f"k.{name}" for name in sums.by)
            source = f"{_OF_OUTCOMES} {sums.keys} WHERE r.day = ANY(%(days)s) {sums.where and 'AND ' + sums.where}"
            cursor.execute(_replace(sums, span="day", groups=_DAYS, by=by, counted=sums.of_outcomes, source=source), given)
        for sums in (_TALLY, _SPREAD):
            by = tuple(f"r.{name}" for name in sums.by)
            source = _OF_DAYS.format(table=sums.table)
            cursor.execute(_replace(sums, span="month", groups=_MONTHS, by=by, counted=sums.of_days, source=source), given)


def groups_of(days: Collection[date]) -> set[Group]:
    """The groups of which there are sums on these days."""
    with connection.cursor() as cursor:
        sql = """SELECT "on", mailbox_id, category_id, setup_id FROM review_tally WHERE span = 'day' AND "on" = ANY(%s)"""
        cursor.execute(sql, [list(days)])
        return set(cursor.fetchall())


def _parameters(groups: Collection[Group]) -> dict[str, Any]:
    rows = [(day, mailbox, category or 0, setup or 0) for day, mailbox, category, setup in groups]
    columns = zip(("days", "mailboxes", "categories", "setups"), zip(*rows, strict=True), strict=True)
    return {name: list(values) for name, values in columns} | {"uppers": list(UPPERS), "lowers": list(LOWERS)}


def _replace(sums: _Sums, *, span: str, groups: str, by: tuple[str, ...], counted: tuple[str, ...], source: str) -> str:
    """SQL that makes the rows of `groups` what `source` sums up to, by `by`."""
    key = ", ".join(('"on"', "mailbox_id", "category_id", "setup_id", *sums.by))
    summed = ", ".join(("g.day", "r.mailbox_id", "r.category_id", "r.setup_id", *by))
    names = ", ".join(sums.counted)
    keys = (*_KEY, *(f"{{}}.{name}" for name in sums.by))
    same = " AND ".join(f"{name.format('r')} = {name.format('n')}" for name in keys)
    excluded = ", ".join(f"EXCLUDED.{name}" for name in sums.counted)
    return f"""WITH n ({key}, {names}) AS MATERIALIZED (SELECT {summed}, {", ".join(counted)} {source} GROUP BY {summed}),
        gone AS (DELETE FROM {sums.table} r USING {groups} WHERE r.span = '{span}' AND r."on" = g.day AND {_OF_GROUP}
            AND NOT EXISTS (SELECT FROM n WHERE {same}))
        INSERT INTO {sums.table} AS r (span, {key}, {names}) SELECT '{span}', {key}, {names} FROM n
        ON CONFLICT ON CONSTRAINT {sums.once} DO UPDATE SET ({names}) = ROW ({excluded})
        WHERE ({", ".join(f"r.{name}" for name in sums.counted)})
            IS DISTINCT FROM ({excluded})"""  # noqa: S608
