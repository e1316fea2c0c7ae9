"""What the tests of signing in do again and again."""

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.test import Client

from review.authentication.second_factor import SecondFactorAdapter
from tests.review.factories import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(client: Client, name: str = "ana", password: str = PASSWORD, **about: Any) -> Any:
    """Send the form of the sign-in page."""
    return client.post("/sign-in/", {"username": name, "password": password}, **about)


def is_in(client: Client) -> bool:
    """Whether `client` is signed in."""
    return client.get("/settings/").status_code == 200


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """The code that an authenticator app shows now, or so many steps of 30 s later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def wrong_code(secret: str = SECRET) -> str:
    """A code that is not right now, nor was, nor will be in a moment."""
    right = {code(secret, steps=steps) for steps in (-1, 0, 1)}
    return next(each for each in (f"{number:06}" for number in range(4)) if each not in right)


def add_app(user: User) -> None:
    """Give `user` an authenticator app with SECRET, and recovery codes."""
    Authenticator.objects.create(user=user, type="totp", data={"secret": SecondFactorAdapter().encrypt(SECRET)})
    RecoveryCodes.activate(user)


def recovery_codes(user: User) -> list[str]:
    """The recovery codes of `user` that are still unused."""
    wrapped = Authenticator.objects.get(user=user, type="recovery_codes").wrap()
    return list(wrapped.get_unused_codes())


def has_app(user: User) -> bool:
    """Whether `user` has an authenticator app."""
    return bool(Authenticator.objects.filter(user=user, type="totp").exists())


def secret_on(page: str) -> str:
    """The key that the set-up page of an authenticator app shows."""
    found = re.search(r'<code class="fingerprint">([A-Z2-7]+)</code>', page)
    assert found
    return found[1]
