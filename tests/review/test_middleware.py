"""What every answer carries."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from review.middleware import PERSON_COOKIE

pytestmark = pytest.mark.django_db


def test_a_page_tells_who_is_signed_in_and_again_only_when_it_is_somebody_else(ana: User, ben: User) -> None:
    client = Client()
    assert PERSON_COOKIE not in client.get("/sign-in/").cookies
    for person in (ana, ben):
        client.force_login(person)
        answer = client.get("/queue/")
        assert answer.cookies[PERSON_COOKIE].value == str(person.pk)
        assert f'data-person="{person.pk}"' in answer.content.decode()
        assert PERSON_COOKIE not in client.get("/queue/").cookies
