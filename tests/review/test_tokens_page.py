"""The pages about tokens."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from review import tokens
from review.models import ApiToken, Profile
from tests.drafting.factories import make_mailbox
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db
ADD = "/connectors/tokens/add/"


@pytest.fixture
def dana(db: None) -> User:
    return make_person("admin", "dana")


@pytest.fixture
def desk(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def told(**about: object) -> dict[str, object]:
    return {"name": "Shop", "scopes": ["drafts:read"], "scope": "all", "days": "30"} | about


def test_the_secret_is_shown_once_and_opens(desk: Client) -> None:
    answer = desk.post(ADD, told())
    token = ApiToken.objects.get()
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert tokens.verify(secret=secret) == token
    assert token.expires_at
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)
    page = desk.get("/connectors/tokens/").content.decode()
    assert token.start in page
    assert secret not in page


def test_a_token_may_be_for_some_mailboxes_and_without_end(desk: Client) -> None:
    mailbox = make_mailbox(name="Info")
    desk.post(ADD, told(scope="some", mailboxes=[mailbox.pk], days="0", scopes=["drafts:read", "messages:create"]))
    token = ApiToken.objects.get()
    assert (token.is_limited, list(token.mailboxes.all()), token.expires_at) == (True, [mailbox], None)
    assert "Info" in desk.get("/connectors/tokens/").content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "This is missing. Fill it in."),
        ({"scopes": []}, "Tick at least one."),
        ({"scopes": ["everything"]}, "“everything” cannot be chosen here."),
        ({"scope": "some"}, "Tick at least one mailbox"),
        ({"days": "9999"}, "“9999” cannot be chosen here."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk: Client, change: dict[str, object], words: str) -> None:
    answer = desk.post(ADD, told(**change))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_an_admin_gives_away_no_mailbox_that_they_may_not_see(desk: Client, dana: User) -> None:
    mine, other = make_mailbox(name="Mine"), make_mailbox(name="Other")
    Profile.objects.create(user=dana, is_limited=True).mailboxes.add(mine)
    page = desk.get("/connectors/tokens/new/").content.decode()
    assert "Mine" in page
    assert "Other" not in page
    assert desk.post(ADD, told(scope="some", mailboxes=[other.pk])).status_code == 422


def test_a_revoked_token_stays_in_the_list_and_says_so(desk: Client, dana: User) -> None:
    issued = tokens.issue(name="Shop", scopes=["drafts:read"], by=dana)
    page = desk.post(f"/connectors/tokens/{issued.token.pk}/revoke/", follow=True).content.decode()
    assert "This token was revoked on" in page
    with pytest.raises(tokens.NotAccepted):
        tokens.verify(secret=issued.secret)


def test_the_list_takes_few_queries(desk: Client, dana: User, django_assert_max_num_queries: object) -> None:
    for _ in range(12):
        tokens.issue(name="Shop", scopes=["drafts:read"], by=make_person("admin"), mailboxes=[make_mailbox()])
    desk.get("/connectors/tokens/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = desk.get("/connectors/tokens/")
    assert len(page.content) < 60_000


def test_an_empty_list_says_what_to_do(desk: Client) -> None:
    assert "Make one for each program" in desk.get("/connectors/tokens/").content.decode()
