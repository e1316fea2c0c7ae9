"""People who use the desk in tests."""

import time

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client

from review.authentication import sessions
from tests.review.factories import make_person


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """What pages remember for some seconds is of this test."""
    caches["process"].clear()


@pytest.fixture(autouse=True)
def clocks_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is signed in by a test has the clocks of a session that began at the sign-in page, so that no page has to start them."""
    force_login = Client.force_login

    def signed_in(client: Client, user: User, backend: str | None = None) -> None:
        force_login(client, user, backend)
        session = client.session
        session[sessions.ACTIVE_AT] = time.time()
        session.save()

    monkeypatch.setattr(Client, "force_login", signed_in)


@pytest.fixture
def ana(db: None) -> User:
    """A reviewer."""
    return make_person("reviewer", "ana", first_name="Ana", last_name="Sol")


@pytest.fixture
def ben(db: None) -> User:
    """Another reviewer."""
    return make_person("reviewer", "ben", first_name="Ben", last_name="Orr")


@pytest.fixture
def desk(ana: User) -> Client:
    """Ana's browser, without scripts."""
    client = Client()
    client.force_login(ana)
    return client
