"""Single sign-on with an OpenID Connect provider on this machine."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Mailbox
from review import decisions, people
from review.models import Invitation, LogEntry
from tests.inbox.factories import make_mailbox
from tests.review.authentication.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, running
from tests.review.authentication.signing_in import add_app, code, is_in
from tests.review.factories import handed_over_draft, make_person

pytestmark = pytest.mark.django_db
START = "/sign-in/with/oidc/"


@pytest.fixture
def provider(settings: Any) -> Iterator[IdentityProvider]:
    with running() as provider:
        settings.OIDC_ISSUER = provider.issuer
        app: dict[str, Any] = {"provider_id": "oidc", "name": "Desk ID", "client_id": CLIENT_ID, "secret": CLIENT_SECRET}
        app["settings"] = {"server_url": provider.issuer, "oauth_pkce_enabled": True}
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"provider_class": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["provider_class"], "APPS": [app]}
        }
        yield provider


@pytest.fixture
def ana() -> User:
    return make_person("reviewer", "ana", email="Ana@Desk.example")


def go(provider: IdentityProvider, client: Client, start: str = START) -> Any:
    """Sign in at the provider, and come back."""
    return client.get(provider.authorize(client.get(start)["Location"]))


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_sign_in_page_leads_to_the_provider(provider: IdentityProvider) -> None:
    client = Client()
    page = said(client.get("/sign-in/?next=/outgoing/"))
    assert "Sign in with Desk ID" in page
    assert 'href="/sign-in/with/oidc/?next=%2Foutgoing%2F"' in page
    there = client.get(START)["Location"]
    asked = parse_qs(urlsplit(there).query)
    assert there.startswith(f"{provider.issuer}/authorize?")
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) == 64
    assert asked["redirect_uri"] == ["http://testserver/sign-in/with/oidc/back/"]


def test_without_a_provider_nothing_of_it_is_shown_or_open() -> None:
    assert "/sign-in/with/" not in said(Client().get("/sign-in/"))
    assert Client().get(START).status_code == 404
    assert Client().get(f"{START}back/").status_code == 404


def test_a_person_who_is_here_is_known_by_the_verified_address(provider: IdentityProvider, ana: User) -> None:
    client = Client()
    assert go(provider, client, f"{START}?next=/outgoing/")["Location"] == "/outgoing/"
    assert is_in(client)
    assert SocialAccount.objects.get().user == ana
    assert LogEntry.objects.get(act="person.signed_in").words == "With single sign-on."


def test_later_the_provider_s_own_number_counts_even_if_the_address_changes(provider: IdentityProvider, ana: User) -> None:
    go(provider, Client())
    provider.claims["email"] = "ana.new@desk.example"
    client = Client()
    go(provider, client)
    assert is_in(client)


def test_little_of_what_the_provider_tells_is_kept(provider: IdentityProvider, ana: User) -> None:
    provider.claims |= {"groups": ["a"], "phone_number": "+49 30 1", "birthdate": "1990-01-01"}
    go(provider, Client())
    assert SocialAccount.objects.get().extra_data == {"email": "ana@desk.example"}
    assert not SocialToken.objects.exists()


def test_a_password_that_somebody_has_keeps_working(provider: IdentityProvider, ana: User) -> None:
    go(provider, Client())
    ana.refresh_from_db()
    assert ana.has_usable_password()


@pytest.mark.parametrize("verified", [False, None, "no"])
def test_an_address_that_is_not_verified_lets_nobody_in(verified: object, provider: IdentityProvider, ana: User, settings: Any) -> None:
    provider.claims["email_verified"] = verified
    client = Client()
    answer = go(provider, client)
    assert answer.status_code == 403
    assert "has not verified your email address" in said(answer)
    assert not is_in(client)
    settings.OIDC_EMAILS_ARE_VERIFIED = True
    go(provider, client)
    assert is_in(client)


def test_without_an_address_nobody_new_comes_in(provider: IdentityProvider, ana: User) -> None:
    del provider.claims["email"]
    assert "did not tell your email address" in said(go(provider, Client()))


def test_an_address_of_two_people_is_nobodys(provider: IdentityProvider, ana: User) -> None:
    make_person(email="ana@desk.example")
    assert "More than one person" in said(go(provider, Client()))


def test_who_is_unknown_is_refused_and_recorded(provider: IdentityProvider) -> None:
    client = Client()
    answer = go(provider, client)
    assert answer.status_code == 403
    assert "Nobody has invited ana@desk.example" in said(answer)
    assert not is_in(client)
    assert not User.objects.exists()
    assert "ana@desk.example" in LogEntry.objects.get(act="person.sign_in_failed").words


def test_who_was_invited_comes_in_with_what_the_invitation_gives(provider: IdentityProvider) -> None:
    mailbox = make_mailbox()
    invitation = Invitation.objects.create(
        email="Ana@desk.example", roles=["reviewer"], is_limited=True, secret_sha256="x", expires_at=timezone.now() + timedelta(days=1)
    )
    invitation.mailboxes.add(mailbox)
    client = Client()
    go(provider, client)
    assert is_in(client)
    user = User.objects.get()
    assert (user.email, user.get_full_name(), user.has_usable_password()) == ("ana@desk.example", "Ana Sol", False)
    assert people.standing(user).groups == {"reviewer"}
    assert people.standing(user).mailbox_ids == frozenset({mailbox.pk})
    assert Mailbox.objects.get() == mailbox
    invitation.refresh_from_db()
    assert invitation.accepted_by == user
    assert LogEntry.objects.filter(act="person.joined").exists()


@pytest.mark.parametrize("about", [{"withdrawn_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(days=1)}])
def test_an_invitation_that_is_over_lets_nobody_in(about: dict[str, Any], provider: IdentityProvider) -> None:
    values = {"email": "ana@desk.example", "roles": ["admin"], "secret_sha256": "x", "expires_at": timezone.now() + timedelta(days=1)}
    Invitation.objects.create(**values | about)
    assert go(provider, Client()).status_code == 403


def test_where_the_settings_say_so_anybody_comes_in_without_a_role(provider: IdentityProvider, settings: Any) -> None:
    settings.OIDC_ADMIT_UNKNOWN = True
    make_person("", "ana")
    client = Client()
    go(provider, client)
    user = User.objects.exclude(username="ana").get()
    assert user.username.startswith("ana")
    assert "you have no role here yet" in said(client.get("/"))


def test_somebody_who_is_switched_off_stays_out(provider: IdentityProvider, ana: User) -> None:
    User.objects.update(is_active=False)
    client = Client()
    assert "switched off" in said(client.get(go(provider, client)["Location"]))
    assert not is_in(client)


@pytest.mark.parametrize(("groups", "roles"), [(["support", "other"], {"reviewer"}), ("leads", {"admin"}), ([], set()), (None, set())])
def test_roles_follow_the_groups_at_the_provider(
    groups: object, roles: set[str], provider: IdentityProvider, ana: User, settings: Any
) -> None:
    settings.OIDC_ROLES = {"support": "reviewer", "leads": "admin"}
    make_person("admin")
    ana.groups.create(name="of our own")
    if groups is not None:
        provider.claims["groups"] = groups
    go(provider, Client())
    ana.refresh_from_db()
    assert set(ana.groups.values_list("name", flat=True)) == roles | {"of our own"}
    assert ana.is_staff == ("admin" in roles)
    assert LogEntry.objects.filter(act="person.roles_changed").exists() == (roles != {"reviewer"})


def test_who_is_no_reviewer_any_more_lets_go_of_what_they_took_over(provider: IdentityProvider, ana: User, settings: Any) -> None:
    settings.OIDC_ROLES = {"support": "reviewer"}
    draft = handed_over_draft()
    decisions.take_over(draft=draft, by=ana)
    provider.claims["groups"] = []
    go(provider, Client())
    draft.refresh_from_db()
    assert draft.state == Draft.State.HANDED_OVER
    assert not decisions.reply_missing().exists()


def test_the_last_admin_stays_one_whatever_the_provider_says(provider: IdentityProvider, settings: Any) -> None:
    settings.OIDC_ROLES = {"leads": "admin"}
    dana = make_person("admin", "dana", email="ana@desk.example")
    go(provider, Client())
    assert dana.groups.filter(name="admin").exists()


def test_without_a_mapping_roles_stay_as_they_are(provider: IdentityProvider, ana: User) -> None:
    provider.claims["groups"] = ["leads"]
    go(provider, Client())
    assert people.standing(ana).groups == {"reviewer"}


def test_a_second_factor_that_somebody_has_here_is_asked_for(provider: IdentityProvider, ana: User) -> None:
    add_app(ana)
    client = Client()
    assert go(provider, client)["Location"] == "/sign-in/code/"
    assert not is_in(client)
    client.post("/sign-in/code/", {"code": code()})
    assert is_in(client)


def test_who_has_no_password_can_set_one(provider: IdentityProvider, settings: Any) -> None:
    settings.OIDC_ADMIT_UNKNOWN = True
    client = Client()
    go(provider, client)
    assert "you come by single sign-on" in said(client.get("/settings/security/"))
    assert client.get("/settings/password/")["Location"] == "/settings/password/first/"
    assert client.post("/settings/password/first/", {"password1": "a new password", "password2": "a new password"}).status_code == 302
    assert User.objects.get().has_usable_password()


@pytest.mark.parametrize(
    "wrong",
    [
        {"signs_with": "other_key"},
        {"algorithm": "none"},
        {"algorithm": "HS256"},
        {"algorithm": "RS512"},
        {"key_id": "key-2"},
        {"has_keys": False},
        {"token_claims": {"nonce": "another"}},
        {"token_claims": {"nonce": None}},
        {"token_claims": {"iss": "https://evil.example"}},
        {"token_claims": {"aud": "another client"}},
        {"token_claims": {"aud": [CLIENT_ID, "another client"], "azp": "another client"}},
        {"token_claims": {"exp": 1_700_000_000}},
        {"token_claims": {"sub": None}},
        {"info_claims": {"sub": "43"}},
        {"config": {"issuer": "https://evil.example"}},
        {"config": {"jwks_uri": None}},
        {"is_broken": True},
    ],
    ids=str,
)
def test_a_provider_that_answers_wrongly_lets_nobody_in(wrong: dict[str, Any], provider: IdentityProvider, ana: User) -> None:
    client = Client()
    there = provider.authorize(client.get(START)["Location"])
    for name, value in wrong.items():
        setattr(provider, name, provider.other_key if value == "other_key" else value)
    answer = client.get(there)
    assert answer.status_code == 401
    assert "Desk ID did not answer as it should" in said(answer)
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_a_provider_that_is_away_is_said_to_be(provider: IdentityProvider) -> None:
    provider.is_broken = True
    answer = Client().get(START)
    assert answer.status_code == 401
    assert "did not answer as it should" in said(answer)


def test_a_way_back_that_nobody_asked_for_leads_nowhere(provider: IdentityProvider, ana: User) -> None:
    there = provider.authorize(Client().get(START)["Location"])
    thief = Client()
    assert thief.get(there).status_code == 401
    assert thief.get(f"{START}back/?code=code-1").status_code == 401
    assert not is_in(thief)


def test_the_way_back_works_once(provider: IdentityProvider, ana: User) -> None:
    client = Client()
    there = provider.authorize(client.get(START)["Location"])
    client.get(there)
    client.post("/sign-out/")
    assert client.get(there).status_code == 401
    assert not is_in(client)


def test_who_gives_up_at_the_provider_comes_back_to_the_sign_in_page(provider: IdentityProvider) -> None:
    client = Client()
    asked = parse_qs(urlsplit(client.get(START)["Location"]).query)
    page = client.get(f"{START}back/", {"error": "access_denied", "state": asked["state"][0]}, follow=True)
    assert "You came back without signing in" in said(page)


@pytest.mark.parametrize("extra", ["process=connect", "process=redirect&next=/outgoing/", "scope=admin", "auth_params=prompt%3Dnone"])
def test_a_link_cannot_ask_the_provider_for_more(extra: str, provider: IdentityProvider, ana: User) -> None:
    client = Client()
    asked = parse_qs(urlsplit(client.get(f"{START}?{extra}")["Location"]).query)
    assert sorted(asked["scope"][0].split()) == ["email", "openid", "profile"]
    assert "prompt" not in asked
    go(provider, client, f"{START}?{extra}")
    assert is_in(client)


def test_nobody_is_led_elsewhere_after_single_sign_on(provider: IdentityProvider, ana: User) -> None:
    assert go(provider, Client(), f"{START}?next=https://evil.example/")["Location"] == "/"
