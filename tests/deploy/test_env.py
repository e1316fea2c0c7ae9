"""Reading the environment."""

from datetime import date, timedelta

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


@pytest.mark.parametrize(
    ("written", "meant"), [("90s", timedelta(seconds=90)), ("30 min", timedelta(minutes=30)), ("7D", timedelta(days=7))]
)
def test_a_length_of_time_has_a_unit(written: str, meant: timedelta) -> None:
    assert env.duration("SESSION_IDLE", "12h", environ={"SESSION_IDLE": written}) == meant


@pytest.mark.parametrize("written", ["12", "0h", "-3h", "a week", ""])
def test_what_is_no_length_of_time_stops_with_one_sentence(written: str) -> None:
    with pytest.raises(SystemExit, match="write it as 30min, 12h or 7d"):
        env.duration("SESSION_IDLE", "12h", environ={"SESSION_IDLE": written})


def test_a_choice_is_one_of_its_words() -> None:
    assert env.choice("WHO", ("none", "admins"), "none", environ={"WHO": "Admins"}) == "admins"
    with pytest.raises(SystemExit, match="one of: none, admins"):
        env.choice("WHO", ("none", "admins"), "none", environ={"WHO": "some"})


def test_pairs_say_what_is_mapped_to_what() -> None:
    given = {"OIDC_ROLES": "support team=reviewer, cn=leads=admin"}
    assert env.pairs("OIDC_ROLES", ("reviewer", "admin"), environ=given) == {"support team": "reviewer", "cn=leads": "admin"}
    for wrong in ("support", "support=boss", "=admin"):
        with pytest.raises(SystemExit, match="one of: reviewer, admin"):
            env.pairs("OIDC_ROLES", ("reviewer", "admin"), environ={"OIDC_ROLES": wrong})


def test_a_server_elsewhere_is_spoken_to_over_tls() -> None:
    assert env.secure_url("OIDC_ISSUER", environ={"OIDC_ISSUER": "https://id.example/realm/"}) == "https://id.example/realm"
    assert env.secure_url("OIDC_ISSUER", environ={"OIDC_ISSUER": "http://127.0.0.1:9"}) == "http://127.0.0.1:9"
    assert env.secure_url("OIDC_ISSUER", environ={}) == ""
    for wrong in ("http://id.example", "id.example", "https://", "http://[", "ftp://localhost"):
        with pytest.raises(SystemExit, match="begins with https://"):
            env.secure_url("OIDC_ISSUER", environ={"OIDC_ISSUER": wrong})
