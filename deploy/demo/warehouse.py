"""The demo company's warehouse: a schema of its own beside the product's tables, and a login that may read nothing else."""

from decimal import Decimal
from typing import TypeAlias
from urllib.parse import quote

from django.db import connection
from psycopg import sql

from deploy.demo import tables

Row: TypeAlias = tuple[str | int | Decimal | None, ...]

READER = "warehouse_reader"
STATES = {"open": "waiting", "confirmed": "picked", "backordered": "waiting", "packed": "packed", "shipped": "left"}
"""How far the warehouse is with an order, by how far the order is."""
TABLE = """
    CREATE SCHEMA IF NOT EXISTS warehouse;
    CREATE TABLE IF NOT EXISTS warehouse.packing (
        order_number text PRIMARY KEY, customer_number text NOT NULL, state text NOT NULL, parcels int, weight_kg numeric(8, 1),
        packed_on date, dock text
    )
"""
ROW = """
    INSERT INTO warehouse.packing (order_number, customer_number, state, parcels, weight_kg, packed_on, dock)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
GRANT = "GRANT USAGE ON SCHEMA warehouse TO {role}; GRANT SELECT ON warehouse.packing TO {role}"


def build(*, password: str) -> None:
    """Make and fill what is missing. Needs a database user who may create roles, as that of the embedded server may."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.executemany(ROW, rows())
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [READER])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        role = sql.Identifier(READER)
        words = sql.SQL(verb + " ROLE {role} LOGIN PASSWORD {password}").format(role=role, password=sql.Literal(password))
        cursor.execute(words)
        cursor.execute(sql.SQL(GRANT).format(role=role))


def rows() -> list[Row]:
    """The orders that the warehouse is at, each with its parcels."""
    lines: dict[str, int] = {}
    for line in tables.rows("order_lines"):
        lines[line["order"]] = lines.get(line["order"], 0) + int(line["quantity"])
    return [_row(order, lines.get(order["number"], 1)) for order in tables.rows("orders") if order["status"] in STATES]


def address() -> str:
    """The address of the database for the reader."""
    server = connection.settings_dict
    if str(server["HOST"]).startswith("/"):
        return f"postgresql://{READER}@/{server['NAME']}?host={quote(str(server['HOST']), safe='')}"
    return f"postgresql://{READER}@{server['HOST'] or '127.0.0.1'}:{server['PORT'] or 5432}/{server['NAME']}"


def _row(order: dict[str, str], pieces: int) -> Row:
    state = STATES[order["status"]]
    if state in {"waiting", "picked"}:
        return (order["number"], order["customer"], state, None, None, None, None)
    packed_on = order["shipped_on"] or order["ordered_on"]
    dock = f"Dock {1 + int(order['number'][-1]) % 4}" if state == "packed" else None
    return (order["number"], order["customer"], state, 1 + pieces // 12, Decimal(pieces) * 2 + Decimal("0.5"), packed_on, dock)
