"""`manage.py import_mail` takes in files of mail, as often as one likes."""

import mailbox as mailboxes
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from inbox import raw, replies
from inbox.models import Conversation, Mailbox, Message
from tests.inbox.factories import CUSTOMER, make_mail, make_mailbox, queue_reply, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox() -> Mailbox:
    return make_mailbox(name="Service")


def run(*paths: Path, mailbox: str = "Service", past: bool = False, sent: Sequence[Path] = ()) -> str:
    out = StringIO()
    call_command("import_mail", *map(str, paths), mailbox=mailbox, past=past, sent=list(sent), stdout=out, stderr=out)
    return out.getvalue()


def test_a_full_disk_ends_the_import_in_a_sentence_and_it_can_be_repeated(
    mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.eml").write_bytes(make_mail("Where is it?"))

    def fail(contents: list[bytes]) -> list[str]:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(CommandError, match=r"No space left on device.*repeat the import"):
        patch.setattr(raw, "store_all", fail)
        run(tmp_path)
    assert run(tmp_path).startswith("1 mails stored")


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


def sent_bytes(mailbox: Mailbox, text: str, *, answers: str = "", sender: str = "") -> bytes:
    headers = {"in_reply_to": f"<{answers}>"} if answers else {}
    mail = make_mail(text, sender=sender or mailbox.address, subject="Re: My order", **headers)
    return mail.replace(b"To: service@company.example", b"To: " + CUSTOMER.encode())


def archive(path: Path, *mails: bytes) -> Path:
    box = mailboxes.mbox(path)
    for mail in mails:
        box.add(mail)
    box.close()
    return path


def test_past_mail_comes_with_what_people_answered(mailbox: Mailbox, tmp_path: Path) -> None:
    inbound = archive(
        tmp_path / "in.mbox", make_mail("Where is it?", message_id="<1@c>"), make_mail("And the invoice?", message_id="<2@c>")
    )
    answer, news = sent_bytes(mailbox, "It left on Monday.", answers="1@c"), sent_bytes(mailbox, "We moved.")
    said = run(inbound, past=True, sent=[archive(tmp_path / "sent.mbox", answer, news)])
    assert "2 mails that were sent stored, 0 of them unreadable and shown so; 0 were there already." in said
    assert "1 past mails now have the reply that was sent to them." in said
    asked, other = Message.objects.get(message_id="1@c"), Message.objects.get(message_id="2@c")
    found = replies.sent_for(asked)
    assert found is not None
    assert found.text == "It left on Monday."
    assert replies.sent_for(other) is None
    own = Message.objects.filter(kind="own")
    assert own.get(text__startswith="It left").conversation_id == asked.conversation_id
    assert {message.is_past for message in own} == {True}
    assert set(Conversation.objects.values_list("state", flat=True)) == {"closed"}


def test_what_was_sent_under_another_name_of_ours_is_our_own(mailbox: Mailbox, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.eml").write_bytes(make_mail(message_id="<1@c>"))
    sent = archive(tmp_path / "sent.mbox", sent_bytes(mailbox, "Yes.", answers="1@c", sender="ana.sol@company.example"))
    run(tmp_path / "in", past=True, sent=[sent])
    assert Message.objects.get(text__startswith="Yes.").kind == "own"


def test_a_mail_that_came_in_is_not_ours_though_it_lies_among_the_sent(mailbox: Mailbox, tmp_path: Path) -> None:
    moved = make_mail("Where is it?").replace(b"To: service@company.example", b"To: " + mailbox.address.encode())
    run(archive(tmp_path / "in.mbox", make_mail("Hello?")), past=True, sent=[archive(tmp_path / "sent.mbox", moved)])
    message = Message.objects.get(text__startswith="Where is it?")
    assert (message.kind, message.is_past) == ("person", True)


def test_what_went_out_from_here_is_known_and_stands_there_once(mailbox: Mailbox, tmp_path: Path) -> None:
    mail = queue_reply(receive(mailbox))
    sent = archive(tmp_path / "sent.mbox", bytes(mail.mime))
    assert "0 mails that were sent stored" in run(archive(tmp_path / "in.mbox", make_mail("Hello?")), past=True, sent=[sent])
    assert not Message.objects.filter(kind="own").exists()


def test_repeating_doubles_nothing_that_was_sent(mailbox: Mailbox, tmp_path: Path) -> None:
    inbound = archive(tmp_path / "in.mbox", make_mail(message_id="<1@c>"))
    sent = archive(tmp_path / "sent.mbox", sent_bytes(mailbox, "Yes.", answers="1@c"))
    run(inbound, past=True, sent=[sent])
    assert "0 mails that were sent stored, 0 of them unreadable and shown so; 1 were there already." in run(inbound, past=True, sent=[sent])
    assert Message.objects.count() == 2


def test_what_was_sent_comes_only_with_past_mail(mailbox: Mailbox, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="add --past"):
        run(tmp_path, sent=[tmp_path])
