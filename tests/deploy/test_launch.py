"""deploy/run, once Python is there."""

import os
import socket
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from redis import Redis

from deploy import env, launch, services

ROOT = Path(__file__).parents[2]


def start(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    known = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}}
    command = [sys.executable, "-m", "deploy.launch", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**known, **environment}, capture_output=True, text=True, timeout=60, check=False)


def test_a_taken_port_is_named_with_the_way_to_choose_another() -> None:
    with socket.socket() as taken, pytest.raises(SystemExit, match=r"port \d+, wanted for web, is taken; .*--port"):
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        launch.check_port(taken.getsockname()[1], what="web")


def test_a_port_that_an_outgoing_connection_leaves_from_is_not_free() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
        assert not launch.is_free(client.getsockname()[1])


def test_free_ports_lie_below_those_of_outgoing_connections() -> None:
    first = launch.free_ports(5)
    assert first + 5 < 32_768
    assert all(launch.is_free(first + offset) for offset in range(5))


def test_a_wrong_database_url_ends_with_one_sentence(tmp_path: Path) -> None:
    result = start("--port", str(launch.free_ports(5)), DATABASE_URL="postgresql://nobody@127.0.0.1:1/none", COUNTERSIGN_DATA=str(tmp_path))
    assert result.returncode == 1
    assert "PostgreSQL cannot be reached" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with launch.locked(tmp_path), pytest.raises(SystemExit, match="another deploy/run uses"), launch.locked(tmp_path):
        pass


def test_reset_never_touches_a_database_of_ones_own(tmp_path: Path) -> None:
    result = start("--reset", DATABASE_URL="postgresql://somebody@127.0.0.1:1/theirs", COUNTERSIGN_DATA=str(tmp_path))
    assert result.returncode == 1
    assert "does not empty a database of your own" in result.stderr


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret_key"
    first = env.secret("SECRET_KEY", path, environ={})
    assert env.secret("SECRET_KEY", path, environ={}) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_URL_FILE"])
def test_with_a_database_of_ones_own_a_missing_secret_stops(tmp_path: Path, name: str) -> None:
    with pytest.raises(SystemExit, match="SECRET_KEY is not set"):
        env.secret("SECRET_KEY", tmp_path / "none", environ={name: "postgresql://db/x"})


def test_processes_that_make_a_secret_at_once_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: env.secret("SECRET_KEY", tmp_path / "secret_key", environ={}), range(32)))
    assert len(set(made)) == 1
    assert len(made[0]) > 40
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("port", ["0", "65535", "web", "-1"])
def test_a_number_that_is_no_port_is_refused_in_words(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        launch.parse([f"--port={port}"])
    assert "is no port; choose a number" in capsys.readouterr().err


def test_redis_that_a_killed_run_left_behind_ends_before_the_next_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "set by start_redis")
    left = services.start_redis(tmp_path)
    own = services.start_redis(tmp_path)
    assert left.wait(10) == 0
    assert own.poll() is None
    services.stop_redis(own)


def test_a_redis_that_drops_tasks_for_want_of_memory_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDIS_URL", "set by start_redis")
    process = services.start_redis(tmp_path)
    url = os.environ["REDIS_URL"].replace("redis+socket://", "unix://")
    try:
        services.warn_of_eviction(url)
        assert capsys.readouterr().err == ""
        with Redis.from_url(url) as server:
            server.config_set("maxmemory-policy", "allkeys-lru")
        services.warn_of_eviction(url)
        assert "(maxmemory-policy allkeys-lru); set the policy to noeviction." in capsys.readouterr().err
    finally:
        services.stop_redis(process)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "nonsense"])
def test_a_redis_that_does_not_tell_its_settings_stops_nothing(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    services.warn_of_eviction(url)
    assert capsys.readouterr().err == ""


def test_a_command_without_its_database_says_so_in_one_sentence(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "SECRET_KEY": "x", "COUNTERSIGN_DATA": str(tmp_path)}
    command = [sys.executable, "manage.py", "showmigrations"]
    result = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert "PostgreSQL cannot be reached" in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr
