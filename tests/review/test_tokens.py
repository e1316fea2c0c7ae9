"""Tokens: what opens, what does not, and what is kept of them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from review import access, tokens
from review.models import ApiToken, LogEntry, Profile
from tests.drafting.factories import make_mailbox
from tests.review.factories import make_person, ready_draft

pytestmark = pytest.mark.django_db
READ = [ApiToken.Scope.READ_CONVERSATIONS]


@pytest.fixture
def dana() -> User:
    return make_person("admin", "dana")


def test_only_a_hash_of_the_secret_is_kept(dana: User) -> None:
    issued = tokens.issue(name="Shop", scopes=READ, by=dana)
    assert issued.secret.startswith("cs_")
    kept = ApiToken.objects.values().get()
    assert issued.secret not in str(kept)
    assert issued.secret.startswith(str(kept["start"]))
    assert tokens.verify(secret=issued.secret) == issued.token


@pytest.mark.parametrize("secret", ["", "cs_", "cs_wrong", "\udcff", "x" * 10_000])
def test_another_secret_opens_nothing(dana: User, secret: str) -> None:
    tokens.issue(name="Shop", scopes=READ, by=dana)
    with pytest.raises(tokens.NotAccepted, match="not known"):
        tokens.verify(secret=secret)


def test_a_revoked_token_opens_nothing(dana: User) -> None:
    issued = tokens.issue(name="Shop", scopes=READ, by=dana)
    assert tokens.revoke(token=issued.token, by=dana)
    assert not tokens.revoke(token=issued.token, by=dana)
    with pytest.raises(tokens.NotAccepted, match="was revoked"):
        tokens.verify(secret=issued.secret)


def test_an_expired_token_opens_nothing(dana: User) -> None:
    issued = tokens.issue(name="Shop", scopes=READ, by=dana, expires_at=timezone.now() + timedelta(days=1))
    tokens.verify(secret=issued.secret)
    with time_machine.travel(timezone.now() + timedelta(days=2)), pytest.raises(tokens.NotAccepted, match="expired on"):
        tokens.verify(secret=issued.secret)


@pytest.mark.parametrize("change", ["inactive", "demoted"])
def test_a_token_falls_with_the_admin_who_made_it(dana: User, change: str) -> None:
    issued = tokens.issue(name="Shop", scopes=READ, by=dana)
    if change == "inactive":
        User.objects.update(is_active=False)
    else:
        dana.groups.clear()
    with pytest.raises(tokens.NotAccepted, match="no longer an admin"):
        tokens.verify(secret=issued.secret)


def test_making_and_revoking_are_in_the_audit_log(dana: User) -> None:
    issued = tokens.issue(name="Shop", scopes=READ, by=dana, mailboxes=[make_mailbox(name="Info")])
    tokens.revoke(token=issued.token, by=dana)
    made, revoked = LogEntry.objects.order_by("pk")
    assert (made.act, made.about, made.by, made.detail["mailboxes"]) == ("token.made", "Shop", dana, ["Info"])
    assert revoked.act == "token.revoked"
    assert issued.secret not in str(LogEntry.objects.values())


def test_use_is_noted_once_a_minute(dana: User, django_assert_num_queries: object) -> None:
    secret = tokens.issue(name="Shop", scopes=READ, by=dana).secret
    with time_machine.travel(datetime(2026, 11, 22, 10, 0, 20, tzinfo=ZoneInfo("UTC")), tick=False) as clock:
        tokens.note_use(token=tokens.verify(secret=secret))
        token = tokens.verify(secret=secret)
        assert token.used_at == datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("UTC"))
        with django_assert_num_queries(0):  # type: ignore[operator]
            tokens.note_use(token=token)
        clock.shift(60)
        with django_assert_num_queries(1):  # type: ignore[operator]
            tokens.note_use(token=token)


def test_a_token_sees_its_mailboxes_and_no_other(dana: User) -> None:
    mine, other = ready_draft(), ready_draft()
    token = tokens.issue(name="Shop", scopes=READ, by=dana, mailboxes=[mine.conversation.mailbox]).token
    assert list(access.conversations(token)) == [mine.conversation]
    assert list(access.drafts(token)) == [mine]
    unlimited = tokens.issue(name="All", scopes=READ, by=dana).token
    assert set(access.drafts(unlimited)) == {mine, other}


def test_a_token_never_sees_more_than_its_maker(dana: User) -> None:
    mine, other = ready_draft(), ready_draft()
    profile = Profile.objects.create(user=dana, is_limited=True)
    profile.mailboxes.add(mine.conversation.mailbox)
    for mailboxes in (None, [mine.conversation.mailbox, other.conversation.mailbox]):
        token = tokens.issue(name="Shop", scopes=READ, by=User.objects.get(pk=dana.pk), mailboxes=mailboxes).token
        assert list(access.drafts(ApiToken.objects.get(pk=token.pk))) == [mine]
