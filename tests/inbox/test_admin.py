"""The admin shows everything about mail but its secrets, and changes only mailboxes."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from inbox.models import Mailbox
from tests.inbox.factories import make_mailbox, queue_reply, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root"))
    return client


def form_of(mailbox: Mailbox, **changes: object) -> dict[str, object]:
    names = [field.name for field in Mailbox._meta.fields if field.editable and field.name != "id"]
    typed = {name: getattr(mailbox, name) for name in names if "password" not in name}
    return {name: value for name, value in typed.items() if value is not None} | changes


def test_a_secret_is_never_shown(admin: Client) -> None:
    mailbox = make_mailbox(imap_password="hidden one", smtp_password="hidden two")
    page = admin.get(f"/admin/inbox/mailbox/{mailbox.pk}/change/").content.decode()
    assert 'type="password"' in page
    assert "hidden one" not in page
    assert "hidden two" not in page


def test_a_secret_left_empty_stays(admin: Client) -> None:
    mailbox = make_mailbox(imap_username="service", imap_password="kept", smtp_password="kept too")
    response = admin.post(f"/admin/inbox/mailbox/{mailbox.pk}/change/", form_of(mailbox, name="Renamed", smtp_password="new"))
    assert response.status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.name, mailbox.imap_password, mailbox.smtp_password) == ("Renamed", "kept", "new")


@pytest.mark.parametrize("model", ["message", "conversation", "outgoingmail"])
def test_mail_can_be_looked_at_but_not_changed(admin: Client, model: str) -> None:
    mail = queue_reply(receive(make_mailbox()))
    pk = {"message": mail.in_reply_to_id, "conversation": mail.conversation_id, "outgoingmail": mail.pk}[model]
    assert admin.get(f"/admin/inbox/{model}/").status_code == 200
    assert admin.get(f"/admin/inbox/{model}/{pk}/change/").status_code == 200
    assert admin.post(f"/admin/inbox/{model}/{pk}/change/", {}).status_code == 403
    assert admin.post(f"/admin/inbox/{model}/{pk}/delete/", {"post": "yes"}).status_code == 403
