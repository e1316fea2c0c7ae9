"""Reading the environment."""

from datetime import date

import pytest

from deploy import env


def test_a_database_url_becomes_django_settings() -> None:
    settings = env.database("DATABASE_URL", environ={"DATABASE_URL": "postgresql://ana:p%40ss@db.example:5433/mail"})
    assert settings["HOST"] == "db.example"
    assert settings["PASSWORD"] == "p@ss"
    assert settings["PORT"] == "5433"


def test_a_socket_folder_is_a_host_too() -> None:
    assert env.database("X", environ={"X": "postgresql://postgres:@/postgres?host=/run/pg"})["HOST"] == "/run/pg"


@pytest.mark.parametrize("url", ["mysql://localhost/x", "nonsense", "postgresql://host:port/x", ""])
def test_a_wrong_database_url_stops_with_one_sentence(url: str) -> None:
    with pytest.raises(SystemExit, match="postgresql://user:password@host:5432/name"):
        env.database("DATABASE_URL", environ={"DATABASE_URL": url})


def test_a_number_that_is_none_stops_with_one_sentence() -> None:
    with pytest.raises(SystemExit, match="set it to one, such as 15"):
        env.number("UNDO_SECONDS", 15, environ={"UNDO_SECONDS": "soon"})


def test_a_value_may_come_from_a_file(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "secret"
    path.write_text("from a file\n")
    assert env.text("KEY", environ={"KEY_FILE": str(path)}) == "from a file"


def test_a_missing_value_says_what_to_set() -> None:
    with pytest.raises(SystemExit, match="SECRET_KEY is not set"):
        env.text("SECRET_KEY", environ={})


def test_days_are_a_list_with_commas() -> None:
    assert env.dates("HOLIDAYS", environ={"HOLIDAYS": "2026-12-25, 2026-12-26"}) == {date(2026, 12, 25), date(2026, 12, 26)}
    assert env.dates("HOLIDAYS", environ={}) == frozenset()


def test_days_that_are_none_stop_with_one_sentence() -> None:
    with pytest.raises(SystemExit, match="write days as 2026-12-25"):
        env.dates("HOLIDAYS", environ={"HOLIDAYS": "Christmas"})
