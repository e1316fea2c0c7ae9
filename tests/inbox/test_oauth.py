"""Mail servers are signed in to with tokens, which are renewed in time, by one at a time, and which go to nobody else."""

import threading
import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from inbox import connection_tests, ingest, mailboxes, oauth, outbox
from inbox.errors import Refused, Unavailable
from inbox.models import Grant, Mailbox, OutgoingMail
from inbox.oauth import asking, tokens
from tests.inbox.factories import SIGN_IN, connect_mailbox, make_mail, make_mailbox, queue_reply, receive
from tests.mailservers import ImapAccount, SmtpServer
from tests.oauth_provider import CLIENT, SECRET, OAuthProvider

pytestmark = pytest.mark.django_db
BACK = "https://desk.company.example/mailboxes/connected/"


@pytest.fixture
def mailbox(oauth_provider: OAuthProvider) -> Mailbox:
    """A mailbox that somebody connected."""
    return connect_mailbox(make_mailbox(**SIGN_IN, imap_username="service@company.example"), oauth_provider)


def expire(mailbox: Mailbox, *, seconds: float = -1) -> None:
    Grant.objects.filter(mailbox=mailbox).update(expires_at=timezone.now() + timedelta(seconds=seconds))


def grant_of(mailbox: Mailbox) -> Grant:
    return Grant.objects.get(mailbox=mailbox)


def test_the_admin_is_sent_to_the_provider_with_all_that_it_wants(settings: Any) -> None:
    google = make_mailbox(**SIGN_IN, imap_username="service@gmail.example")
    address, _, query = oauth.begin(mailbox=google, redirect_uri=BACK).url.partition("?")
    asked = dict(parse_qsl(query))
    assert address == "https://accounts.google.com/o/oauth2/v2/auth"
    assert asked["scope"] == "https://mail.google.com/"
    assert (asked["access_type"], asked["prompt"], asked["response_type"]) == ("offline", "consent", "code")
    assert (asked["code_challenge_method"], asked["login_hint"], asked["redirect_uri"]) == ("S256", "service@gmail.example", BACK)
    microsoft = make_mailbox(**SIGN_IN | {"sign_in": "microsoft"}, oauth_tenant="company.example")
    address, _, query = oauth.begin(mailbox=microsoft, redirect_uri=BACK).url.partition("?")
    assert address == "https://login.microsoftonline.com/company.example/oauth2/v2.0/authorize"
    assert {"offline_access", "https://outlook.office.com/SMTP.Send"} < set(dict(parse_qsl(query))["scope"].split())
    assert SECRET not in address + query


def test_each_connection_has_a_state_and_a_verifier_of_its_own() -> None:
    mailbox = make_mailbox(**SIGN_IN)
    begun = [oauth.begin(mailbox=mailbox, redirect_uri=BACK) for _ in range(2)]
    assert len({one.state for one in begun} | {one.verifier for one in begun}) == 4
    assert all(43 <= len(one.verifier) <= 128 for one in begun)
    assert begun[0].verifier not in begun[0].url


def test_what_the_provider_gave_is_kept_encrypted(mailbox: Mailbox, oauth_provider: OAuthProvider) -> None:
    grant = grant_of(mailbox)
    assert oauth_provider.refresh_tokens[grant.refresh_token] == "service@company.example"
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_token, access_token, oauth_client_secret FROM inbox_grant, inbox_mailbox")
        stored = "".join(cursor.fetchone())
    assert not any(secret in stored for secret in (grant.refresh_token, grant.access_token, SECRET))


def test_a_code_works_only_with_the_verifier_that_it_was_asked_with(oauth_provider: OAuthProvider) -> None:
    mailbox = make_mailbox(**SIGN_IN)
    code = dict(parse_qsl(urlsplit(oauth_provider.visit(oauth.begin(mailbox=mailbox, redirect_uri=BACK).url)).query))["code"]
    with pytest.raises(Refused, match="press Connect"):
        oauth.finish(mailbox=mailbox, code=code, verifier="another", redirect_uri=BACK)
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    ("extra", "words"),
    [({"refresh_token": None}, "gave no lasting permission"), ({"scope": "openid"}, "did not get your yes to all of it")],
    ids=["for an hour only", "not for mail"],
)
def test_a_permission_that_does_not_suffice_is_refused(oauth_provider: OAuthProvider, extra: dict[str, Any], words: str) -> None:
    oauth_provider.extra = extra
    with pytest.raises(Refused, match=words):
        connect_mailbox(make_mailbox(**SIGN_IN), oauth_provider)
    assert not Grant.objects.exists()


