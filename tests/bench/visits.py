"""Asking the desk for pages as a browser does, through its real WSGI application, and counting what each costs.

Beside the time that passed stands what the processors worked for it, here and in the database (Linux only, else 0): on a machine with other
work it is the steadier figure.
"""

import io
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.db import connection

from deploy.wsgi import application

TOKEN = "t" * 32
WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: `form` is None for a GET. `is_part` asks as htmx does, for a part of a page."""

    address: str
    form: dict[str, str] | None = None
    is_part: bool = False


@dataclass(slots=True)
class Answer:
    """What came back. `milliseconds` is server time, `cpu` those of work in it; `slowest` is the longest query with its milliseconds."""

    status: int = 0
    location: str = ""
    size: int = 0
    milliseconds: float = 0
    cpu: float = 0
    queries: int = 0
    slowest: tuple[float, str] = (0, "")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a page costs over many visits: milliseconds, and the most queries and bytes of any of them.

    `blocks` are the pages of 8 KB that the database read for one visit, from memory or disk: the figure that other work cannot blur.
    """

    page: str
    p50: float
    p95: float
    cpu: float
    queries: int
    size: int
    slowest: tuple[float, str]
    blocks: float = 0


class Browser:
    """Somebody's browser."""

    def __init__(self, user: User) -> None:
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0]})
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        cookies = {settings.SESSION_COOKIE_NAME: session.session_key, settings.CSRF_COOKIE_NAME: TOKEN}
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def visit(self, visit: Visit) -> Answer:
        """Make one request and read the whole answer."""
        answer, environ = Answer(), self._environ(visit)

        def start_response(status: str, headers: Sequence[tuple[str, str]], exc_info: object = None) -> Any:
            answer.status = int(status.split(maxsplit=1)[0])
            answer.location = dict(headers).get("Location", "")

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            began = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                answer.queries += 1
                answer.slowest = max(answer.slowest, ((time.perf_counter() - began) * 1000, sql))

        began, worked = time.perf_counter(), _worked()
        with connection.execute_wrapper(count):
            response = application(environ, start_response)
            answer.size = sum(map(len, response))
            with suppress(AttributeError):
                response.close()
        answer.milliseconds, answer.cpu = (time.perf_counter() - began) * 1000, (_worked() - worked) * 1000
        return answer

    def cost(self, page: str, visits: Sequence[Visit]) -> Cost:
        """What these visits to one page cost, the first ones apart."""
        before = _blocks()
        answers = [self.visit(visit) for visit in visits]
        blocks = (_blocks() - before) / len(visits)
        wrong = [(visit.address, answer.status) for visit, answer in zip(visits, answers, strict=True) if answer.status >= 400]
        assert not wrong, f"{page}: {wrong[:3]}"
        return replace(cost_of(page, answers[WARM_UP:] or answers), blocks=blocks)

    def _environ(self, visit: Visit) -> dict[str, Any]:
        address, body = urlsplit(visit.address), urlencode(visit.form or {}).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET" if visit.form is None else "POST",
            "PATH_INFO": address.path,
            "QUERY_STRING": address.query,
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookies,
            "HTTP_X_CSRFTOKEN": TOKEN,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        setup_testing_defaults(environ)
        return environ | ({"HTTP_HX_REQUEST": "true"} if visit.is_part else {})


def _worked() -> float:
    """Seconds of processor time of this thread and of the database's process for it."""
    connection.ensure_connection()
    schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.thread_time() + (int(schedule.read_text().split()[0]) / 1e9 if schedule.exists() else 0)


def _blocks() -> float:
    """How many blocks have been read in this database so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT pg_stat_clear_snapshot(), sum(blks_hit + blks_read) FROM pg_stat_database WHERE datname = current_database()"
        )
        return float(cursor.fetchone()[1])


def cost_of(page: str, answers: Sequence[Answer]) -> Cost:
    """The medians and the worst of some answers."""
    times = [answer.milliseconds for answer in answers]
    p95 = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    queries, size = max(answer.queries for answer in answers), max(answer.size for answer in answers)
    return Cost(
        page,
        median(times),
        min(p95, max(times)),
        median(answer.cpu for answer in answers),
        queries,
        size,
        max(answer.slowest for answer in answers),
    )
