"""The SQL connector, against a real PostgreSQL: what it reads, and what it cannot do."""

import time

import pytest
from django.db import connection

from drafting.connectors import asking
from drafting.connectors import sql as sql_connector
from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import Connector
from drafting.tools import Scope
from tests.drafting.connectors import servers
from tests.drafting.connectors.conftest import make_tool

MINE = "SELECT * FROM shipments WHERE number = %(query)s AND customer = %(customer_number)s"


def ask(connector: Connector, query: str, scope: Scope, text: str = "x", **about: object) -> object:
    fields = about.pop("fields", {"state": "text"})
    return asking.ask(make_tool(connector, request={"sql": query}, fields=fields, **about), scope, text)  # type: ignore[arg-type]


def test_a_row_becomes_evidence_in_the_spelling_of_the_built_in_tools(sql: Connector, scope: Scope) -> None:
    fields = {"state": "text", "parcels": "number", "weight": "number", "value": "amount", "packed_on": "date packed_at"}
    fields |= {"is_insured": "yes_no", "customer": "customer_number"}
    answer = ask(sql, MINE, scope, "SO-1", needs_customer=True, fields=fields)
    assert answer == {
        "state": "packing",
        "parcels": 2,
        "weight": "12.5",
        "value": "1234.50",
        "packed_on": "2026-11-20",
        "is_insured": True,
        "customer": "K-1",
    }


def test_several_rows_become_a_list_and_none_is_not_found(sql: Connector, scope: Scope) -> None:
    found = ask(sql, "SELECT number FROM shipments ORDER BY number", scope, fields={"number": "text"})
    assert found == [{"number": "SO-1"}, {"number": "SO-2"}]
    with pytest.raises(NotFound, match="Warehouse found nothing"):
        ask(sql, MINE, scope, "SO-9", needs_customer=True, name="other")


@pytest.mark.parametrize("query", ["' OR 1=1 --", "SO-1'; DROP TABLE shipments; --", "%(customer_number)s", "SO-2", "%", "{}"])
def test_what_stands_in_a_query_stays_a_value(sql: Connector, scope: Scope, query: str) -> None:
    with pytest.raises(NotFound):
        ask(sql, MINE, scope, query, needs_customer=True)
    assert ask(sql, "SELECT count(*) AS n FROM shipments", scope, fields={"n": "number"}, name="other") == {"n": 2}


def test_the_mailbox_and_the_day_are_bound_by_code(sql: Connector, scope: Scope) -> None:
    query = "SELECT %(mailbox)s::text AS mailbox, %(today)s::date + 1 AS tomorrow"
    answer = ask(sql, query, scope, fields={"mailbox": "text", "tomorrow": "date"})
    assert answer == {"mailbox": "info@shop.example", "tomorrow": "2026-11-23"}


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO shipments (number) VALUES ('x') RETURNING number AS state",
        "WITH gone AS (DELETE FROM shipments RETURNING number) SELECT number AS state FROM gone",
        "SELECT 1 AS state) AS answer; DELETE FROM shipments; SELECT (1",
        "COPY shipments TO PROGRAM 'true'",
        "SELECT set_config('transaction_read_only', 'off', false) AS state",
        "SELECT nextval('counter')::text AS state",
    ],
)
def test_nothing_but_reading_is_possible(sql: Connector, scope: Scope, query: str) -> None:
    with pytest.raises((Unavailable, Refused)):
        ask(sql, query, scope)
    assert ask(sql, "SELECT count(*) AS n FROM shipments", scope, fields={"n": "number"}, name="other") == {"n": 2}


def test_even_a_login_that_may_write_writes_nothing(sql: Connector, scope: Scope, warehouse: str) -> None:
    query = "SELECT lo_create(0)::text AS state"
    with pytest.raises(Refused, match="would change something"):
        ask(sql, query, scope)


def test_a_login_that_may_do_anything_is_refused(sql: Connector, scope: Scope) -> None:
    sql.address = servers._address("postgres", "warehouse_test")
    with pytest.raises(Refused, match="may only read"):
        ask(sql, "SELECT 1 AS state", scope)


def test_a_slow_query_ends_in_time(sql: Connector, scope: Scope) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable, match="Warehouse did not answer within 1 seconds"):
        ask(sql, "SELECT pg_sleep(20)::text AS state", scope)
    assert time.monotonic() - started < 10


def test_a_server_that_says_nothing_is_waited_for_no_longer_either(sql: Connector, scope: Scope) -> None:
    with servers.silent_server() as port:
        sql.address = f"postgresql://reader@127.0.0.1:{port}/warehouse"
        started = time.monotonic()
        with pytest.raises(Unavailable, match="did not answer within"):
            ask(sql, "SELECT 1 AS state", scope)
        assert time.monotonic() - started < 10


def test_too_many_rows_and_too_long_rows_are_not_taken(sql: Connector, scope: Scope) -> None:
    with pytest.raises(NotFound, match="more than 20 records"):
        ask(sql, "SELECT n AS state FROM generate_series(1, 1000000) AS n", scope)
    with pytest.raises(Refused, match="fewer columns"):
        ask(sql, "SELECT repeat('x', 50000000) AS state", scope, name="other")


def test_a_query_that_does_not_fit_its_column_is_not_found(sql: Connector, scope: Scope) -> None:
    with pytest.raises(NotFound, match="cannot look for that"):
        ask(sql, "SELECT 1 AS state WHERE 1 = %(query)s::text::int", scope, "abc")


def test_what_the_database_says_is_told_without_the_password(sql: Connector, scope: Scope) -> None:
    with pytest.raises(Unavailable, match='column "nothing" does not exist') as caught:
        ask(sql, "SELECT nothing FROM shipments", scope)
    assert "reads-only-7" not in str(caught.value)
    sql.secret, sql.address = "wrong-password-1", "postgresql://nobody-there@127.0.0.1:1/x"
    with pytest.raises(Unavailable, match="Warehouse cannot be asked") as caught:
        ask(sql, "SELECT 1 AS state", scope, name="other")
    assert "wrong-password-1" not in str(caught.value)


def test_no_connection_is_left_open(sql: Connector, scope: Scope) -> None:
    for number in range(3):
        ask(sql, "SELECT state FROM shipments", scope, name=f"tool_{number}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = 'warehouse_test' AND application_name = 'countersign'")
        assert cursor.fetchone()[0] <= 1


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://reader@db.example/warehouse", ""),
        ("postgresql://reader@/warehouse?host=%2Frun%2Fpg&sslmode=disable", ""),
        ("postgresql://reader:pass@db.example/warehouse", "field for secrets"),
        ("mysql://reader@db.example/warehouse", "postgresql://user@host:5432/database"),
        ("postgresql://reader@db.example", "postgresql://user@host:5432/database"),
        ("postgresql://reader@db.example/x?passfile=/etc/shadow", "passfile"),
        ("postgresql://reader@db.example:port/x", "cannot be read"),
    ],
)
def test_an_address_is_judged_before_it_is_kept(address: str, words: str) -> None:
    fault = sql_connector.address_fault(address)
    assert words in fault
    assert bool(words) == bool(fault)