def test_a_token_is_used_as_long_as_it_holds(mailbox: Mailbox, oauth_provider: OAuthProvider) -> None:
    assert oauth.access_token(mailbox) == oauth.access_token(mailbox)
    assert len(oauth_provider.requests) == 1
    expire(mailbox, seconds=tokens.MARGIN.total_seconds() - 1)
    assert oauth_provider.access_tokens[oauth.access_token(mailbox)] == "service@company.example"
    assert oauth_provider.requests[1]["grant_type"] == "refresh_token"
    assert (oauth_provider.requests[1]["client_id"], oauth_provider.requests[1]["client_secret"]) == (CLIENT, SECRET)
    assert grant_of(mailbox).lease_until is None


def test_a_new_refresh_token_takes_the_place_of_the_old_one(mailbox: Mailbox, oauth_provider: OAuthProvider) -> None:
    fresh = oauth_provider.grant("service@company.example")
    oauth_provider.extra = {"refresh_token": fresh}
    expire(mailbox)
    oauth.access_token(mailbox)
    assert grant_of(mailbox).refresh_token == fresh


def test_a_revoked_permission_is_a_persons_and_is_not_asked_for_again(mailbox: Mailbox, oauth_provider: OAuthProvider) -> None:
    oauth_provider.refresh_tokens.clear()
    expire(mailbox)
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"token: Google does not let us use this mailbox any more \(invalid_grant.*press Connect"):
            oauth.access_token(mailbox)
    assert len(oauth_provider.requests) == 2
    connect_mailbox(mailbox, oauth_provider)
    assert oauth.access_token(mailbox)


def test_an_expired_client_secret_is_named_and_a_new_one_is_tried_at_once(mailbox: Mailbox) -> None:
    mailbox.oauth_client_secret = "expired"
    mailboxes.save(mailbox=mailbox)
    expire(mailbox)
    with pytest.raises(Unavailable, match="does not take the client id and secret"):
        oauth.access_token(mailbox)
    mailbox.oauth_client_secret = SECRET
    mailboxes.save(mailbox=mailbox)
    assert oauth.access_token(mailbox)


@pytest.mark.parametrize("fault", ["503", "429", "temporarily_unavailable", "hang", "drop", "nonsense", "huge"])
def test_a_provider_that_fails_is_asked_again_later(
    mailbox: Mailbox, oauth_provider: OAuthProvider, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "DEADLINE", 1.0)
    oauth_provider.fault = fault
    expire(mailbox)
    with pytest.raises(Unavailable, match=r"^token: Google"):
        oauth.access_token(mailbox)
    assert (grant_of(mailbox).problem, grant_of(mailbox).lease_until) == ("", None)
    oauth_provider.fault = ""
    oauth_provider.released.set()
    assert oauth.access_token(mailbox)


def test_a_token_never_goes_to_another_server_than_it_was_given_for(mailbox: Mailbox) -> None:
    for name, value in (("imap_host", "mail.evil.example"), ("smtp_host", "mail.evil.example"), ("imap_username", "boss@company.example")):
        typed = Mailbox.objects.get(pk=mailbox.pk)
        setattr(typed, name, value)
        with pytest.raises(Unavailable, match="token: the account or a server changed since Google gave its permission"):
            oauth.access_token(typed)
        assert not oauth.is_connected(typed)
    assert oauth.is_connected(mailbox)


