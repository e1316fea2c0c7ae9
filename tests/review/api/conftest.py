"""Programs that use the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client

from inbox.models import Mailbox
from review import tokens
from review.models import ApiToken
from tests.review.factories import make_person

ALL = [scope.value for scope in ApiToken.Scope]


@pytest.fixture(autouse=True)
def no_requests_counted() -> None:
    """What other tests asked for does not count."""
    caches["process"].clear()


@pytest.fixture
def dana(db: None) -> User:
    """An admin."""
    return make_person("admin", "dana", first_name="Dana", last_name="Ray")


def client_of(secret: str) -> Client:
    """A program that brings this secret. A fault on our side is an answer, as for programs elsewhere."""
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


@pytest.fixture
def program(dana: User) -> Callable[..., Client]:
    """Makes a program with a token of these scopes (all), in these mailboxes (all)."""

    def make(*scopes: str, mailboxes: list[Mailbox] | None = None, **about: Any) -> Client:
        return client_of(tokens.issue(name="Shop", scopes=scopes or ALL, by=dana, mailboxes=mailboxes, **about).secret)

    return make


@pytest.fixture
def api(program: Callable[..., Client]) -> Client:
    """A program that may do all."""
    return program()
