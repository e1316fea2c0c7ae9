"""The services that the tests need, as a pytest plugin that is loaded before Django's settings are read.

PostgreSQL runs in a folder of its own for each run and each worker, unless DATABASE_URL names one.
Redis is started by the tests that need it: those of workers (tests/faults/workers.py), and those of tests/life with the whole product.
"""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg

from deploy import services

FOLDER = Path(tempfile.mkdtemp(prefix="countersign-test-"))
FOLDER.chmod(0o755)


def _start_postgres() -> str:
    address = services.start_postgres(FOLDER / "postgres")
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return address


os.environ.setdefault("SECRET_KEY", "only for tests")
# Each worker of pytest-xdist has a folder of its own, and would inherit the address in the folder of the process that starts it.
os.environ["REDIS_URL"] = f"redis+socket://{FOLDER / 'redis.sock'}"
os.environ["COUNTERSIGN_DATA"] = str(FOLDER / "data")
(FOLDER / "data" / "static").mkdir(parents=True)
# Some tests make databases and logins, which belong to a whole server: each worker of pytest-xdist has one of its own.
if "DATABASE_URL" not in os.environ or ("PYTEST_XDIST_WORKER" in os.environ and "COUNTERSIGN_TEST_POSTGRES" in os.environ):
    os.environ["DATABASE_URL"] = _start_postgres()
    os.environ["COUNTERSIGN_TEST_POSTGRES"] = "ours"


def pytest_configure() -> None:
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    from tests import emptying, static_files

    emptying.quickly()
    static_files.read_once()
    # A hash that takes as long as it should takes longer than most tests.
    PBKDF2PasswordHasher.iterations = 1_000


def pytest_unconfigure() -> None:
    if (FOLDER / "postgres").exists():
        services.stop_postgres(FOLDER / "postgres")
    shutil.rmtree(FOLDER, ignore_errors=True)
