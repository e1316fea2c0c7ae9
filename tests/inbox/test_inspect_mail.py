import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from inbox.management.commands.inspect_mail import Command

FIELDS = {
    "id",
    "from_addr",
    "from_name",
    "to",
    "subject",
    "date",
    "message_id",
    "in_reply_to",
    "references",
    "text",
    "reply_text",
    "n_attachments",
    "attachment_names",
    "is_bounce",
    "bounce_recipient",
    "bounce_recipients",
    "bounce_hard",
    "is_auto_reply",
    "suppress_auto_reply",
    "is_list",
    "language",
    "kind",
    "readable",
    "thread",
}


@pytest.fixture
def inspect(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the command on paths and gives its answers."""

    def run(*paths: Path | str) -> list[dict[str, Any]]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("".join(f"{path}\n" for path in paths).encode())))
        out = io.StringIO()
        Command(stdout=out).handle()
        return [json.loads(line) for line in out.getvalue().splitlines()]

    return run


def write(folder: Path, name: str, message_id: str, *, answers: str = "", references: str = "", subject: str = "Pumps") -> Path:
    path = folder / name
    headers = f"From: a@example.com\nSubject: {subject}\nMessage-ID: <{message_id}>\n"
    headers += f"In-Reply-To: <{answers}>\n" if answers else ""
    headers += f"References: {references}\n" if references else ""
    path.write_text(f"{headers}\nHello")
    return path


def test_every_field_is_answered_in_the_order_of_the_paths(tmp_path: Path, inspect: Any) -> None:
    paths = [write(tmp_path, "b.eml", "2@x"), write(tmp_path, "a.eml", "1@x")]
    answers = inspect(*paths)
    assert [answer["id"] for answer in answers] == [str(path) for path in paths]
    assert set(answers[0]) >= FIELDS


def test_a_bounce_names_the_first_recipient_and_all(tmp_path: Path, inspect: Any) -> None:
    path = tmp_path / "bounce"
    path.write_text(
        "From: mailer-daemon@example.net\nSubject: failure notice\n\n<bo@example.com>:\n550 unknown\n\n<al@example.com>:\n550 unknown\n"
    )
    answer = inspect(path)[0]
    assert (answer["kind"], answer["bounce_recipient"]) == ("bounce", answer["bounce_recipients"][0])
    assert set(answer["bounce_recipients"]) == {"al@example.com", "bo@example.com"}


def test_a_path_that_cannot_be_read_is_an_error_and_the_next_goes_on(tmp_path: Path, inspect: Any) -> None:
    answers = inspect(tmp_path / "missing.eml", tmp_path, write(tmp_path, "a.eml", "1@x"))
    assert ["error" in answer for answer in answers] == [True, True, False]
    assert answers[0]["id"] == str(tmp_path / "missing.eml")


def test_noise_is_answered_like_any_mail(tmp_path: Path, inspect: Any) -> None:
    path = tmp_path / "noise"
    path.write_bytes(bytes(range(256)) * 40)
    assert "unreadable" in inspect(path)[0]["flags"]


def test_answers_join_the_thread_of_what_they_answer(tmp_path: Path, inspect: Any) -> None:
    first, second = write(tmp_path, "1", "1@x"), write(tmp_path, "2", "2@x", answers="1@x", subject="Re: Pumps")
    third = write(tmp_path, "3", "3@x", references="<1@x> <2@x>", subject="AW: Re: Pumps")
    assert len({answer["thread"] for answer in inspect(third, first, second)}) == 1


def test_two_answers_to_a_mail_that_is_not_there_are_one_thread(tmp_path: Path, inspect: Any) -> None:
    one, two = inspect(write(tmp_path, "1", "1@x", answers="0@x"), write(tmp_path, "2", "2@x", answers="0@x", subject="Re: Pumps"))
    assert one["thread"] == two["thread"]


def test_the_same_subject_alone_joins_nothing(tmp_path: Path, inspect: Any) -> None:
    one, two = inspect(write(tmp_path, "1", "1@x"), write(tmp_path, "2", "2@x"))
    assert one["thread"] != two["thread"]


def test_a_changed_subject_begins_a_new_thread(tmp_path: Path, inspect: Any) -> None:
    one, two = inspect(write(tmp_path, "1", "1@x"), write(tmp_path, "2", "2@x", answers="1@x", subject="Valves"))
    assert one["thread"] != two["thread"]


@pytest.mark.parametrize(
    "subject",
    ["Automatic reply: Pumps", "Abwesenheitsnotiz: Pumps", "Réponse automatique : Pumps", "Out of Office", "Respuesta automática: Pumps"],
)
def test_an_automatic_answer_joins_whatever_its_subject(subject: str, tmp_path: Path, inspect: Any) -> None:
    note, first = inspect(write(tmp_path, "2", "2@x", answers="1@x", subject=subject), write(tmp_path, "1", "1@x"))
    assert (note["is_auto_reply"], note["thread"]) == (True, first["thread"])


def test_an_automatic_answer_to_a_mail_that_is_not_there_joins_the_others_to_it(tmp_path: Path, inspect: Any) -> None:
    note = write(tmp_path, "2", "2@x", answers="0@x", subject="Automatic reply: Pumps")
    one, two = inspect(note, write(tmp_path, "1", "1@x", answers="0@x", subject="Re: Pumps"))
    assert one["thread"] == two["thread"]


def test_nothing_on_standard_input_prints_nothing(inspect: Any) -> None:
    assert inspect() == []
