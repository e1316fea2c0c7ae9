"""The API's description as a page."""

import pytest
from django.test import Client

from review.api.description import document
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client) -> str:
    client.force_login(make_person("manager"))
    answer = client.get("/api/")
    assert len(answer.content) < 60_000
    return answer.content.decode()


def test_it_has_every_operation_and_every_shape(page: str) -> None:
    about = document()
    for path, methods in about["paths"].items():
        assert path in page
        for one in methods.values():
            assert f'id="{one["operationId"]}"' in page
    for name in about["components"]["schemas"]:
        assert name.startswith("Page_") or f'id="{name}"' in page


def test_it_says_what_is_needed_and_what_comes_back(page: str) -> None:
    for words in ("conversations:read", "part of a list of", "Idempotency-Key", "message/rfc822", "open | waiting | snoozed | closed"):
        assert words in page


def test_every_link_leads_somewhere_on_it(page: str) -> None:
    import re

    assert set(re.findall(r'href="#([\w-]+)"', page)) <= set(re.findall(r'id="([\w-]+)"', page))


def test_it_loads_nothing_from_elsewhere(page: str) -> None:
    assert "//cdn" not in page
    assert "<script>" not in page
