"""The pages of the mailboxes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inbox.models import Mailbox
from review.models import LogEntry
from tests.inbox.factories import make_mailbox, receive
from tests.mailservers import PASSWORD, ImapAccount, SmtpServer
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(make_person("admin", "dana"))
    return client


def typed(imap: ImapAccount, smtp: SmtpServer, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Orders",
        "address": "orders@company.example",
        "imap_host": "127.0.0.1",
        "imap_port": imap.port,
        "imap_security": "none",
        "imap_username": imap.user,
        "imap_password": PASSWORD,
        "folder": "INBOX",
        "old_mail": "history",
        "smtp_host": "127.0.0.1",
        "smtp_port": smtp.port,
        "smtp_security": "none",
        "language": "en",
        "reply_target_minutes": 240,
    } | changes


def test_a_mailbox_is_added_and_its_old_mail_is_history(admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer) -> None:
    answer = admin.post(reverse("add_mailbox"), typed(imap_account, smtp_server))
    assert answer.status_code == 302
    mailbox = Mailbox.objects.get()
    assert mailbox.answer_since
    assert mailbox.imap_password == PASSWORD
    assert LogEntry.objects.get(act="mailbox.saved").about == "Orders"
    assert PASSWORD not in str(LogEntry.objects.get().detail)


def test_the_test_says_which_step_fails_and_keeps_what_was_typed(admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer) -> None:
    answer = admin.post(reverse("test_new_mailbox"), typed(imap_account, smtp_server, imap_password="wrong"))
    page = answer.content.decode()
    assert "Failed at login" in page
    assert "Replies can be sent" in page
    assert 'value="Orders"' in page
    assert not Mailbox.objects.exists()


def test_what_is_missing_is_said_before_anything_is_tested(admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer) -> None:
    form = typed(imap_account, smtp_server, imap_host="")
    answer = admin.post(reverse("test_new_mailbox"), form, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Nothing was tested yet" in answer.content.decode()


def test_a_stored_password_is_never_shown_and_never_goes_to_another_server(
    admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer
) -> None:
    mailbox = make_mailbox(imap=imap_account, smtp=smtp_server)
    assert PASSWORD not in admin.get(reverse("mailbox", args=[mailbox.pk])).content.decode()
    form = typed(imap_account, smtp_server, imap_password="")
    assert admin.post(reverse("save_mailbox", args=[mailbox.pk]), form).status_code == 302
    mailbox.refresh_from_db()
    assert mailbox.imap_password == PASSWORD
    answer = admin.post(reverse("test_mailbox", args=[mailbox.pk]), form | {"imap_host": "localhost"})
    assert answer.status_code == 422
    assert "so that the stored one stays secret" in answer.content.decode()


def test_the_list_says_how_each_mailbox_is(admin: Client) -> None:
    make_mailbox(name="Broken", fetch_error="login: refused the login")
    receive(make_mailbox(name="Fine"))
    page = admin.get(reverse("mailboxes")).content.decode()
    assert "Cannot be read" in page and "refused the login" in page
    assert "No mail yet" in page


def test_a_mailbox_is_paused_resumed_and_fetched_at_once(admin: Client) -> None:
    mailbox = make_mailbox()
    admin.post(reverse("pause_mailbox", args=[mailbox.pk]))
    assert not Mailbox.objects.get().is_active
    admin.post(reverse("resume_mailbox", args=[mailbox.pk]))
    assert Mailbox.objects.get().is_active
    assert admin.post(reverse("fetch_mailbox", args=[mailbox.pk])).status_code == 302
    assert set(LogEntry.objects.values_list("act", flat=True)) == {"mailbox.paused", "mailbox.resumed"}


def test_a_mailbox_with_mail_is_kept(admin: Client) -> None:
    mailbox = receive(make_mailbox()).mailbox
    answer = admin.post(reverse("delete_mailbox", args=[mailbox.pk]), follow=True)
    assert "Pause it instead" in answer.content.decode()
    assert Mailbox.objects.exists()
