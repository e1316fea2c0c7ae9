"""Lookups in a PostgreSQL database: one named, read-only query, within a time, a number of rows and a size.

The query stands in a subquery, so it can only be one that reads, and the server itself cuts what is too long and writes each row as JSON.
Values travel beside the query (the extended protocol, which takes one statement only), never in it.
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

from drafting.connectors import fields, waiting
from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import Connector, ConnectorTool

LONGEST_ROW = 50_000
"""Characters of a row as JSON."""
OPTIONS = {"host", "sslmode"}
"""What may stand behind the "?" of an address; other options of PostgreSQL's client name files of this machine."""
QUERY = "SELECT left(row_to_json(answer)::text, {longest}) FROM (\n{sql}\n) AS answer LIMIT {most}"
MIGHTY = """
    SELECT rolsuper OR EXISTS (
        SELECT FROM pg_roles AS other
        WHERE other.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
        AND pg_has_role(current_user, other.oid, 'member'))
    FROM pg_roles WHERE rolname = current_user
"""
"""Whether the login could leave the database: read files of its server, or run programs there."""
TOO_MIGHTY = "its login may do anything on the database server; use one that may only read what is needed"


class WrongQuery(Unavailable):
    """The database was reached and cannot run the query: mend it."""


def ask(tool: ConnectorTool, values: dict[str, str]) -> list[Any]:
    """The rows, each an object. Raises Unavailable, NotFound, Refused or TimeoutError."""
    return _run(tool.connector, _wrapped(str(tool.request["sql"])), values)


def explain(tool: ConnectorTool, values: dict[str, str]) -> None:
    """Let the database read the query without running it. Raises WrongQuery or Refused with what is wrong, or Unavailable."""
    _run(tool.connector, f"EXPLAIN {_wrapped(str(tool.request['sql']))}", values, is_plan=True)


def address_fault(address: str) -> str:
    """What is wrong with a database's address, or ""."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        return f"The address cannot be read ({error})."
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/") or not parts.username:
        return "Write the address as postgresql://user@host:5432/database."
    if parts.password:
        return "The address holds a password; write it into the field for secrets, which is never shown."
    if other := {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)} - OPTIONS:
        return f"The address may not have the options {', '.join(sorted(other))}; there are {' and '.join(sorted(OPTIONS))}."
    return ""


def _wrapped(sql: str) -> str:
    return QUERY.format(sql=sql.strip().rstrip(";"), longest=LONGEST_ROW + 1, most=fields.MOST_RECORDS + 1)


def _run(connector: Connector, query: str, values: dict[str, str], *, is_plan: bool = False) -> list[Any]:
    name = connector.name
    try:
        rows = waiting.run(lambda: _rows(connector, query, values), seconds=connector.timeout_seconds)
    except psycopg.errors.QueryCanceled as error:
        raise Unavailable(f"{name} did not answer within {connector.timeout_seconds:g} seconds.") from error
    except psycopg.errors.ReadOnlySqlTransaction as error:
        raise Refused(f"The query would change something in {name} ({_first_line(error)}).") from error
    except psycopg.DataError as error:
        raise NotFound(f"{name} cannot look for that ({_first_line(error)}).") from error
    except (psycopg.ProgrammingError, psycopg.NotSupportedError) as error:
        raise WrongQuery(f"{name} cannot be asked: {_first_line(error)}.") from error
    except psycopg.Error as error:
        raise Unavailable(f"{name} cannot be asked: {_first_line(error)}.") from error
    return [] if is_plan else [_read(row, name) for row in rows]


async def _rows(connector: Connector, query: str, values: dict[str, str]) -> list[str]:
    milliseconds = round(connector.timeout_seconds * 1000)
    async with await psycopg.AsyncConnection.connect(**_login(connector)) as connection:
        await connection.set_read_only(True)
        async with connection.transaction(force_rollback=True), connection.cursor() as cursor:
            await cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{milliseconds}ms"])
            if (await (await cursor.execute(MIGHTY)).fetchone() or [True])[0]:
                raise Refused(f"{connector.name} is not asked: {TOO_MIGHTY}.")
            # A simple query could be several statements; a prepared one never is.
            await cursor.execute(query, values, prepare=True)
            return [str(row[0]) for row in await cursor.fetchall()]


def _login(connector: Connector) -> dict[str, Any]:
    parts = urlsplit(connector.address)
    options = dict(parse_qsl(parts.query))
    return {
        "host": unquote(parts.hostname or "") or options.get("host", ""),
        "port": parts.port or 5432,
        "dbname": unquote(parts.path.strip("/")),
        "user": unquote(parts.username or ""),
        "sslmode": options.get("sslmode", "prefer"),
        # Empty rather than absent: PostgreSQL's client would else look into this process's environment and files for one.
        "password": connector.secret,
        "passfile": "/dev/null",
        "connect_timeout": max(2, round(connector.timeout_seconds)),
        "application_name": "countersign",
    }


def _read(row: str, name: str) -> Any:
    if len(row) > LONGEST_ROW:
        raise Refused(f"{name} found a row of more than {LONGEST_ROW:,} characters; let the query select fewer columns.")
    return fields.read_json(row, name)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
