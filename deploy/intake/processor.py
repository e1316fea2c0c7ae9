"""What a measurement costs the processor, which other work on the machine changes less than the time that it takes."""

import psutil
from django.db import connection


def seconds() -> float:
    """Seconds of the processor that this process, and the server process behind its database connection, have used by now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone() or [0]
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in (None, backend))
