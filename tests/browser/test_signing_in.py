"""Signing in with a passkey, in a real browser with an authenticator that Chromium simulates."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk, Desks
from tests.review.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Phone:
    """The authenticator of a page."""

    def __init__(self, page: Page) -> None:
        self.session: Any = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]

    def kept(self) -> list[Any]:
        """The passkeys that it keeps."""
        return list(self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"])

    def refuse(self) -> None:
        """From now on its owner is not recognised."""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})


@pytest.fixture
def ana_at(desks: Desks, ana: User) -> Page:
    """Ana's browser, at the page of what she signs in with."""
    page = desks.sign_in(ana)
    page.goto(f"{desks.address}/settings/security/")
    return page


def add_passkey(page: Page, name: str = "My phone") -> Phone:
    phone = Phone(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return phone


def sign_out(page: Page) -> None:
    page.get_by_label("Account of Ana Sol").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_is_made_and_signs_in_alone(ana_at: Page, ana: User) -> None:
    phone = add_passkey(ana_at)
    assert [key["rpId"] for key in phone.kept()] == ["localhost"]
    assert Authenticator.objects.filter(user=ana, type="webauthn").count() == 1
    sign_out(ana_at)
    ana_at.get_by_role("button", name="Sign in with a passkey").click()
    expect(ana_at.get_by_label("Account of Ana Sol")).to_be_visible()


def test_a_passkey_is_the_second_factor_after_a_password(ana_at: Page) -> None:
    add_passkey(ana_at)
    sign_out(ana_at)
    ana_at.fill("#id_username", "ana")
    ana_at.fill("#id_password", PASSWORD)
    ana_at.click("button.button-primary")
    expect(ana_at.get_by_role("heading", name="One more step")).to_be_visible()
    ana_at.get_by_role("button", name="Use a passkey").click()
    expect(ana_at.get_by_label("Account of Ana Sol")).to_be_visible()


def test_one_comes_to_the_page_one_wanted(ana_at: Page, desks: Desks) -> None:
    add_passkey(ana_at)
    sign_out(ana_at)
    ana_at.goto(f"{desks.address}/outgoing/")
    ana_at.get_by_role("button", name="Sign in with a passkey").click()
    expect(ana_at).to_have_url(f"{desks.address}/outgoing/")


def test_whom_the_device_does_not_recognise_it_does_not_sign_in(ana_at: Page) -> None:
    phone = add_passkey(ana_at)
    sign_out(ana_at)
    phone.refuse()
    ana_at.get_by_role("button", name="Sign in with a passkey").click()
    expect(ana_at.get_by_text("That was cancelled, or took too long")).to_be_visible()
    expect(ana_at.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_a_passkey_that_was_removed_no_longer_signs_in(ana_at: Page) -> None:
    add_passkey(ana_at)
    ana_at.get_by_role("link", name="Done").click()
    ana_at.get_by_role("link", name="Rename My phone").click()
    ana_at.get_by_label("Name").fill("Old phone")
    ana_at.get_by_role("button", name="Save").click()
    ana_at.get_by_role("link", name="Remove Old phone").click()
    ana_at.get_by_role("button", name="Remove").click()
    expect(ana_at.get_by_text("The passkey was removed.")).to_be_visible()
    sign_out(ana_at)
    ana_at.get_by_role("button", name="Sign in with a passkey").click()
    expect(ana_at.get_by_text("That passkey is not known here")).to_be_visible()


def test_a_passkey_proves_once_more_who_is_there(ana_at: Page, desks: Desks) -> None:
    add_passkey(ana_at)
    ana_at.goto(f"{desks.address}/settings/confirm/passkey/?next=/settings/security/")
    ana_at.get_by_role("button", name="Use a passkey").click()
    expect(ana_at).to_have_url(f"{desks.address}/settings/security/")


def test_the_same_device_is_not_taken_twice(ana_at: Page, desks: Desks) -> None:
    add_passkey(ana_at)
    ana_at.goto(f"{desks.address}/settings/security/passkeys/add/")
    ana_at.get_by_role("button", name="Add passkey").click()
    expect(ana_at.get_by_text("This device already keeps a passkey for you.")).to_be_visible()


def test_at_an_address_that_is_a_number_no_passkey_is_offered(desks: Desks, ana: User) -> None:
    desk = Desk(desks.browser, desks.address.replace("localhost", "127.0.0.1"))
    desks.all.append(desk)
    page = desk.sign_in(ana)
    page.goto(f"{desk.address}/settings/security/passkeys/add/")
    expect(page.get_by_text("This browser cannot make passkeys here")).to_be_visible()
    expect(page.get_by_role("button", name="Add passkey")).to_be_hidden()
