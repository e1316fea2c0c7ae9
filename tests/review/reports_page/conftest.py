"""A manager before the report, on a day in spring."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from tests.review.factories import make_person


@pytest.fixture
def in_march() -> Iterator[None]:
    """It is noon on Saturday, 14 March 2026; the last thirty days begin on 13 February."""
    with time_machine.travel("2026-03-14T12:00:00Z", tick=False):
        yield


@pytest.fixture
def mia(db: None) -> User:
    """A manager."""
    return make_person("manager", "mia", first_name="Mia", last_name="Falk")


@pytest.fixture
def browser(mia: User) -> Client:
    """The manager's browser."""
    client = Client()
    client.force_login(mia)
    return client
