"""Emptying the database after a test that commits.

Django truncates every table and then makes all permissions anew, which takes longer than many a test. Few tables have rows at all.
"""

import time

from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

KEPT = {"django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
"""What no test that commits changes, the roles among them: a test finds the same whatever ran before."""


TRIES = 5


def empty() -> None:
    """Delete all rows that a test can have made; what refuses that to the product (triggers, references) is off meanwhile.

    What a page sent as it was closed may still be answered: where both wait for each other PostgreSQL ends one of them.
    """
    for left in reversed(range(TRIES)):
        try:
            _empty()
            return
        except OperationalError:
            if not left:
                raise
            time.sleep(1)


def _empty() -> None:
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in sorted(tables))  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        _obey_all_rules(cursor)
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(asked)
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        # As the migrations leave it.
        cursor.execute("INSERT INTO review_switch (id, words) VALUES (1, '')")


def _obey_all_rules(cursor: CursorWrapper) -> None:
    """Switch on again what a test switched off to make rows that the product could not make step by step."""
    cursor.execute("SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger WHERE tgenabled = 'D'")
    for table, trigger in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def quickly() -> None:
    """From now on tests that commit are followed by `empty` alone."""

    def tear_down(case: TransactionTestCase) -> None:
        empty()

    TransactionTestCase._fixture_teardown = tear_down  # type: ignore[attr-defined]