def test_an_end_that_is_known_is_announced_before(mailbox: Mailbox, oauth_provider: OAuthProvider) -> None:
    assert oauth.warning(mailbox) == ""
    assert not Mailbox.objects.filter(oauth.expiring()).exists()
    mailbox.oauth_secret_expires_on = timezone.localdate() + timedelta(days=13)
    mailbox.save()
    assert "The client secret expires on" in oauth.warning(mailbox)
    assert Mailbox.objects.filter(oauth.expiring()).exists()
    mailbox.oauth_secret_expires_on = timezone.localdate() - timedelta(days=1)
    assert "expired on" in oauth.warning(mailbox)
    mailbox.oauth_secret_expires_on = timezone.localdate() + timedelta(days=30)
    mailbox.save()
    assert not Mailbox.objects.filter(oauth.expiring()).exists()
    oauth_provider.extra = {"refresh_token_expires_in": 7 * 86_400}
    connect_mailbox(mailbox, oauth_provider)
    again = Mailbox.objects.get()
    assert "The permission from Google expires on" in oauth.warning(again)
    assert Mailbox.objects.filter(oauth.expiring()).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_that_need_a_token_one_asks_for_it(mailbox: Mailbox, oauth_provider: OAuthProvider) -> None:
    expire(mailbox)
    oauth_provider.pause = 1.0
    found: list[str] = []

    def ask() -> None:
        found.append(oauth.access_token(mailbox))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 6
    assert len(set(found)) == 1
    assert len([asked for asked in oauth_provider.requests if asked["grant_type"] == "refresh_token"]) == 1


def test_who_asked_and_died_is_waited_for_only_so_long(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "PATIENCE", 0.3)
    expire(mailbox)
    Grant.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    with pytest.raises(Unavailable, match="for too long"):
        oauth.access_token(mailbox)
    Grant.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert oauth.access_token(mailbox)


def test_while_somebody_asks_the_old_token_is_used_to_its_end(mailbox: Mailbox) -> None:
    expire(mailbox, seconds=60)
    Grant.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    started = time.monotonic()
    assert oauth.access_token(mailbox) == grant_of(mailbox).access_token
    assert time.monotonic() - started < 5


def test_mail_is_fetched_and_sent_with_tokens(dovecot_account: ImapAccount, smtp_server: SmtpServer, oauth_provider: OAuthProvider) -> None:
    mailbox = make_mailbox(imap=dovecot_account, smtp=smtp_server, **SIGN_IN)
    connect_mailbox(mailbox, oauth_provider)
    smtp_server.access_tokens = oauth_provider.access_tokens
    dovecot_account.deliver(make_mail())
    assert ingest.fetch_mailbox(mailbox=mailbox) == 1
    queue_reply(receive(mailbox))
    for pk in outbox.release_due():
        outbox.send(mail_id=pk)
    assert OutgoingMail.objects.get().state == OutgoingMail.State.SENT


def test_a_token_that_the_mail_servers_refuse_is_replaced(
    dovecot_account: ImapAccount, smtp_server: SmtpServer, oauth_provider: OAuthProvider
) -> None:
    mailbox = connect_mailbox(make_mailbox(imap=dovecot_account, smtp=smtp_server, **SIGN_IN), oauth_provider)
    smtp_server.access_tokens = oauth_provider.access_tokens
    oauth_provider.access_tokens.clear()
    ingest.fetch_mailbox(mailbox=mailbox)
    mailbox.refresh_from_db()
    assert mailbox.fetch_error.startswith("login: 127.0.0.1 refused the token")
    ingest.fetch_mailbox(mailbox=mailbox)
    mailbox.refresh_from_db()
    assert mailbox.fetch_error == ""
    oauth_provider.access_tokens.clear()
    tried = connection_tests.try_outgoing(mailbox)
    assert [step.name for step in tried.steps if step.passed is False] == ["login"]
    assert connection_tests.try_outgoing(mailbox).passed


def test_the_connection_test_covers_the_token_and_names_it(
    dovecot_account: ImapAccount, smtp_server: SmtpServer, oauth_provider: OAuthProvider
) -> None:
    mailbox = make_mailbox(imap=dovecot_account, smtp=smtp_server, **SIGN_IN)
    smtp_server.access_tokens = oauth_provider.access_tokens
    for tried in (connection_tests.try_incoming(mailbox), connection_tests.try_outgoing(mailbox)):
        assert [(step.name, step.reason) for step in tried.steps if step.passed is False] == [
            ("token", "the mailbox is not connected with Google yet: save it, then press Connect on its page.")
        ]
    connect_mailbox(mailbox, oauth_provider)
    assert connection_tests.try_incoming(mailbox).passed
    assert connection_tests.try_outgoing(mailbox).passed
    assert "token" in [step.name for step in connection_tests.try_incoming(mailbox).steps]
