"""PostgreSQL and Redis for one machine."""

import os
from pathlib import Path

import psycopg
import pytest

from deploy import launch, services


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, with no services configured elsewhere; PostgreSQL under root runs as another user and must reach it."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    return tmp_path / "data"


def put(value: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def kept() -> list[str]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value text)")
        return [value for (value,) in connection.execute("SELECT value FROM kept")]


def test_a_second_start_keeps_the_data_and_a_reset_starts_over(data: Path) -> None:
    with services.started(data):
        put("from the first run")
    os.environ.pop("DATABASE_URL")
    os.environ.pop("REDIS_URL")
    with services.started(data):
        assert kept() == ["from the first run"]
    os.environ.pop("DATABASE_URL")
    os.environ.pop("REDIS_URL")
    launch.reset(data)
    with services.started(data):
        assert kept() == []


def test_commands_in_another_terminal_find_the_services_while_they_run(data: Path) -> None:
    with services.started(data):
        assert (data / "services").read_text() == f"DATABASE_URL={os.environ['DATABASE_URL']}\nREDIS_URL={os.environ['REDIS_URL']}\n"
    assert not (data / "services").exists()


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 120) / "redis.sock"
    assert len(str(services.short_socket(long))) <= services.LONGEST_SOCKET_PATH
    assert services.short_socket(Path("/run/redis.sock")) == Path("/run/redis.sock")
