"""`manage.py import_mail` takes in files of mail, as often as one likes."""

import mailbox as mailboxes
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from inbox.models import Conversation, Mailbox, Message
from tests.inbox.factories import make_mail, make_mailbox, queue_reply, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox() -> Mailbox:
    return make_mailbox(name="Service")


def run(*paths: Path, mailbox: str = "Service", past: bool = False) -> str:
    out = StringIO()
    call_command("import_mail", *map(str, paths), mailbox=mailbox, past=past, stdout=out, stderr=out)
    return out.getvalue()


def test_an_eml_file_becomes_a_message_in_a_conversation(mailbox: Mailbox, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(make_mail("Where is it?"))
    assert run(tmp_path / "one.eml") == "1 mails stored, 0 of them unreadable and shown so; 0 were there already.\n"
    message = Message.objects.get()
    assert (message.state, message.text.strip()) == ("parsed", "Where is it?")
    assert message.conversation_id


def test_repeating_doubles_nothing(mailbox: Mailbox, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.eml").write_bytes(make_mail(name))
    run(tmp_path)
    assert "0 mails stored" in run(tmp_path)
    assert Message.objects.count() == 3


def test_an_mbox_is_split_into_its_mails(mailbox: Mailbox, tmp_path: Path) -> None:
    archive = mailboxes.mbox(tmp_path / "archive.mbox")
    for text in ("first", "From here to there\n\nFrom now on it is better.\n", "third"):
        archive.add(make_mail(text))
    archive.close()
    assert "3 mails stored" in run(tmp_path / "archive.mbox")
    assert [text.strip() for text in Message.objects.order_by("pk").values_list("text", flat=True)][::2] == ["first", "third"]


def test_a_maildir_is_read_with_its_folders_and_without_its_index(mailbox: Mailbox, tmp_path: Path) -> None:
    maildir = mailboxes.Maildir(tmp_path / "mail")
    maildir.add(make_mail("new one"))
    maildir.add_folder("Sub").add(make_mail("in a folder"))
    (tmp_path / "mail" / "dovecot-uidlist").write_text("3 V1 N2\n")
    (tmp_path / "mail" / "tmp" / "half.eml").write_bytes(b"half a ma")
    assert "2 mails stored" in run(tmp_path / "mail")


def test_folders_are_read_to_the_bottom(mailbox: Mailbox, tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "mail.eml").write_bytes(make_mail())
    (deep / "notes.txt").write_text("no mail")
    assert "1 mails stored" in run(tmp_path)


def test_unreadable_mail_is_counted_and_kept(mailbox: Mailbox, tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "good.eml").write_bytes(make_mail())
    assert "2 mails stored, 1 of them unreadable" in run(tmp_path)
    assert Message.objects.filter(conversation=None).count() == 0


def test_progress_is_shown(mailbox: Mailbox, tmp_path: Path) -> None:
    archive = mailboxes.mbox(tmp_path / "archive.mbox")
    for number in range(100):
        archive.add(make_mail(f"mail {number}"))
    archive.close()
    assert run(tmp_path / "archive.mbox").startswith("100 mails, file 1 of 1\n")


def test_a_wrong_mailbox_name_says_which_there_are(mailbox: Mailbox, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no mailbox 'Sales'; choose one of: 'Service'"):
        run(tmp_path, mailbox="Sales")


def test_a_mailbox_may_be_named_by_its_address(mailbox: Mailbox, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(make_mail())
    assert "1 mails stored" in run(tmp_path, mailbox=mailbox.address.upper())


def test_a_wrong_path_says_what_to_name(mailbox: Mailbox, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="does not exist; name an"):
        run(tmp_path / "nowhere")


def test_a_folder_without_mail_says_so(mailbox: Mailbox, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No mail was found there"):
        run(tmp_path)


def test_an_imported_mail_has_the_time_of_its_date_unless_that_makes_no_sense(mailbox: Mailbox, tmp_path: Path) -> None:
    content = make_mail(subject="old").replace(b"Date: ", b"Date: Tue, 04 Mar 2025 10:00:00 +0100\nX-Date: ")
    (tmp_path / "old.eml").write_bytes(content)
    (tmp_path / "odd.eml").write_bytes(make_mail(subject="odd").replace(b"Date: ", b"Date: Tue, 04 Mar 9999 10:00:00 +0100\nX-Date: "))
    run(tmp_path)
    assert Message.objects.get(subject="old").received_at.isoformat() == "2025-03-04T09:00:00+00:00"
    assert Message.objects.get(subject="odd").received_at.year < 9999


def test_past_mail_is_history_that_nobody_answers(mailbox: Mailbox, tmp_path: Path) -> None:
    held = queue_reply(receive(mailbox), hold_seconds=60)
    Conversation.objects.update(state=Conversation.State.WAITING)
    (tmp_path / "old.eml").write_bytes(make_mail(subject="Long ago"))
    (tmp_path / "joins.eml").write_bytes(make_mail(subject="Re: My order", in_reply_to=f"<{held.message_id}>"))
    run(tmp_path, past=True)
    held.refresh_from_db()
    assert held.state == "held"
    assert Message.objects.filter(taken_up_at=None).count() == 1
    assert dict(Conversation.objects.values_list("subject", "state")) == {"My order": "waiting", "Long ago": "closed"}
