"""The pages of the mailboxes."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inbox.models import Grant, Mailbox
from review import connecting
from review.models import LogEntry
from tests.inbox.factories import SIGN_IN, connect_mailbox, make_mailbox, queue_reply, receive
from tests.mailservers import PASSWORD, ImapAccount, SmtpServer
from tests.oauth_provider import CLIENT, SECRET, OAuthProvider
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
        "sign_in": "password",
        "imap_host": "127.0.0.1",
        "imap_port": imap.port,
        "imap_security": "none",
        "imap_username": imap.user,
        "imap_password": PASSWORD,
        "folder": "INBOX",
        "old_mail": "history",
        "after_storing": "nothing",
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


def test_an_address_in_a_domain_of_other_letters_is_kept_as_mails_name_it(
    admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer
) -> None:
    admin.post(reverse("add_mailbox"), typed(imap_account, smtp_server, address="info@müller.example"))
    mailbox = Mailbox.objects.get()
    assert mailbox.address == "info@xn--mller-kva.example"
    assert queue_reply(receive(mailbox)).mime


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


TOKENS = {"sign_in": "google", "oauth_client_id": CLIENT, "oauth_client_secret": SECRET}


def visit(client: Client, mailbox: Mailbox, provider: OAuthProvider) -> dict[str, str]:
    """Press Connect, say yes at the provider, and return what comes back in the address."""
    away = client.get(reverse("connect_mailbox", args=[mailbox.pk]))["Location"]
    assert away.startswith(provider.url)
    back = urlsplit(provider.visit(away))
    assert back.path == reverse("mailbox_connected")
    return dict(parse_qsl(back.query))


def test_a_mailbox_at_a_provider_is_saved_connected_and_used(
    admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer, oauth_provider: OAuthProvider
) -> None:
    answer = admin.post(reverse("add_mailbox"), typed(imap_account, smtp_server, **TOKENS), follow=True)
    mailbox = Mailbox.objects.get()
    page = answer.content.decode()
    assert "Connect it now" in page and "Not connected with Google" in page
    assert "http://testserver/mailboxes/connected/" in page
    assert SECRET not in page and mailbox.oauth_client_secret == SECRET
    assert mailbox.imap_password == ""
    Mailbox.objects.update(next_fetch_at=timezone.now() + timedelta(hours=1), fetch_error="token: not connected")
    answer = admin.get(reverse("mailbox_connected"), visit(admin, mailbox, oauth_provider), follow=True)
    assert "is connected and fetched just now" in answer.content.decode()
    assert "Connected with Google" in answer.content.decode()
    mailbox.refresh_from_db()
    assert oauth_provider.refresh_tokens[mailbox.grant.refresh_token] == imap_account.user
    assert (mailbox.fetch_error, mailbox.next_fetch_at <= timezone.now()) == ("", True)
    assert LogEntry.objects.get(act="mailbox.connected").about == "Orders"


def test_a_connection_is_finished_once_and_only_by_who_began_it(admin: Client, oauth_provider: OAuthProvider) -> None:
    mailbox = make_mailbox(**SIGN_IN)
    back = visit(admin, mailbox, oauth_provider)
    other = Client()
    other.force_login(make_person("admin"))
    for client, query in ((other, back), (admin, back | {"state": "guessed"}), (admin, {})):
        answer = client.get(reverse("mailbox_connected"), query, follow=True)
        assert "was not begun here" in answer.content.decode()
    assert not Grant.objects.exists()
    admin.get(reverse("mailbox_connected"), back)
    assert Grant.objects.exists()
    assert "was not begun here" in admin.get(reverse("mailbox_connected"), back, follow=True).content.decode()


def test_a_connection_that_was_left_for_too_long_is_begun_again(
    admin: Client, oauth_provider: OAuthProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = visit(admin, make_mailbox(**SIGN_IN), oauth_provider)
    monkeypatch.setattr(connecting, "LIFETIME", 0)
    assert "too long ago" in admin.get(reverse("mailbox_connected"), back, follow=True).content.decode()


def test_who_says_no_at_the_provider_is_told_so(admin: Client, oauth_provider: OAuthProvider) -> None:
    state = visit(admin, make_mailbox(**SIGN_IN), oauth_provider)["state"]
    answer = admin.get(reverse("mailbox_connected"), {"state": state, "error": "access_denied"}, follow=True)
    assert "Google did not connect it (access_denied)" in answer.content.decode()


def test_behind_https_the_provider_sends_people_back_by_https(admin: Client, settings: Any) -> None:
    settings.SECURE_COOKIES = True
    page = admin.get(reverse("new_mailbox")).content.decode()
    assert "https://testserver/mailboxes/connected/" in page


def test_a_mailbox_with_a_password_has_nothing_to_connect(admin: Client) -> None:
    answer = admin.get(reverse("connect_mailbox", args=[make_mailbox().pk]), follow=True)
    assert "signs in with a password" in answer.content.decode()


def test_a_client_secret_is_needed_never_shown_and_never_goes_to_another_provider(
    admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer
) -> None:
    answer = admin.post(reverse("add_mailbox"), typed(imap_account, smtp_server, **TOKENS | {"oauth_client_secret": ""}))
    assert answer.status_code == 422
    assert "it is needed to connect" in answer.content.decode()
    mailbox = make_mailbox(**SIGN_IN)
    assert SECRET not in admin.get(reverse("mailbox", args=[mailbox.pk])).content.decode()
    kept = typed(imap_account, smtp_server, **TOKENS | {"oauth_client_secret": ""})
    assert admin.post(reverse("save_mailbox", args=[mailbox.pk]), kept).status_code == 302
    assert Mailbox.objects.get().oauth_client_secret == SECRET
    answer = admin.post(reverse("save_mailbox", args=[mailbox.pk]), kept | {"sign_in": "microsoft"})
    assert answer.status_code == 422
    assert "so that the stored one stays secret" in answer.content.decode()


def test_at_microsoft_the_day_on_which_the_client_secret_expires_is_needed(
    admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer
) -> None:
    at_microsoft = typed(imap_account, smtp_server, **TOKENS | {"sign_in": "microsoft"})
    answer = admin.post(reverse("add_mailbox"), at_microsoft)
    assert answer.status_code == 422
    assert "under “Certificates &amp; secrets”" in answer.content.decode()
    day = timezone.localdate() + timedelta(days=10)
    assert admin.post(reverse("add_mailbox"), at_microsoft | {"oauth_secret_expires_on": day.isoformat()}).status_code == 302
    assert Mailbox.objects.get().oauth_secret_expires_on == day
    answer = admin.post(reverse("add_mailbox"), at_microsoft | {"oauth_secret_expires_on": "soon"})
    assert "under “Certificates &amp; secrets”" not in answer.content.decode()


def test_what_is_not_used_to_sign_in_is_not_kept(admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer) -> None:
    mailbox = make_mailbox(**SIGN_IN)
    admin.post(reverse("save_mailbox", args=[mailbox.pk]), typed(imap_account, smtp_server))
    assert (Mailbox.objects.get().oauth_client_secret, Mailbox.objects.get().imap_password) == ("", PASSWORD)
    admin.post(reverse("save_mailbox", args=[mailbox.pk]), typed(imap_account, smtp_server, **TOKENS))
    assert (Mailbox.objects.get().oauth_client_secret, Mailbox.objects.get().imap_password) == (SECRET, "")


def test_the_connection_test_covers_the_token(admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer) -> None:
    page = admin.post(reverse("test_new_mailbox"), typed(imap_account, smtp_server, **TOKENS)).content.decode()
    assert "Failed at token" in page
    assert "is not connected with Google yet" in page


def test_an_end_that_is_known_is_a_problem_of_admins_before_it_comes(admin: Client, desk: Client, oauth_provider: OAuthProvider) -> None:
    mailbox = connect_mailbox(make_mailbox(**SIGN_IN, name="Orders"), oauth_provider)
    assert "loses its sign-in soon" not in admin.get(reverse("mailboxes")).content.decode()
    Mailbox.objects.update(oauth_secret_expires_on=timezone.localdate() + timedelta(days=10))
    page = admin.get(reverse("mailboxes")).content.decode()
    assert "1 mailbox loses its sign-in soon" in page
    assert "The client secret expires on" in page
    assert "The client secret expires on" in admin.get(reverse("mailbox", args=[mailbox.pk])).content.decode()
    assert "loses its sign-in" not in desk.get(reverse("queue")).content.decode()


def test_a_mailbox_that_nobody_reached_for_a_quarter_of_an_hour_is_a_problem(admin: Client) -> None:
    make_mailbox(name="Orders", fetched_at=timezone.now() - timedelta(minutes=14))
    assert "not reached for 15 minutes" not in admin.get(reverse("mailboxes")).content.decode()
    Mailbox.objects.update(fetched_at=timezone.now() - timedelta(minutes=16), next_fetch_at=timezone.now() - timedelta(minutes=15))
    page = admin.get(reverse("mailboxes")).content.decode()
    assert "1 mailbox was not reached for 15 minutes" in page
    assert "Not reached" in page and "look whether the workers that fetch mail run" in page
    assert "The next fetch has been due for 15 min" in page
    Mailbox.objects.update(fetched_at=None, created_at=timezone.now() - timedelta(minutes=16))
    assert "1 mailbox was not reached for 15 minutes" in admin.get(reverse("mailboxes")).content.decode()
    Mailbox.objects.update(is_active=False)
    assert "not reached for 15 minutes" not in admin.get(reverse("mailboxes")).content.decode()


def test_the_list_says_how_new_mail_is_noticed(admin: Client) -> None:
    now = timezone.now()
    mailbox = make_mailbox(watch_note="The server does not tell of new mail by itself (it has no IDLE), so it is asked.")
    assert "Asked every 1 min. The server does not tell of new mail" in admin.get(reverse("mailboxes")).content.decode()
    Mailbox.objects.filter(pk=mailbox.pk).update(watching_since=now - timedelta(hours=2), watch_lease_until=now + timedelta(seconds=30))
    assert "New mail is heard of at once (IDLE, for 2 h). Asked every 1 min as well." in admin.get(reverse("mailboxes")).content.decode()
    Mailbox.objects.update(watch_lease_until=now - timedelta(seconds=1))
    assert "heard of at once" not in admin.get(reverse("mailboxes")).content.decode()


def test_where_stored_mails_are_moved_to_is_typed(admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer) -> None:
    form = typed(imap_account, smtp_server, after_storing="move", after_storing_folder="Done", folder="Orders")
    for folder, words in (("", "Type the name of the folder"), ("Orders", "fetched from this very folder")):
        answer = admin.post(reverse("add_mailbox"), form | {"after_storing_folder": folder})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    answer = admin.post(reverse("add_mailbox"), form | {"folder": "inbox", "after_storing_folder": "INBOX"})
    assert "fetched from this very folder" in answer.content.decode()
    assert admin.post(reverse("add_mailbox"), form).status_code == 302
    mailbox = Mailbox.objects.get()
    assert (mailbox.after_storing, mailbox.after_storing_folder) == ("move", "Done")
    assert "What is stored is moved to Done on the server." in admin.get(reverse("mailboxes")).content.decode()


def test_a_folder_that_nothing_is_moved_to_is_not_kept(admin: Client, imap_account: ImapAccount, smtp_server: SmtpServer) -> None:
    mailbox = make_mailbox(imap=imap_account, smtp=smtp_server, after_storing="move", after_storing_folder="Done")
    form = typed(imap_account, smtp_server, after_storing="seen", after_storing_folder="Done")
    assert admin.post(reverse("save_mailbox", args=[mailbox.pk]), form).status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.after_storing, mailbox.after_storing_folder) == ("seen", "")


def test_the_list_says_why_stored_mails_stay_as_they_are_on_the_server(admin: Client) -> None:
    make_mailbox(name="Orders", fetched_at=timezone.now())
    page = admin.get(reverse("mailboxes")).content.decode()
    assert "What is stored is" not in page and "stay as they are" not in page
    Mailbox.objects.update(after_storing="seen", after_storing_error="marking: the mails cannot be marked as seen (no right).")
    page = admin.get(reverse("mailboxes")).content.decode()
    assert "What is stored is marked as seen on the server." in page
    assert "Stored mails stay as they are on the server: marking: the mails cannot be marked as seen (no right)." in page
    assert "Works" in page and "Cannot be read" not in page
