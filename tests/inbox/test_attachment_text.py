"""What is written in files is read after their mail, once, and whatever happens to the reader."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone

from inbox import attachment_text, extraction, raw, tasks
from inbox.extraction import Extracted, Result
from inbox.models import Attachment, Message
from tests.inbox.factories import make_mail, make_mailbox, receive
from tests.inbox.pdfs import pdf

pytestmark = pytest.mark.django_db
Text = Attachment.Text


def with_files(*files: tuple[str, str, bytes], **mail: str) -> bytes:
    """A mail with files, each a name, a type and its content."""
    made = message_from_bytes(make_mail(**mail), policy=policy.default)
    assert isinstance(made, EmailMessage)
    for name, kind, content in files:
        maintype, subtype = kind.split("/")
        made.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return made.as_bytes()


def received(*files: tuple[str, str, bytes]) -> list[Attachment]:
    """The files of a mail that came in and was read."""
    return list(receive(make_mailbox(), with_files(*files)).attachments.order_by("position"))


def text_file(number: int = 1) -> tuple[str, str, bytes]:
    return f"note-{number}.txt", "text/plain", b"Order 4711"


def states() -> list[str]:
    return list(Attachment.objects.order_by("pk").values_list("text_state", flat=True))


@pytest.fixture
def extracted(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The contents that were read, by no process."""
    seen: list[bytes] = []

    def extract(content: bytes, **about: Any) -> Extracted:
        seen.append(content)
        return Extracted(Result.WHOLE, "Order 4711")

    monkeypatch.setattr(extraction, "extract", extract)
    return seen


def test_a_mail_is_read_without_its_files_and_these_are_read_by_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.read_attachment, "delay", tasks.read_attachment.run)
    latin = "Größe;4".encode("latin-1")
    files = received(
        ("order.pdf", "application/pdf", pdf("Invoice 4711")), ("list.csv", "text/csv", latin), ("a.zip", "application/zip", b"PK\x03\x04")
    )
    assert Message.objects.get().state == Message.State.PARSED
    assert [file.text_state for file in files] == [Text.WAITING, Text.WAITING, Text.NONE]
    tasks.read_waiting_attachments()
    assert list(Attachment.objects.order_by("position").values_list("text_state", "text")) == [
        ("whole", "Invoice 4711"),
        ("whole", "Größe;4"),
        ("", ""),
    ]


def test_the_sweep_is_rung_for_when_a_mail_with_such_a_file_is_stored(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(tasks.read_waiting_attachments, "delay", lambda: rung.append("files"))
    with django_capture_on_commit_callbacks(execute=True):
        received(("a.zip", "application/zip", b"PK\x03\x04"))
    assert rung == []
    with django_capture_on_commit_callbacks(execute=True):
        receive(make_mailbox(), with_files(text_file(1), text_file(2), subject="Two files"))
    assert rung == ["files"]


def test_the_charset_that_the_mail_names_counts() -> None:
    made = message_from_bytes(make_mail(), policy=policy.default)
    assert isinstance(made, EmailMessage)
    made.add_attachment("заказ".encode("koi8-r"), maintype="text", subtype="plain", filename="a.txt", params={"charset": "koi8-r"})
    [file] = receive(make_mailbox(), made.as_bytes()).attachments.all()
    attachment_text.read(attachment_id=file.pk)
    assert Attachment.objects.get().text == "заказ"


def test_files_of_automatic_and_of_old_mails_are_not_read() -> None:
    mailbox = make_mailbox()
    receive(mailbox, with_files(text_file(), auto_submitted="auto-generated"))
    old = Message.objects.create(mailbox=mailbox, raw_sha256="0" * 64, raw_size=1, received_at=timezone.now(), taken_up_at=timezone.now())
    file = Attachment(message=old, position=0, content_type="text/plain", size=4, sha256="0" * 64)
    attachment_text.ask_for([file], message=old)
    assert [*states(), file.text_state] == [Text.NONE, Text.NONE]


def test_of_many_files_the_first_are_read() -> None:
    assert [file.text_state for file in received(*map(text_file, range(12)))] == [Text.WAITING] * 10 + [Text.NONE] * 2


def test_a_file_that_is_too_large_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "MOST_BYTES", 5)
    assert [file.text_state for file in received(text_file())] == [Text.TOO_LARGE]


def test_each_is_named_once_and_no_more_than_may_be_read_at_once() -> None:
    received(*map(text_file, range(5)))
    assert len(attachment_text.waiting()) == attachment_text.MOST_AT_ONCE
    assert attachment_text.waiting() == []
    Attachment.objects.update(text_due_at=timezone.now())
    assert len(attachment_text.waiting()) == attachment_text.MOST_AT_ONCE


def test_it_is_read_once_however_often_the_doorbell_rings(extracted: list[bytes]) -> None:
    [file] = received(text_file())
    for _ in range(3):
        attachment_text.read(attachment_id=file.pk)
    assert extracted == [b"Order 4711"]


def test_while_one_reads_it_another_leaves_it(extracted: list[bytes]) -> None:
    [file] = received(text_file())
    assert attachment_text._claim(file.pk)
    attachment_text.read(attachment_id=file.pk)
    assert extracted == []


def test_a_file_that_ends_its_reader_each_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """As by SIGKILL."""

    def extract(*_: Any, **__: Any) -> Extracted:
        raise Killed

    monkeypatch.setattr(extraction, "extract", extract)
    [file] = received(text_file())
    for _ in range(attachment_text.MOST_ATTEMPTS):
        with pytest.raises(Killed):
            attachment_text.read(attachment_id=file.pk)
        assert states() == [Text.WAITING]
        Attachment.objects.update(text_due_at=timezone.now())
    attachment_text.read(attachment_id=file.pk)
    assert states() == [Text.TOO_SLOW]


def test_a_storage_that_is_away_is_tried_again_and_bytes_that_are_gone_are_not(
    monkeypatch: pytest.MonkeyPatch, extracted: list[bytes]
) -> None:
    [file] = received(text_file())

    def away(_: str) -> bytes:
        raise OSError("away")

    with monkeypatch.context() as patch:
        patch.setattr(raw, "read", away)
        for _ in range(attachment_text.MOST_ATTEMPTS + 1):
            with pytest.raises(OSError, match="away"):
                attachment_text.read(attachment_id=file.pk)
            Attachment.objects.update(text_due_at=timezone.now())
    assert states() == [Text.WAITING]
    raw.delete(file.message.raw_sha256)
    attachment_text.read(attachment_id=file.pk)
    assert (states(), extracted) == ([Text.DAMAGED], [])


def test_what_was_erased_meanwhile_stays_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    [file] = received(text_file())

    def extract(*_: Any, **__: Any) -> Extracted:
        Attachment.objects.update(text_state=Text.NONE)
        return Extracted(Result.WHOLE, "Order 4711")

    monkeypatch.setattr(extraction, "extract", extract)
    attachment_text.read(attachment_id=file.pk)
    assert Attachment.objects.get().text == ""


def test_every_ending_has_its_state() -> None:
    assert {result.value for result in Result} == set(Text.values) - {Text.NONE, Text.WAITING}
