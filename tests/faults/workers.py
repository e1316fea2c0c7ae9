"""A Celery worker as the product runs it, in processes of its own, on a Redis of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import kombu.pools
import psutil
import pytest
from django.db import connection
from redis import Redis

from deploy.services import start_redis, stop_redis
from tests import services

ROOT = Path(__file__).parents[2]
SECONDS = 40.0


def address_of_the_database() -> str:
    """The test database, for another process."""
    head, question, query = os.environ["DATABASE_URL"].partition("?")
    return f"{head.rpartition('/')[0]}/{connection.settings_dict['NAME']}{question}{query}"


def wait_until(is_so: Callable[[], object], *, what: str) -> None:
    """Return once it is so."""
    until = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < until, f"not within {SECONDS:.0f} s: {what}"
        time.sleep(0.05)


class Worker:
    """One worker with one process that works, for all mail."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin, as `manage.py up` does."""
        quiet = ["-W", "ignore:You're running the worker with superuser"]
        command = [sys.executable, *quiet, "-m", "celery", "-A", "deploy", "-q", "worker", "--loglevel", "ERROR", "--without-gossip"]
        command += ["--without-mingle", "--queues", "fetch,parse,send", "--concurrency", "1", "--hostname", "faults@%h"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": address_of_the_database()})

    def kill_at_work(self) -> None:
        """SIGKILL to the process that works; the worker starts another."""
        [child] = psutil.Process(self.process.pid).children()
        child.kill()

    def kill(self) -> None:
        """SIGKILL to all of it."""
        children = psutil.Process(self.process.pid).children()
        self.process.kill()
        for child in children:
            child.kill()
        self.process.wait(10)


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    """Redis where the settings of the tests look for it."""
    process = start_redis(services.FOLDER)
    address = services.FOLDER / "redis.sock"
    with Redis(unix_socket_path=str(address)) as line:
        yield line
    kombu.pools.reset()
    stop_redis(process)
    address.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def worker(redis: Redis, django_db_setup: None) -> Iterator[Worker]:
    """A running worker."""
    running = Worker()
    yield running
    running.kill()
